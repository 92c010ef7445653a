"""The attempt's clock, stopped and set going again. Callers hold the lock of the attempt's row."""

from __future__ import annotations

from datetime import datetime, timedelta

from exams.actions.section_clocks import extend_sections
from exams.models import Attempt, AttemptBreak
from exams.queries.timing import break_under_way


def stop_clock(attempt: Attempt, at: datetime) -> None:
    attempt.status, attempt.paused_at = Attempt.Status.PAUSED, at
    attempt.save(update_fields=["status", "paused_at"])


def let_run(attempt: Attempt, at: datetime) -> timedelta:
    """Go on from that moment: both deadlines move by exactly as long as the clock stood, which is returned."""
    stood = max(at - (attempt.paused_at or at), timedelta(0))
    attempt.status, attempt.paused_at = Attempt.Status.OPEN, None
    attempt.closes_at, attempt.accept_until = attempt.closes_at + stood, attempt.accept_until + stood
    attempt.save(update_fields=["status", "paused_at", "closes_at", "accept_until"])
    extend_sections(attempt, stood, since=at - stood)
    return stood


def mark_ended(under_way: AttemptBreak, at: datetime) -> datetime:
    """Write the break's end, never later than its minutes last, and say when that was."""
    under_way.ended_at = max(min(at, under_way.ends_by), under_way.started_at)
    under_way.save(update_fields=["ended_at"])
    return under_way.ended_at


def end_break_if_used_up(attempt: Attempt, at: datetime) -> bool:
    """Whether a break is still under way. One whose minutes are used ended when they were, whoever notices it now."""
    under_way = break_under_way(attempt)
    if under_way is None:
        return False
    if at < under_way.ends_by:
        return True
    let_run(attempt, mark_ended(under_way, at))
    return False
