"""Granting and taking away staff roles."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.actions.audit import record
from accounts.errors import RoleNotYours, UnknownRole
from accounts.models import Role, User
from accounts.rules import can_change_roles_of


def _group(role: str) -> Group:
    if role not in Role.values:
        raise UnknownRole
    return Group.objects.get_or_create(name=role)[0]


def _forget_roles(user: User) -> None:
    user.__dict__.pop("role_names", None)


@transaction.atomic
def grant_role(user: User, role: str, *, by: User | None) -> User:
    """Give a person a staff role. `by=None` is the installer (command line, seed).

    Raises RoleNotYours unless `by` is an administrator acting on somebody else. Granting twice changes nothing.
    """
    if by is not None and not can_change_roles_of(by, user):
        raise RoleNotYours
    group = _group(role)
    if not user.groups.filter(pk=group.pk).exists():
        user.groups.add(group)
        record("role_granted", user, by=by, summary=role)
        _forget_roles(user)
    return user


@transaction.atomic
def revoke_role(user: User, role: str, *, by: User) -> User:
    """Take a staff role away; it is gone with the person's next request. Raises RoleNotYours."""
    if not can_change_roles_of(by, user):
        raise RoleNotYours
    group = _group(role)
    if user.groups.filter(pk=group.pk).exists():
        user.groups.remove(group)
        record("role_revoked", user, by=by, summary=role)
        _forget_roles(user)
    return user


@transaction.atomic
def set_roles(user: User, roles: set[str], *, by: User) -> User:
    """Make a person's staff roles exactly these; each change is an audit entry."""
    present = set(user.groups.filter(name__in=Role.values).values_list("name", flat=True))
    for role in sorted(roles - present):
        grant_role(user, role, by=by)
    for role in sorted(present - roles):
        revoke_role(user, role, by=by)
    return user
