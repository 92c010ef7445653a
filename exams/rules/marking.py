"""Who may, in marking."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from accounts.models import Role, User
from exams.models import MarkingTask, Sitting, SittingStaff
from partners.impartiality import taught, taught_among

INVIGILATOR, EXAMINER = SittingStaff.Duty.INVIGILATOR, SittingStaff.Duty.EXAMINER


def can_arrange_marking(user: User) -> bool:
    """Say how an exam is marked and by whom; never who gets how many points."""
    return user.has_role(Role.ADMINISTRATOR)


def can_mark(user: User, task: MarkingTask, *, at: datetime | None = None) -> bool:
    """An examiner who is not the candidate, has not watched the sitting, and has not instructed the candidate within
    24 months. Triggers say the last three again."""
    registration = task.attempt.registration
    return (
        user.has_role(Role.EXAMINER)
        and registration.candidate_id != user.pk
        and not SittingStaff.objects.filter(sitting=registration.sitting_id, user=user, duty=INVIGILATOR).exists()
        and not taught(user.pk, registration.candidate_id, at=at)
    )


def markers_of(sitting: Sitting) -> list[User]:
    """The examiners on duty that can still mark: the invigilators of the same sitting never score it."""
    watched = SittingStaff.objects.filter(sitting=sitting, duty=INVIGILATOR)
    on_duty = SittingStaff.objects.filter(sitting=sitting, duty=EXAMINER).exclude(user__in=watched.values("user"))
    people = User.objects.filter(pk__in=on_duty.values("user"), is_active=True, groups__name=Role.EXAMINER)
    return list(people.order_by("full_name", "pk").distinct())


def barred_pairs(markers: Collection[int], candidates: Collection[int], *, at: datetime | None = None) -> set[tuple[int, int]]:
    """(marker, candidate) that may not meet: taught, or the same person."""
    return taught_among(markers, candidates, at=at) | {(person, person) for person in set(markers) & set(candidates)}
