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
    for section in running.exclude(closes_at=None):
        back = max(by, min(since - section.closes_at, timedelta(0)))
        section.closes_at, section.accept_until = section.closes_at + back, section.accept_until + back
        section.save(update_fields=["closes_at", "accept_until"])
