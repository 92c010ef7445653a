"""Invariant 3 over breaks and added time: what moved a deadline is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from common.integrity import Violation, invariant
from exams.clock import server_now
from exams.models import Attempt, AttemptBreak

# A sweep runs every few seconds.
FORGOTTEN_AFTER = timedelta(minutes=5)


@invariant(3, "every second added to a deadline has its grant")
def added_time_is_granted() -> Iterator[Violation]:
    attempts = Attempt.objects.annotate(granted=Coalesce(Sum("added_times__seconds"), 0)).exclude(added_seconds=F("granted"))
    for attempt in attempts:
        yield Violation(f"attempt {attempt.pk}", f"{attempt.added_seconds} s were added and {attempt.granted} s granted")


@invariant(3, "breaks last no longer than they may")
def breaks_are_bounded() -> Iterator[Violation]:
    lasted = Sum(F("breaks__ended_at") - F("breaks__started_at"), filter=Q(breaks__ended_at__isnull=False))
    for attempt in Attempt.objects.filter(breaks__isnull=False).annotate(lasted=lasted).distinct():
        if attempt.lasted and attempt.lasted > timedelta(seconds=attempt.break_seconds):
            yield Violation(f"attempt {attempt.pk}", "its breaks lasted longer than it had minutes for")


@invariant(3, "a break is under way only while its attempt is paused, and no longer than its minutes last")
def breaks_end() -> Iterator[Violation]:
    under_way = AttemptBreak.objects.filter(ended_at=None).select_related("attempt")
    before = server_now() - FORGOTTEN_AFTER
    for each in under_way:
        if each.attempt.status != Attempt.Status.PAUSED:
            yield Violation(f"break {each.pk}", f"its attempt is {each.attempt.status}")
        elif each.ends_by < before:
            yield Violation(f"break {each.pk}", "its minutes are used and nobody ended it")
