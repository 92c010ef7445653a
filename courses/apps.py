import mimetypes

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from courses import receivers  # noqa: F401

        # Browsers take captions only under this type, and not every system's table knows it.
        mimetypes.add_type("text/vtt", ".vtt")
