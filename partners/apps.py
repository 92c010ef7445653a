from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        from accounts.second_factor import require_for
        from partners import integrity  # noqa: F401 (it registers itself)
        from partners.policies import register_policies
        from partners.rules import manages_any_partner

        register_policies()
        require_for(manages_any_partner)
