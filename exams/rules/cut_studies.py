"""Who may, in cut-score studies."""

from __future__ import annotations

from accounts.models import Role, User


def can_run_studies(user: User) -> bool:
    return user.has_role(Role.ADMINISTRATOR)


def can_judge(user: User) -> bool:
    return user.is_active and user.has_role(Role.EXAMINER, Role.ITEM_REVIEWER, Role.ITEM_WRITER)


def can_confirm_cut(user: User) -> bool:
    """The board: administrators and certification officers, never the one who proposed."""
    return user.has_role(Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER)
