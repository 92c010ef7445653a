"""Who may keep partners and agreements in the back office: administrators; auditors look on. By role, so that no
Django permission and no superuser flag opens another door."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from accounts.models import Role, User
from partners.models import Agreement, Partner

ALLOWED = {
    "add": {Role.ADMINISTRATOR},
    "change": {Role.ADMINISTRATOR},
    "view": {Role.ADMINISTRATOR, Role.AUDITOR},
}


class RolePolicy(BasePermissionPolicy):  # type: ignore[misc]
    """Nothing is ever deleted: a partner is closed, an agreement runs out."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        roles = ALLOWED.get(action, set())
        return user.is_authenticated and user.has_role(*roles)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_permission(user, action)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.all()
        return rows if self.user_has_any_permission(user, actions) else rows.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        roles = set().union(*(ALLOWED.get(action, set()) for action in actions))
        return User.objects.filter(is_active=True, groups__name__in=roles).distinct()


def register_policies() -> None:
    for model in (Partner, Agreement):
        register_permission_policy(model, RolePolicy(model))
