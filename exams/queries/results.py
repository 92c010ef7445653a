"""Results as their readers see them."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from exams.models import Result
from standards.models import Competence
from standards.models.catalogue import in_language


class Area(NamedTuple):
    """How one content area went, and what it is about."""

    title: str
    percent: int
    reaches_cut: bool
    competences: list[Competence]


def areas_of_result(result: Result) -> list[Area]:
    """The areas in the blueprint's order. `reaches_cut` compares with the exam's own cut, as advice on what to study."""
    blueprint = result.attempt.registration.sitting.exam.blueprint
    competences = {line.number: list(line.competences.all()) for line in blueprint.lines.prefetch_related("competences")}
    cut_percent = 100 * result.cut_score / result.max_score if result.max_score else Decimal(0)
    return [
        Area(
            title=in_language(area["title"], area["title_zh"]),
            percent=area["percent"],
            reaches_cut=area["percent"] >= cut_percent,
            competences=competences.get(area["number"], []),
        )
        for area in result.areas
    ]


def results_awaiting_release() -> QuerySet[Result]:
    """Held results of real sittings, oldest first: an officer's work."""
    return (
        Result.objects.filter(status=Result.Status.HELD, attempt__registration__sitting__is_rehearsal=False)
        .select_related("attempt__registration__candidate", "attempt__registration__sitting__exam")
        .order_by("scored_at", "pk")
    )
