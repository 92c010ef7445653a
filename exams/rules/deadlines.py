"""The one place where a person's times in a sitting are computed: window, deadline, breaks and closing date.

Every page and action that tells or judges a time of one person asks here; nothing else reads an accommodation.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accounts.models import User
from exams.models import Accommodation, Attempt, Registration, Sitting

# Long enough for an alarm, a power cut and a night; whoever pauses and goes home must not keep a sitting open for ever.
LONGEST_WAIT = timedelta(hours=24)


class Conditions(NamedTuple):
    """What a person is entitled to: the effects, without any reason."""

    extra_time_percent: int = 0
    break_minutes: int = 0
    contrast: str = Accommodation.Contrast.NORMAL.value
    text_size: int = Accommodation.TextSize.NORMAL.value
    has_reader: bool = False
    has_separate_room: bool = False
    is_exempt_from_lockdown: bool = False


class Deadlines(NamedTuple):
    """`closes_at` is what the candidate sees and what is recorded; `accept_until` adds the sitting's grace."""

    closes_at: datetime
    accept_until: datetime


class Times(NamedTuple):
    """One person's times in one sitting, had they started at a given moment (or would they start then)."""

    opens_at: datetime
    # From this moment on nobody of these conditions starts any more.
    start_by: datetime
    # How long the clock runs, extra time included; not yet cut by the end of the sitting.
    allowed: timedelta
    closes_at: datetime
    accept_until: datetime
    # How long breaks may last together; each moves the deadlines by what it lasted.
    break_time: timedelta

    @property
    def minutes(self) -> int:
        """Whole minutes; a part of one is given to the candidate."""
        return -(-int(self.allowed.total_seconds()) // 60)

    @property
    def break_minutes(self) -> int:
        return int(self.break_time.total_seconds()) // 60

    @property
    def latest_end(self) -> datetime:
        """With every minute of break taken, and nothing added."""
        return self.closes_at + self.break_time


def deadlines(
    *,
    started_at: datetime,
    minutes: int,
    sitting_closes_at: datetime,
    grace_seconds: int = 0,
    extra_time_percent: int = 0,
    paused: timedelta = timedelta(0),
    added: timedelta = timedelta(0),
) -> Deadlines:
    """Whichever comes first: the candidate's minutes with extra time, or the end of the sitting plus that extra time.

    A pause or a break stops the clock, and added time is added, so both move it: nobody loses minutes to them, not
    even at the end of the sitting.
    """
    allowed = timedelta(minutes=minutes)
    extra = extra_time(minutes, extra_time_percent)
    closes_at = min(started_at + allowed + extra, sitting_closes_at + extra) + paused + added
    return Deadlines(closes_at, closes_at + timedelta(seconds=grace_seconds))


def extra_time(minutes: int, percent: int) -> timedelta:
    return timedelta(minutes=minutes) * percent / 100


# --- What a person is entitled to --------------------------------------------------------------


def conditions_of(candidate: User, *, at: datetime) -> Conditions:
    """The most generous of each kind that is in force at that moment; they do not add up. One query unless prefetched.

    An entitlement is for days: a moment belongs to its day in UTC and to its day where the candidate is, and either
    counts, so that nobody loses it to the time zone they sit in.
    """
    days = {at.astimezone(ZoneInfo("UTC")).date(), at.astimezone(ZoneInfo(candidate.time_zone)).date()}
    return together(each for each in candidate.accommodations.all() if in_force(each, days))


def in_force(accommodation: Accommodation, days: set[date]) -> bool:
    return any(accommodation.valid_from <= day <= accommodation.valid_until for day in days)


def together(accommodations: Iterable[Accommodation]) -> Conditions:
    """The most generous of each; of two looks the one granted last."""
    found = sorted(accommodations, key=lambda each: each.pk or 0)
    contrasts = [each.contrast for each in found if each.contrast != Accommodation.Contrast.NORMAL]
    return Conditions(
        extra_time_percent=max((each.extra_time_percent for each in found), default=0),
        break_minutes=max((each.break_minutes for each in found), default=0),
        contrast=contrasts[-1] if contrasts else Accommodation.Contrast.NORMAL.value,
        text_size=max((each.text_size for each in found), default=Accommodation.TextSize.NORMAL.value),
        has_reader=any(each.has_reader for each in found),
        has_separate_room=any(each.has_separate_room for each in found),
        is_exempt_from_lockdown=any(each.is_exempt_from_lockdown for each in found),
    )


# --- What it comes to in a sitting -------------------------------------------------------------


def times_in(sitting: Sitting, conditions: Conditions, *, started_at: datetime) -> Times:
    """The one function: these conditions in this sitting, for a start at that moment."""
    ends = deadlines(
        started_at=started_at,
        minutes=sitting.minutes,
        sitting_closes_at=sitting.closes_at,
        grace_seconds=sitting.grace_seconds,
        extra_time_percent=conditions.extra_time_percent,
    )
    extra = extra_time(sitting.minutes, conditions.extra_time_percent)
    return Times(
        opens_at=sitting.opens_at,
        start_by=sitting.closes_at + extra,
        allowed=timedelta(minutes=sitting.minutes) + extra,
        closes_at=ends.closes_at,
        accept_until=ends.accept_until,
        break_time=timedelta(minutes=sitting.break_minutes + conditions.break_minutes),
    )


def times_for(candidate: User, sitting: Sitting, *, at: datetime) -> Times:
    """This person's times in this sitting, starting at that moment or, before it opens, when it does."""
    moment = max(at, sitting.opens_at)
    return times_in(sitting, conditions_of(candidate, at=moment), started_at=moment)


def deadlines_for(registration: Registration, *, started_at: datetime) -> Times:
    """What starting at that moment gives this candidate in this sitting."""
    conditions = conditions_of(registration.candidate, at=started_at)
    return times_in(registration.sitting, conditions, started_at=started_at)


def pause_ends_at(attempt: Attempt) -> datetime:
    """When a paused attempt that nobody resumes is closed: a day after the latest moment it could have ended by itself.

    Its clock stands still, but the sitting does not stay open for ever: nobody can resume it after that.
    """
    times = deadlines_for(attempt.registration, started_at=attempt.started_at)
    # Earlier pauses and added time may have moved the attempt's own end beyond that of the sitting.
    latest = max(times.start_by, attempt.closes_at) + timedelta(seconds=attempt.break_seconds)
    return latest + LONGEST_WAIT


def nobody_starts_from(sitting: Sitting, *, at: datetime) -> datetime:
    """When the sitting's door shuts for the last of those who have a place and have not started. Three queries."""
    waiting = sitting.registrations.filter(status=Registration.Status.REGISTERED, attempts=None)
    people = [registration.candidate for registration in waiting.prefetch_related("candidate__accommodations")]
    return max((times_for(person, sitting, at=at).start_by for person in people), default=sitting.closes_at)
