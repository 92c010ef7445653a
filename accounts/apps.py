from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def set_up_groups(sender: AppConfig, **_kwargs: Any) -> None:
    """Every staff role exists as a group and may open the back office; what it may do there its packages say."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    from accounts.models import Role

    enter = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin").first()
    for role in Role.values:
        group, _created = Group.objects.get_or_create(name=role)
        if enter:
            group.permissions.add(enter)
    # Accounts are closed, not deleted: administrators hold no right to delete.
    create_permissions(sender, verbosity=0)
    people = Permission.objects.filter(
        content_type__app_label="accounts", codename__in=["add_user", "change_user", "view_user"]
    )
    Group.objects.get(name=Role.ADMINISTRATOR).permissions.add(*people)


def wait_for_a_whole_hall() -> None:
    """allauth counts sign-ins of one address under a lock and turns away who waits a second for it. Fifty candidates
    behind one address who sign in at the bell need longer: better a slow door than a shut one."""
    from allauth.core.internal import ratelimit

    ratelimit.CACHE_LOCK_WAIT_TIMEOUT = 8


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from accounts import receivers  # noqa: F401 (connects them)

        wait_for_a_whole_hall()
        post_migrate.connect(set_up_groups, sender=self, dispatch_uid="set_up_groups")
