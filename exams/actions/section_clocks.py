"""The clocks of a run's sections move with the exam's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from exams.models import Attempt, AttemptSection


def extend_sections(attempt: Attempt, by: timedelta, *, since: datetime) -> None:
    """Give the sections that ran at `since` so much more time: what a pause took, or what was added to the exam. Time
    taken back (`by` < 0) is never more than what lay ahead of them then.

    The caller holds the attempt's lock.
    """
    running = AttemptSection.objects.filter(attempt=attempt, left_at=None, accept_until__gte=since)
    if by >= timedelta(0):
        running.update(closes_at=F("closes_at") + by, accept_until=F("accept_until") + by)
        return
    for pk, closes_at in running.values_list("pk", "closes_at"):
        back = max(by, min(since - closes_at, timedelta(0))) if closes_at else by
        running.filter(pk=pk).update(closes_at=F("closes_at") + back, accept_until=F("accept_until") + back)
