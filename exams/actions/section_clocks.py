"""The clocks of a run's sections move with the exam's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F

from exams.models import Attempt, AttemptSection


def extend_sections(attempt: Attempt, by: timedelta, *, since: datetime) -> None:
    """Give the sections that ran at `since` so much more time: what a pause took. The caller holds the attempt's lock."""
    running = AttemptSection.objects.filter(attempt=attempt, left_at=None, accept_until__gte=since)
    running.update(closes_at=F("closes_at") + by, accept_until=F("accept_until") + by)


def move_sections(seconds: Mapping[int, int], *, at: datetime) -> None:
    """Time added to attempts, or taken back, reaches the sections that run; never more back than lies ahead of them.
    A paused clock stands since it was paused, and so do its sections'. The caller holds the attempts' locks."""
    timed = AttemptSection.objects.filter(attempt__in=seconds, left_at=None, accept_until__isnull=False)
    moved = []
    for section in timed.select_related("attempt"):
        now = section.attempt.paused_at or at
        if section.accept_until is None or section.closes_at is None or section.accept_until < now:
            continue
        by = timedelta(seconds=seconds[section.attempt_id])
        by = max(by, min(now - section.closes_at, timedelta(0)))
        section.closes_at, section.accept_until = section.closes_at + by, section.accept_until + by
        moved.append(section)
    AttemptSection.objects.bulk_update(moved, ["closes_at", "accept_until"], batch_size=100)
