"""When a person may sit an exam again: waiting days, attempts in twelve months, questions not seen before.

Pure: facts in, a refusal or None out. Nothing here depends on a result that has not been released.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from exams.clock import iso
from exams.errors import AlreadyPassed, PaperSeenBefore, ResultToCome, RetakeRefused, RetakeTooSoon


class Earlier(NamedTuple):
    """One earlier attempt at the exam. `outcome` is that of a released result, else empty."""

    started_at: datetime
    ended_at: datetime | None
    outcome: str


class Overlap(NamedTuple):
    """How many of a paper's questions the person has met, of how many; and whether it is a paper they have sat."""

    seen: int
    total: int
    is_same: bool

    @property
    def percent(self) -> int:
        """Rounded up: a cap is never met by rounding."""
        return -(-100 * self.seen // self.total) if self.total else 0


def a_year_after(moment: datetime) -> datetime:
    """The same day of the next year; for 29 February the 1st of March."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, month=3, day=1)


def may_sit_from(earlier: Sequence[Earlier], *, wait_days: int, most: int | None) -> datetime | None:
    """The first moment at which neither the waiting days nor the attempts of twelve months stand in the way; None when
    nothing does. Whoever ended an attempt waits from its end; an attempt counts for a year from its start."""
    moments = []
    ended = [each.ended_at for each in earlier if each.ended_at is not None]
    if wait_days and ended:
        moments.append(max(ended) + timedelta(days=wait_days))
    if most is not None and len(earlier) >= most:
        starts = sorted((each.started_at for each in earlier), reverse=True)
        moments.append(a_year_after(starts[most - 1]))
    return max(moments, default=None)


def refusal(
    earlier: Sequence[Earlier], *, wait_days: int, most: int | None, by_then: datetime, time_zone: str
) -> RetakeRefused | None:
    """Why a person may not sit by that moment. An exam passed is not sat again, whatever else the rules say."""
    if any(each.outcome == "passed" for each in earlier):
        return AlreadyPassed()
    if wait_days and any(not each.outcome for each in earlier):
        return ResultToCome()
    moment = may_sit_from(earlier, wait_days=wait_days, most=most)
    if moment is None or moment <= by_then:
        return None
    # In words with its minute: whoever comes back on that day must not be sent away again.
    words = date_format(moment.astimezone(ZoneInfo(time_zone)), "DATETIME_FORMAT")
    return RetakeTooSoon(_("You may sit this exam again from %(moment)s.") % {"moment": words}, may_sit_from=iso(moment))


def overlap_refusal(overlap: Overlap, *, most_percent: int) -> RetakeRefused | None:
    """Why this paper is not for a person who has seen so much of it."""
    if overlap.is_same:
        text = _("You have already sat this very paper. Choose another sitting, or ask for a different paper.")
    elif overlap.seen * 100 > most_percent * overlap.total:
        text = _(
            "You have already met %(percent)s %% of the questions of this paper; at most %(most)s %% are allowed. "
            "Choose another sitting, or ask for a different paper."
        ) % {"percent": overlap.percent, "most": most_percent}
    else:
        return None
    return PaperSeenBefore(text, percent=overlap.percent)
