"""The one place where a deadline is computed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from exams.models import Accommodation, Attempt, Registration

# Long enough for an alarm, a power cut and a night; whoever pauses and goes home must not keep a sitting open for ever.
LONGEST_WAIT = timedelta(hours=24)


class Deadlines(NamedTuple):
    """`closes_at` is what the candidate sees and what is recorded; `accept_until` adds the sitting's grace."""

    closes_at: datetime
    accept_until: datetime


def deadlines(
    *,
    started_at: datetime,
    minutes: int,
    sitting_closes_at: datetime,
    grace_seconds: int = 0,
    extra_time_percent: int = 0,
    paused: timedelta = timedelta(0),
) -> Deadlines:
    """Whichever comes first: the candidate's minutes with extra time, or the end of the sitting plus that extra time.

    A pause stops the clock, so it moves both: nobody loses minutes to it, not even at the end of the sitting.
    """
    allowed = timedelta(minutes=minutes)
    extra = allowed * extra_time_percent / 100
    closes_at = min(started_at + allowed + extra, sitting_closes_at + extra) + paused
    return Deadlines(closes_at, closes_at + timedelta(seconds=grace_seconds))


def extra_time_percent(registration: Registration, *, at: datetime) -> int:
    """The most generous accommodation in force on that day; they do not add up."""
    day = at.date()
    granted = Accommodation.objects.filter(candidate=registration.candidate_id, valid_from__lte=day, valid_until__gte=day)
    return max(granted.values_list("extra_time_percent", flat=True), default=0)


def deadlines_for(registration: Registration, *, started_at: datetime) -> Deadlines:
    """What starting at that moment would give this candidate in this sitting."""
    sitting = registration.sitting
    return deadlines(
        started_at=started_at,
        minutes=sitting.minutes,
        sitting_closes_at=sitting.closes_at,
        grace_seconds=sitting.grace_seconds,
        extra_time_percent=extra_time_percent(registration, at=started_at),
    )


def pause_ends_at(attempt: Attempt) -> datetime:
    """When a paused attempt that nobody resumes is closed: a day after the latest moment it could have ended by itself.

    Its clock stands still, but the sitting does not stay open for ever: nobody can resume it after that.
    """
    registration = attempt.registration
    sitting = registration.sitting
    percent = extra_time_percent(registration, at=attempt.started_at)
    extra = timedelta(minutes=sitting.minutes) * percent / 100
    # Earlier pauses may have moved the attempt's own end beyond that of the sitting.
    return max(sitting.closes_at + extra, attempt.closes_at) + LONGEST_WAIT
