"""Who may keep schemes and templates in the back office: administrators; auditors look on. By role, as for partners."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from wagtail.permissions import register_permission_policy

from certificates.models import CertificateTemplate, CertificationScheme
from partners.policies import RolePolicy


class SchemePolicy(RolePolicy):
    """A scheme in force can be read and succeeded, never changed."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        is_draft = getattr(instance, "status", "") == CertificationScheme.Status.DRAFT
        return self.user_has_permission(user, action) and (action != "change" or is_draft)


def register_policies() -> None:
    register_permission_policy(CertificationScheme, SchemePolicy(CertificationScheme))
    register_permission_policy(CertificateTemplate, RolePolicy(CertificateTemplate))
