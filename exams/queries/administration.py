"""What administrators ask about exams, blueprints and sittings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from exams.models import Accommodation, Attempt, Blueprint, BlueprintLine, Exam, ItemVersion, Registration, Result, Sitting
from exams.queries.drawing import usable_versions


@dataclass(frozen=True)
class AreaStock:
    """A content area with what its bank has for it."""

    line: BlueprintLine
    approved: int
    in_work: int

    @property
    def missing(self) -> int:
        return max(self.line.items - self.approved, 0)


def stock_of(blueprint: Blueprint) -> list[AreaStock]:
    """How many items each area has that a paper could draw, and how many are on their way."""
    usable = Counter(version.item.content_area for version in usable_versions(blueprint.bank))
    on_the_way = Counter(
        ItemVersion.objects.filter(item__bank=blueprint.bank, status__in=ItemVersion.IN_WORK, number=1).values_list(
            "item__content_area", flat=True
        )
    )
    lines = blueprint.lines.prefetch_related("competences")
    return [AreaStock(line, usable[line.number], on_the_way[line.number]) for line in lines]


def blueprints_with_exams() -> QuerySet[Blueprint]:
    live = Count("bank__items__versions", filter=Q(bank__items__versions__status__in=ItemVersion.LIVE), distinct=True)
    return (
        Blueprint.objects.select_related("bank")
        .prefetch_related(Prefetch("exams", queryset=Exam.objects.annotate(paper_count=Count("papers"))))
        .annotate(live_items=live, area_count=Count("lines", distinct=True))
        .order_by("code")
    )


SITTING_TIMES = ("upcoming", "running", "over")


def sittings_matching(user: object, filters: Mapping[str, Any]) -> QuerySet[Sitting]:
    """Sittings with how full they are; rehearsals are left out, they leave no trace."""
    now = timezone.now()
    # Extra time, pauses and added time may keep somebody writing beyond the sitting's own end.
    writing = Attempt.objects.filter(status__in=[Attempt.Status.OPEN, Attempt.Status.PAUSED])
    still = Q(pk__in=writing.values("registration__sitting"))
    times = {
        "upcoming": Q(opens_at__gt=now),
        "running": Q(opens_at__lte=now) & (Q(closes_at__gt=now) | still),
        "over": Q(closes_at__lte=now) & ~still,
    }
    registered = Q(registrations__status=Registration.Status.REGISTERED)
    sittings = (
        Sitting.objects.visible_to(user)
        .filter(is_rehearsal=False)
        .select_related("exam", "paper", "partner")
        .annotate(taken=Count("registrations", filter=registered, distinct=True))
    )
    if filters.get("q"):
        sittings = sittings.filter(Q(name__icontains=filters["q"]) | Q(code__icontains=filters["q"]))
    if filters.get("exam"):
        sittings = sittings.filter(exam=filters["exam"])
    if filters.get("status"):
        sittings = sittings.filter(status=filters["status"])
    return sittings.filter(times.get(filters.get("time", ""), Q())).order_by("-opens_at", "pk")


def registrations_of(sitting: Sitting) -> QuerySet[Registration]:
    """Who sits, through whom, and how far they are; a sitting has at most one attempt per registration."""
    return (
        sitting.registrations.select_related("candidate", "place__cohort__partner")
        .prefetch_related(Prefetch("attempts", queryset=Attempt.objects.select_related("result")), "candidate__accommodations")
        .order_by("status", "candidate__full_name", "pk")
    )


def summary_of(sitting: Sitting) -> dict[str, Any]:
    """Counts of a sitting by state, and what its results come to."""
    states = Counter(Attempt.objects.filter(registration__sitting=sitting).values_list("status", flat=True))
    results = Result.objects.filter(attempt__registration__sitting=sitting).aggregate(
        scored=Count("pk"),
        passed=Count("pk", filter=Q(outcome=Result.Outcome.PASSED)),
        released=Count("pk", filter=Q(status=Result.Status.RELEASED)),
        mean=Avg("scaled_score"),
    )
    registered = sitting.registrations.filter(status=Registration.Status.REGISTERED).count()
    return {
        "registered": registered,
        "not_started": max(registered - sum(states.values()), 0),
        "open": states["open"] + states["paused"],
        "handed_in": states["submitted"],
        "timed_out": states["timed_out"],
        **results,
    }


def accommodations_matching(words: str) -> QuerySet[Accommodation]:
    """Entitlements, those in force first."""
    found = Accommodation.objects.select_related("candidate", "granted_by")
    if words:
        found = found.filter(Q(candidate__full_name__icontains=words) | Q(candidate__email__icontains=words))
    return found.order_by(F("valid_until").desc(), "pk")
