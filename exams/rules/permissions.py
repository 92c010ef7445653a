"""Who may do what in exams, as questions."""

from __future__ import annotations

from accounts.models import Role, User
from exams.models import LateBundle, Sitting, SittingStaff


def can_invigilate(user: User, sitting: Sitting) -> bool:
    """Administrators, and those assigned to this very sitting."""
    if not user.is_active:
        return False
    if user.has_role(Role.ADMINISTRATOR):
        return True
    return SittingStaff.objects.filter(sitting=sitting, user=user, duty=SittingStaff.Duty.INVIGILATOR).exists()


def can_decide_late(user: User, bundle: LateBundle) -> bool:
    """Certification officers and administrators, but never on their own answers."""
    decides = user.is_active and user.has_role(Role.CERTIFICATION_OFFICER, Role.ADMINISTRATOR)
    return decides and bundle.attempt.registration.candidate_id != user.pk
