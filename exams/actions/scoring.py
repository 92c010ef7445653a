"""From stored answers to a result. What releases it is exams.actions.board_records."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction

from common.events import announce
from exams.actions.sealing import paper_items
from exams.clock import server_now
from exams.corrections import Correction, corrected
from exams.errors import AttemptStillOpen, AwaitsMarking
from exams.item_types import REGISTRY, key_of
from exams.models import Attempt, CutDecision, Paper, PaperItem, Result
from exams.queries.corrections import corrections_in_force
from exams.queries.marking import settled_points
from exams.signals import attempt_scored

LEAST, CUT, MOST = 200, 500, 800
THOUSANDTH = Decimal("0.001")


@transaction.atomic
def score_attempt(attempt_id: int, *, at: datetime | None = None) -> Result:
    """Score a closed attempt once; asked again, the result it has. Delivered twice, a task changes nothing.

    Raises AttemptStillOpen, and AwaitsMarking while an answer that counts waits for a person: there is no half result.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("paper__exam__blueprint").get(pk=attempt_id)
    existing = Result.objects.filter(attempt=attempt).first()
    if existing is not None:
        return existing
    if attempt.is_open:
        raise AttemptStillOpen
    result = Result.objects.create(attempt=attempt, scored_at=at or server_now(), **score_of(attempt))
    announce(attempt_scored, attempt_id=attempt.pk, result_id=result.pk)
    return result


def score_of(
    attempt: Attempt, *, items: list[PaperItem] | None = None, corrections: Mapping[int, Correction] | None = None
) -> dict[str, Any]:
    """The fields of a result, from the paper, the corrections of its keys in force and the stored answers alone. Wrong picks
    may cost points, but neither an area nor the whole falls below zero. Raises AwaitsMarking.

    `items` spares a caller of many attempts the reading of their paper; `corrections` is for what is not in force yet.
    """
    items = paper_items(attempt.paper) if items is None else items
    corrections = corrections_in_force(items) if corrections is None else corrections
    bodies = dict(attempt.responses.values_list("position", "body"))
    earned = {item.position: points_of(item, bodies.get(item.position)) for item in items}
    if None in earned.values():
        settled = settled_points(attempt)
        earned = {position: settled.get(position) if points is None else points for position, points in earned.items()}
    earned = corrected(items, earned, bodies, corrections)
    dropped = {item.position for item in items if item.version_id in corrections and corrections[item.version_id].drops}
    scored = [item for item in items if item.is_scored and item.position not in dropped]
    waiting = [item.position for item in scored if earned[item.position] is None]
    if waiting:
        raise AwaitsMarking(positions=waiting)
    points = {item.position: earned[item.position] or Decimal(0) for item in scored}
    raw = max(sum(points.values(), Decimal(0)), Decimal(0))
    most = sum((Decimal(item.version.points) for item in scored), Decimal(0))
    areas = areas_of(attempt, scored, points)
    positions = {str(item.position): _position(item, earned[item.position]) for item in items}
    for position in dropped:
        positions[str(position)] |= {"scored": False, "dropped": True}
    return {
        "raw_score": raw,
        "max_score": most,
        **judged(raw, most, areas, attempt.paper),
        "areas": areas,
        "positions": positions,
    }


def judged(raw: Decimal, most: Decimal, areas: list[dict[str, Any]], paper: Paper) -> dict[str, Any]:
    """What the score means under the paper's cut: that of the board's decision, or the provisional one it was sealed with."""
    decision = CutDecision.objects.filter(paper=paper).first()
    percent, is_provisional = (decision.cut_percent, False) if decision else (paper.cut_percent, paper.cut_is_provisional)
    cut = (most * percent / 100).quantize(THOUSANDTH, ROUND_HALF_UP)
    floor = paper.exam.blueprint.area_floor_percent
    passed = raw >= cut and all(Decimal(area["raw"]) * 100 >= Decimal(area["max"]) * floor for area in areas)
    return {
        "cut_score": cut,
        "scaled_score": scaled(raw, cut, most),
        "outcome": Result.Outcome.PASSED if passed else Result.Outcome.FAILED,
        "is_provisional": is_provisional,
    }


def apply_cut(paper: Paper) -> int:
    """Judge the held results of a paper by its cut as it stands now; how many. Points stay as they were scored."""
    held = list(Result.objects.select_for_update(of=("self",)).filter(attempt__paper=paper, status=Result.Status.HELD))
    for result in held:
        for name, value in judged(result.raw_score, result.max_score, result.areas, paper).items():
            setattr(result, name, value)
    Result.objects.bulk_update(held, ["cut_score", "scaled_score", "outcome", "is_provisional"], batch_size=200)
    return len(held)


def _position(item: PaperItem, points: Decimal | None) -> dict[str, Any]:
    """`points` is null where an answer on trial would need a person: it counts for nothing, so nobody is asked."""
    return {
        "points": None if points is None else plain(points),
        "max": str(item.version.points),
        "scored": item.is_scored,
    }


def points_of(item: PaperItem, body: str | None) -> Decimal | None:
    """What the stored answer to this position earns, nothing for none; None when a person has to mark it."""
    response = None if body is None else json.loads(body)
    return REGISTRY[item.version.item.type].score(key_of(item.version), response)


def scaled(raw: Decimal, cut: Decimal, most: Decimal) -> int:
    """Points on the reporting scale: 200 for nothing, 500 at the cut, 800 for everything; straight lines between.

    Rounded half up, but a score below the cut never rounds up to it.
    """
    if raw >= cut:
        if most <= cut:
            return MOST
        return int((CUT + (MOST - CUT) * (raw - cut) / (most - cut)).to_integral_value(ROUND_HALF_UP))
    return min(int((LEAST + (CUT - LEAST) * raw / cut).to_integral_value(ROUND_HALF_UP)), CUT - 1)


def plain(number: Decimal) -> str:
    """The number without trailing zeros or an exponent."""
    return f"{number.normalize():f}"


def areas_of(attempt: Attempt, scored: list[PaperItem], points: dict[int, Decimal]) -> list[dict[str, Any]]:
    """Raw, most and percent by content area, in the blueprint's order and words. Percent is rounded down."""
    raw: dict[int, Decimal] = defaultdict(Decimal)
    most: dict[int, Decimal] = defaultdict(Decimal)
    for item in scored:
        raw[item.content_area] += points[item.position]
        most[item.content_area] += item.version.points
    raw = defaultdict(Decimal, {number: max(earned, Decimal(0)) for number, earned in raw.items()})
    lines = {line.number: line for line in attempt.paper.exam.blueprint.lines.all()}
    return [
        {
            "number": number,
            "title": lines[number].title if number in lines else str(number),
            "title_zh": lines[number].title_zh if number in lines else str(number),
            "raw": plain(raw[number]),
            "max": plain(most[number]),
            "percent": int((100 * raw[number] / most[number]).to_integral_value(ROUND_FLOOR)) if most[number] else 0,
        }
        for number in sorted(most)
    ]
