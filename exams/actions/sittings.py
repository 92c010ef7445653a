"""Arranging an examination: sittings, the people on duty, closing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import Role, User
from exams.errors import (
    CodeTaken,
    DutyNotPossible,
    NotYourBank,
    PaperNotSealed,
    SittingCancelled,
    SittingInvalid,
    SittingStarted,
    SittingStillRuns,
)
from exams.models import Attempt, Exam, Paper, Registration, Sitting, SittingStaff
from exams.rules.bank import can_administer_exams
from exams.rules.deadlines import nobody_starts_from
from partners.models import Partner

ROLE_FOR_DUTY = {
    SittingStaff.Duty.INVIGILATOR: Role.INVIGILATOR,
    SittingStaff.Duty.EXAMINER: Role.EXAMINER,
}
MOST_BREAK_MINUTES = 240


@transaction.atomic
def schedule_sitting(
    exam: Exam,
    paper: Paper,
    *,
    code: str,
    name: str,
    opens_at: datetime,
    closes_at: datetime,
    capacity: int,
    partner: Partner | None = None,
    minutes: int | None = None,
    grace_seconds: int = 10,
    break_minutes: int = 0,
    by: User,
    at: datetime | None = None,
) -> Sitting:
    """One administration of a sealed paper; of one partner's people when `partner` is given.

    Raises NotYourBank, PaperNotSealed, CodeTaken, SittingInvalid (which says what does not fit).
    """
    if not can_administer_exams(by):
        raise NotYourBank
    if paper.exam_id != exam.pk:
        raise SittingInvalid(_("This paper belongs to another exam."))
    if Paper.objects.select_for_update().get(pk=paper.pk).status != Paper.Status.SEALED:
        raise PaperNotSealed
    minutes_allowed = minutes or paper.minutes
    _check_window(opens_at, closes_at, minutes_allowed, capacity)
    if not 0 <= break_minutes <= MOST_BREAK_MINUTES:
        raise SittingInvalid(_("Breaks last at most %(most)s minutes together.") % {"most": MOST_BREAK_MINUTES})
    if Sitting.objects.filter(code=code).exists():
        raise CodeTaken
    sitting = Sitting.objects.create(
        exam=exam,
        paper=paper,
        code=code,
        name=name,
        partner=partner,
        opens_at=opens_at,
        closes_at=closes_at,
        minutes=minutes_allowed,
        grace_seconds=grace_seconds,
        break_minutes=break_minutes,
        capacity=capacity,
    )
    details = {"paper": paper.code, "opens_at": opens_at, "closes_at": closes_at, "capacity": capacity}
    record("sitting.scheduled", sitting, by=by, summary=code, partner=partner, details=details, at=at)
    return sitting


@transaction.atomic
def change_sitting(
    sitting: Sitting, *, name: str, opens_at: datetime, closes_at: datetime, capacity: int, by: User, at: datetime | None = None
) -> Sitting:
    """Rename, move or resize a sitting that nobody has started. Raises NotYourBank, SittingStarted, SittingInvalid."""
    sitting = _planned(sitting, by)
    if Attempt.objects.filter(registration__sitting=sitting).exists():
        raise SittingStarted(_("Somebody has already started this exam, so its times can no longer be changed."))
    _check_window(opens_at, closes_at, sitting.minutes, capacity)
    taken = sitting.registrations.filter(status=Registration.Status.REGISTERED).count()
    if capacity < taken:
        raise SittingInvalid(_("%(taken)s people are registered already.") % {"taken": taken})
    sitting.name, sitting.opens_at, sitting.closes_at, sitting.capacity = name, opens_at, closes_at, capacity
    sitting.save(update_fields=["name", "opens_at", "closes_at", "capacity"])
    details = {"opens_at": opens_at, "closes_at": closes_at, "capacity": capacity}
    record("sitting.changed", sitting, by=by, summary=sitting.code, partner=sitting.partner, details=details, at=at)
    return sitting


def _check_window(opens_at: datetime, closes_at: datetime, minutes: int, capacity: int) -> None:
    if closes_at - opens_at < timedelta(minutes=minutes):
        raise SittingInvalid(
            _("The sitting has to stay open for at least the %(minutes)s minutes of its paper.") % {"minutes": minutes}
        )
    if capacity < 1:
        raise SittingInvalid(_("A sitting needs at least one place."))


@transaction.atomic
def assign_staff(sitting: Sitting, user: User, *, duty: str, by: User, at: datetime | None = None) -> SittingStaff:
    """Put a person on duty; twice changes nothing. Raises NotYourBank, SittingCancelled, DutyNotPossible (without
    the role for it, or for a candidate of this very sitting)."""
    # Marking comes after the sitting: an examiner may still join when it is closed.
    sitting = _planned(sitting, by, or_closed=duty == SittingStaff.Duty.EXAMINER)
    if duty not in SittingStaff.Duty.values:
        raise DutyNotPossible
    if not user.has_role(ROLE_FOR_DUTY[SittingStaff.Duty(duty)]):
        raise DutyNotPossible(_("%(person)s does not have the role for this duty.") % {"person": user})
    if sitting.registrations.filter(candidate=user, status=Registration.Status.REGISTERED).exists():
        raise DutyNotPossible(_("%(person)s is a candidate of this sitting.") % {"person": user})
    staff, is_new = SittingStaff.objects.get_or_create(sitting=sitting, user=user, duty=duty)
    if is_new:
        details = {"user": user.pk, "duty": duty}
        record("sitting.staff_assigned", sitting, by=by, summary=sitting.code, partner=sitting.partner, details=details, at=at)
    return staff


@transaction.atomic
def release_staff(staff: SittingStaff, *, by: User, at: datetime | None = None) -> Sitting:
    """Take a person off duty before the sitting opens; afterwards who was on duty is history.

    Raises NotYourBank, SittingCancelled, DutyNotPossible.
    """
    sitting = _planned(staff.sitting, by)
    if (at or timezone.now()) >= sitting.opens_at:
        raise DutyNotPossible(_("This sitting has opened: who was on duty stays on record."))
    details = {"user": staff.user_id, "duty": staff.duty}
    record("sitting.staff_released", sitting, by=by, summary=sitting.code, partner=sitting.partner, details=details, at=at)
    staff.delete()
    return sitting


@transaction.atomic
def cancel_sitting(sitting: Sitting, *, reason: str, by: User, at: datetime | None = None) -> Sitting:
    """Call a sitting off, with the registrations in it. Raises NotYourBank, SittingStarted, SittingCancelled,
    SittingInvalid without a reason."""
    sitting = _planned(sitting, by)
    if not reason.strip():
        raise SittingInvalid(_("Say why the sitting is cancelled; the candidates will ask."))
    if Attempt.objects.filter(registration__sitting=sitting).exists():
        raise SittingStarted
    cancelled = sitting.registrations.filter(status=Registration.Status.REGISTERED).update(status=Registration.Status.CANCELLED)
    sitting.status = Sitting.Status.CANCELLED
    sitting.save(update_fields=["status"])
    details = {"reason": reason.strip(), "registrations": cancelled}
    record("sitting.cancelled", sitting, by=by, summary=sitting.code, partner=sitting.partner, details=details, at=at)
    return sitting


@transaction.atomic
def close_sitting(sitting: Sitting, *, by: User, at: datetime | None = None) -> Sitting:
    """End a sitting whose time is over, for those with extra time too, and whose exams have all ended; twice changes
    nothing.

    Raises NotYourBank, SittingCancelled, SittingStillRuns.
    """
    moment = at or timezone.now()
    if sitting.status == Sitting.Status.CLOSED:
        return sitting
    sitting = _planned(sitting, by)
    if moment < sitting.closes_at:
        raise SittingStillRuns(_("This sitting is open until its closing time."))
    if moment < nobody_starts_from(sitting, at=moment):
        raise SittingStillRuns(_("Somebody with extra time may still start this exam."))
    open_attempts = Attempt.objects.filter(
        registration__sitting=sitting, status__in=[Attempt.Status.OPEN, Attempt.Status.PAUSED]
    )
    if open_attempts.exists():
        raise SittingStillRuns
    sitting.status = Sitting.Status.CLOSED
    sitting.save(update_fields=["status"])
    record("sitting.closed", sitting, by=by, summary=sitting.code, partner=sitting.partner, at=at)
    return sitting


def _planned(sitting: Sitting, by: User, *, or_closed: bool = False) -> Sitting:
    if not can_administer_exams(by):
        raise NotYourBank
    # Without its partner in the lock: PostgreSQL locks no row of an outer join.
    sitting = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if sitting.status == Sitting.Status.CANCELLED:
        raise SittingCancelled(_("This sitting was cancelled."))
    if sitting.status == Sitting.Status.CLOSED and not or_closed:
        raise SittingInvalid(_("This sitting is closed."))
    return sitting
