"""Who has seen an item: candidates whose attempt at a paper with it has begun. Rehearsals do not count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from exams.models import ItemBank, ItemVersion, Paper, PaperItem


@dataclass(frozen=True)
class Exposure:
    """Candidates, each counted once: in all, and since the version's last rest ended (in all when it never rested)."""

    total: int = 0
    since_rest: int = 0


NONE = Exposure()


def exposure_of(versions: Collection[int] | QuerySet[ItemVersion]) -> dict[int, Exposure]:
    """By version; those nobody has seen are left out. One query."""
    seen = Q(
        paper__attempts__registration__sitting__is_rehearsal=False,
        paper__attempts__started_at__isnull=False,
    )
    later = Q(version__rested_at=None) | Q(paper__attempts__started_at__gte=F("version__rested_at"))
    candidate = "paper__attempts__registration__candidate"
    rows = (
        PaperItem.objects.filter(version__in=versions)
        .values("version")
        .annotate(
            total=Count(candidate, distinct=True, filter=seen),
            since_rest=Count(candidate, distinct=True, filter=seen & later),
        )
        .filter(total__gt=0)
        .order_by()
    )
    return {row["version"]: Exposure(row["total"], row["since_rest"]) for row in rows}


def banks_with_rules() -> QuerySet[ItemBank]:
    return ItemBank.objects.exclude(rest_after=None, retire_after=None).order_by("pk")


def rested_enough(at: datetime) -> QuerySet[ItemVersion]:
    """Resting versions whose rest is over."""
    return ItemVersion.objects.filter(status=ItemVersion.Status.RESTING, rests_until__lte=at).order_by("pk")


def stands_on_sealed_paper(version: ItemVersion) -> bool:
    return PaperItem.objects.filter(version=version, paper__status=Paper.Status.SEALED).exists()
