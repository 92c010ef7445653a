"""Who may, when an exam is sat on paper."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Role, User
from exams.models import AnswerSheet, Sitting
from exams.rules.permissions import can_invigilate

# Invigilators get the booklet when they prepare the room, not days before.
HANDED_OUT_BEFORE = timedelta(hours=24)


def can_print(user: User, sitting: Sitting) -> bool:
    """Administrators; nobody who sits this exam themselves."""
    return user.has_role(Role.ADMINISTRATOR) and not _sits(user, sitting)


def can_take_booklet(user: User, sitting: Sitting, *, at: datetime) -> bool:
    """Administrators, and from a day before the sitting opens the invigilators on duty in it."""
    if can_print(user, sitting):
        return True
    return can_invigilate(user, sitting) and not _sits(user, sitting) and at >= sitting.opens_at - HANDED_OUT_BEFORE


def can_key_in(user: User, sheet: AnswerSheet) -> bool:
    """Who invigilates the sitting, but never one's own answers."""
    return sheet.registration.candidate_id != user.pk and can_invigilate(user, sheet.registration.sitting)


def _sits(user: User, sitting: Sitting) -> bool:
    return sitting.registrations.filter(candidate=user, status="registered").exists()
