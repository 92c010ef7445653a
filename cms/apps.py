from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Public pages"

    def ready(self) -> None:
        from cms.translating import keep_the_review

        keep_the_review()
