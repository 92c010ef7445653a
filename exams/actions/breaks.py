"""Breaks that stop the clock, taken by the candidate from the room."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from exams.actions.delivery import locked_and_settled
from exams.actions.stopping import let_run, mark_ended, stop_clock
from exams.clock import server_now
from exams.errors import AttemptClosed, AttemptPaused, LeaseMoved, NoBreakLeft
from exams.models import Attempt, AttemptBreak
from exams.queries.timing import break_left, break_under_way

# Less than this is no break.
SHORTEST = timedelta(seconds=1)


@transaction.atomic
def take_break(attempt: Attempt, *, lease: str, at: datetime | None = None) -> Attempt:
    """Stop the clock for a break, which lasts at most what is left of the candidate's minutes. Asked again meanwhile,
    nothing changes. Raises AttemptClosed, AttemptPaused, LeaseMoved, NoBreakLeft."""
    at = at or server_now()
    attempt = _held(attempt, lease, at)
    if attempt.status == Attempt.Status.PAUSED:
        if break_under_way(attempt) is None:
            raise AttemptPaused
        return attempt
    if at >= attempt.closes_at:
        raise AttemptClosed
    left = break_left(attempt)
    if left < SHORTEST:
        raise NoBreakLeft
    AttemptBreak.objects.create(attempt=attempt, started_at=at, ends_by=at + left)
    stop_clock(attempt, at)
    return attempt


@transaction.atomic
def end_break(attempt: Attempt, *, lease: str, at: datetime | None = None) -> Attempt:
    """Go on before the minutes are used. Not on a break, nothing changes; a pause by an invigilator stays.

    Raises AttemptClosed, AttemptPaused, LeaseMoved.
    """
    at = at or server_now()
    attempt = _held(attempt, lease, at)
    if attempt.status == Attempt.Status.OPEN:
        return attempt
    under_way = break_under_way(attempt)
    if under_way is None:
        raise AttemptPaused
    let_run(attempt, mark_ended(under_way, at))
    return attempt


def _held(attempt: Attempt, lease: str, at: datetime) -> Attempt:
    attempt = locked_and_settled(attempt, at)
    if not attempt.is_open:
        raise AttemptClosed
    if attempt.lease != lease:
        raise LeaseMoved
    return attempt
