"""Results as their readers see them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from exams.models import PaperItem, Result, TechnicalReport
from exams.score_bands import LEAST_ITEMS, Band, band_of, binomial_error, effective_items
from exams.signals import where_to_learn
from standards.models import Competence
from standards.models.catalogue import in_language


class Area(NamedTuple):
    """How one content area went, and what it is about. `band` is None where its items are too few to say."""

    title: str
    percent: int
    items: int
    band: Band | None
    reaches_cut: bool
    competences: list[Competence]


@dataclass(frozen=True)
class ScoreReport:
    """`method` says where the error of the whole comes from: "paper" (its technical report) or "binomial"."""

    areas: list[Area]
    whole: Band | None
    cut_percent: float
    scaled: tuple[int, int] | None
    method: str
    items: int


def score_report(result: Result) -> ScoreReport:
    """The areas in the blueprint's order, each with its band; four queries.

    `reaches_cut` compares with the exam's own cut, as advice on what to study.
    """
    blueprint = result.attempt.registration.sitting.exam.blueprint
    competences = {line.number: list(line.competences.all()) for line in blueprint.lines.prefetch_related("competences")}
    worths = _worths_by_area(result)
    cut_percent = float(100 * result.cut_score / result.max_score) if result.max_score else 0.0
    areas = [
        Area(
            title=in_language(area["title"], area["title_zh"]),
            percent=area["percent"],
            items=len(worths[area["number"]]),
            band=_area_band(area, worths[area["number"]]),
            reaches_cut=area["percent"] >= cut_percent,
            competences=competences.get(area["number"], []),
        )
        for area in result.areas
    ]
    everything = [worth for each in worths.values() for worth in each]
    whole, method = _whole(result, everything)
    scaled = (_scaled_at(result, whole.low), _scaled_at(result, whole.high)) if whole else None
    return ScoreReport(areas, whole, cut_percent, scaled, method, len(everything))


def _worths_by_area(result: Result) -> dict[int, list[float]]:
    """{area: the points that each counting position was worth}; dropped and unscored ones are left out."""
    worths: dict[int, list[float]] = defaultdict(list)
    places = dict(PaperItem.objects.filter(paper=result.attempt.paper_id).values_list("position", "content_area"))
    for position, row in result.positions.items():
        if row["scored"] and int(position) in places:
            worths[places[int(position)]].append(float(row["max"]))
    return worths


def _area_band(area: dict[str, Any], worths: list[float]) -> Band | None:
    items, most = effective_items(worths), float(area["max"])
    if len(worths) < LEAST_ITEMS or items <= 1 or not most:
        return None
    share = float(area["raw"]) / most
    return band_of(share, binomial_error(share, items))


def _whole(result: Result, worths: list[float]) -> tuple[Band | None, str]:
    """By the paper's own standard error where enough candidates allow it, else by binomial errors."""
    items = effective_items(worths)
    if len(worths) < LEAST_ITEMS or items <= 1 or not result.max_score:
        return None, "none"
    share = float(result.raw_score / result.max_score)
    error = _error_of_paper(result)
    if error is not None:
        return band_of(share, error), "paper"
    return band_of(share, binomial_error(share, items)), "binomial"


def _error_of_paper(result: Result) -> float | None:
    """The standard error of measurement as a share of the points, from the newest technical report that has one."""
    ready = TechnicalReport.objects.filter(paper=result.attempt.paper_id, status="ready").order_by("-ready_at")
    figures = ready.values_list("figures", flat=True).first() or {}
    error = (figures.get("paper") or {}).get("error")
    most = sum(float(item.get("most") or 0) for item in figures.get("items", ()) if item.get("is_scored"))
    return float(error) / most if error and most else None


def _scaled_at(result: Result, share: float) -> int:
    from exams.actions.scoring import scaled

    raw = (Decimal(str(share)) * result.max_score).quantize(Decimal("0.001"))
    return scaled(raw, result.cut_score, result.max_score)


def lessons_for(areas: list[Area]) -> dict[int, list[dict[str, str]]]:
    """{competence id: [{"title", "link"}]} by whoever teaches; exams and training are strangers and meet in a question."""
    wanted = [competence.pk for area in areas for competence in area.competences]
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    answers: list[Any] = where_to_learn.send(sender=None, competence_ids=wanted) if wanted else []
    for _receiver, answer in answers:
        for competence, lessons in (answer or {}).items():
            found[competence] += lessons
    return found
