"""The clocks of a run's sections move with the exam's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from exams.models import Attempt, AttemptSection


def extend_sections(attempt: Attempt, by: timedelta, *, since: datetime) -> None:
    """Give the sections that ran at `since` so much more time: what a pause took, or what was added to the exam.

    The caller holds the attempt's lock.
    """
    running = AttemptSection.objects.filter(attempt=attempt, left_at=None, accept_until__gte=since)
    running.update(closes_at=F("closes_at") + by, accept_until=F("accept_until") + by)
