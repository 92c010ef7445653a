"""What an attempt's clock has been through: breaks and added time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet, Sum

from exams.clock import iso
from exams.models import Attempt, AttemptBreak, Sitting, TimeGrant


def break_under_way(attempt: Attempt) -> AttemptBreak | None:
    """Costs a query only for those who may take a break."""
    if attempt.status != Attempt.Status.PAUSED or not attempt.break_seconds:
        return None
    return AttemptBreak.objects.filter(attempt=attempt, ended_at=None).first()


def break_left(attempt: Attempt) -> timedelta:
    """What is left of the attempt's breaks while none is under way."""
    if not attempt.break_seconds:
        return timedelta(0)
    lasted = AttemptBreak.objects.filter(attempt=attempt, ended_at__isnull=False).aggregate(
        all=Sum(F("ended_at") - F("started_at"))
    )["all"]
    return max(timedelta(seconds=attempt.break_seconds) - (lasted or timedelta(0)), timedelta(0))


def timing_of(attempt: Attempt) -> dict[str, Any]:
    """What the room is told besides its deadline, only where it applies: `added_seconds` in all, and `break` with what is
    left of it and, during one, when it ends at the latest. At most two queries, none for an attempt without breaks."""
    timing: dict[str, Any] = {}
    if attempt.added_seconds:
        timing["added_seconds"] = attempt.added_seconds
    if attempt.break_seconds:
        under_way = break_under_way(attempt)
        timing["break"] = {
            "ends_by": iso(under_way.ends_by) if under_way else None,
            "left_seconds": None if under_way else int(break_left(attempt).total_seconds()),
        }
    return timing


def grants_in(sitting: Sitting) -> QuerySet[TimeGrant]:
    """Newest first, with who gave them, to whom, and whether they were taken back."""
    return (
        TimeGrant.objects.filter(sitting=sitting)
        .select_related("granted_by", "undoes", "undone_by")
        .prefetch_related("parts__attempt__registration__candidate")
    )
