from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        from certificates import integrity, receivers  # noqa: F401 (they register themselves)
        from certificates.policies import register_policies

        register_policies()
