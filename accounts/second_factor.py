"""Who must sign in with a second factor. Staff always; upper packages add their own through `require_for`."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from accounts.models import User

_rules: list[Callable[[User], bool]] = []


def require_for(rule: Callable[[User], bool]) -> Callable[[User], bool]:
    """Register a rule: whoever it answers true for must have a second factor. Called in an AppConfig.ready."""
    if rule not in _rules:
        _rules.append(rule)
    return rule


def must_have_second_factor(user: User) -> bool:
    """Staff roles, superusers, and whom the registered rules name. At most one query a rule."""
    return user.is_staff or user.is_superuser or bool(user.role_names) or any(rule(user) for rule in _rules)


def is_exempt(user: User) -> bool:
    """Seeded demo logins have a published password and nothing to protect; never outside a demonstration."""
    return settings.DEMO and not settings.PRODUCTION and user.email.endswith("@" + settings.DEMO_DOMAIN)


def lacks_second_factor(user: User) -> bool:
    """True when this person must set one up before going on."""
    return must_have_second_factor(user) and not is_mfa_enabled(user) and not is_exempt(user)
