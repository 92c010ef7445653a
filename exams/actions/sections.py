"""The sections of a run, on papers that have section rules: opened one after the other, left, out of time.

Opening takes the attempt's lock and then its sections', in the order in which a save takes them to share (exams.saving):
a save that was acknowledged into a section was there before the section was left.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from exams.actions.delivery import close_if_overdue
from exams.clock import iso, server_now
from exams.errors import AttemptClosed, AttemptPaused, LeaseMoved, NotFound, SectionClosed
from exams.models import Attempt, AttemptSection
from exams.rules.deadlines import conditions_of
from exams.rules.sections import FORWARD_ONLY, OPEN, Section, status_of
from exams.saving import shapes_of


def open_section(attempt: Attempt, number: int, *, lease: str, at: datetime | None = None) -> Attempt:
    """Begin a section, or come back to an open one; forward-only sections that were open are left for good.

    A section opens when the one before it has been opened. Raises NotFound, AttemptClosed, AttemptPaused, LeaseMoved,
    SectionClosed.
    """
    attempt = close_if_overdue(attempt, at=at)
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(of=("self",))
            .select_related("paper", "registration__sitting", "registration__candidate")
            .get(pk=attempt.pk)
        )
        # Read under the lock: whatever was saved into the section being left was saved before this moment.
        at = at or server_now()
        _refuse(attempt, lease)
        plan = plan_of(attempt)
        if number not in plan:
            raise NotFound
        rows = {row.number: row for row in AttemptSection.objects.select_for_update().filter(attempt=attempt)}
        if number in rows and status_of(rows[number], at=at) != OPEN:
            raise SectionClosed(section=number)
        if number not in rows and number > 1 and number - 1 not in rows:
            raise SectionClosed(section=number)
        # First left, then opened: no moment has two forward-only sections open.
        left = [other for other in rows if other != number and plan[other].navigation == FORWARD_ONLY]
        AttemptSection.objects.filter(attempt=attempt, number__in=left, left_at=None).update(left_at=at)
        if number not in rows:
            _begin(attempt, number, plan[number], at)
    return attempt


def _refuse(attempt: Attempt, lease: str) -> None:
    if attempt.status == Attempt.Status.PAUSED:
        raise AttemptPaused
    if attempt.status != Attempt.Status.OPEN:
        raise AttemptClosed
    if attempt.lease != lease:
        raise LeaseMoved


def _begin(attempt: Attempt, number: int, section: Section, at: datetime) -> None:
    closes_at = accept_until = None
    if section.minutes is not None:
        percent = conditions_of(attempt.registration.candidate, at=attempt.started_at).extra_time_percent
        closes_at = at + timedelta(minutes=section.minutes) * (100 + percent) / 100
        accept_until = closes_at + timedelta(seconds=attempt.registration.sitting.grace_seconds)
    AttemptSection.objects.create(attempt=attempt, number=number, opened_at=at, closes_at=closes_at, accept_until=accept_until)


def plan_of(attempt: Attempt) -> dict[int, Section]:
    """The sections of the attempt's paper; empty for one without section rules. Costs a query once per paper."""
    return shapes_of(str(attempt.paper.uuid), attempt.language).plan


def sections_of(attempt: Attempt, *, at: datetime | None = None) -> list[dict[str, Any]]:
    """How each section stands: waiting, open, left or over; empty for a paper without section rules."""
    plan = plan_of(attempt)
    if not plan:
        return []
    at = at or server_now()
    rows = {row.number: row for row in AttemptSection.objects.filter(attempt=attempt)}
    return [_shown(number, section, rows.get(number), attempt, at) for number, section in plan.items()]


def _shown(number: int, section: Section, row: AttemptSection | None, attempt: Attempt, at: datetime) -> dict[str, Any]:
    # Never later than the exam itself ends.
    closes_at = min(row.closes_at, attempt.closes_at) if row and row.closes_at else None
    # A paused clock stands still: what was open when it was paused is open.
    moment = attempt.paused_at if attempt.status == Attempt.Status.PAUSED and attempt.paused_at else at
    return {
        "number": number,
        "status": status_of(row, at=moment),
        "navigation": section.navigation,
        "minutes": section.minutes,
        "closes_at": iso(closes_at) if closes_at else None,
    }


def refuse_closed_section(attempt: Attempt, position: int, *, at: datetime) -> None:
    """For what is stored beside the answers, such as files. Raises SectionClosed."""
    number = shapes_of(str(attempt.paper.uuid), attempt.language).sections.get(position)
    if number is None:
        return
    row = AttemptSection.objects.filter(attempt=attempt, number=number).first()
    if status_of(row, at=at) != OPEN:
        raise SectionClosed(section=number)
