"""Who may do what in courses."""

from __future__ import annotations

from typing import Any

from accounts.models import Role


def can_edit_page(user: Any, page: Any) -> bool:
    """Authors and administrators read every lesson they may edit, enrolled or not."""
    return bool(user.is_authenticated and user.has_role(Role.AUTHOR, Role.ADMINISTRATOR))
