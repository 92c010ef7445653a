"""The answers to a paper as arrays, in a fixed number of queries whatever the size. Only tasks ask: it loads numpy."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import F

from exams.item_types import REGISTRY
from exams.models import Paper, PaperItem, Response, Result

if TYPE_CHECKING:
    from exams.statistics.answers import PaperAnswers

NO_PARTNER = "none"


def answers_of(paper: Paper) -> PaperAnswers:
    """Every scored first attempt at a paper, rehearsals left out; four queries.

    Only a candidate's first attempt at this very paper counts: who sees it again answers other questions.
    """
    import numpy as np

    from exams.statistics.answers import PaperAnswers

    items = _items_of(paper)
    attempts, repeats = _first_attempts(paper)
    row_of = {attempt["attempt_id"]: row for row, attempt in enumerate(attempts)}
    shape = len(attempts), len(items)
    points = np.zeros(shape)
    for row, attempt in enumerate(attempts):
        earned = attempt["positions"]
        points[row] = [float(earned.get(str(item.position), {"points": 0})["points"]) for item in items]
    answered, chosen, seconds = np.zeros(shape, dtype=bool), np.full(shape, -1), np.full(shape, np.nan)
    _read_responses(paper, items, row_of, [a["attempt__started_at"].timestamp() for a in attempts], answered, chosen, seconds)
    return PaperAnswers(
        items=[_described(item) for item in items],
        points=points,
        most=np.array([float(item.version.points) for item in items]),
        scored=np.array([item.is_scored for item in items], dtype=bool),
        answered=answered,
        chosen=chosen,
        seconds=seconds,
        languages=np.array([attempt["attempt__language"] for attempt in attempts], dtype=object),
        kinds=np.array([attempt["kind"] or NO_PARTNER for attempt in attempts], dtype=object),
        sittings=np.array([attempt["sitting"] for attempt in attempts], dtype=object),
        cut_percent=float(paper.cut_percent),
        repeats=repeats,
    )


def _items_of(paper: Paper) -> list[PaperItem]:
    """Without those on trial that only people could mark: nobody does, so they have no points to report on."""
    items = paper.items.select_related("version__item").prefetch_related("version__options").order_by("position")
    return [item for item in items if item.is_scored or not REGISTRY[item.version.item.type].needs_marker]


def _described(item: PaperItem) -> dict[str, Any]:
    """What the report names an item by: codes and the letters of its options, no word of it."""
    options = _options_of(item)
    return {
        "position": item.position,
        "version_id": item.version_id,
        "version": str(item.version.uuid),
        "code": f"{item.version.item.code} v{item.version.number}",
        "type": item.version.item.type,
        "area": item.content_area,
        "keys": [place for place, option in enumerate(options) if option.is_key],
        "options": len(options),
    }


def _options_of(item: PaperItem) -> list[Any]:
    """The options of an item whose answer is one of them; empty for every other type."""
    if item.version.item.type not in ("single_choice", "true_false"):
        return []
    return sorted(item.version.options.all(), key=lambda option: option.position)


def _first_attempts(paper: Paper) -> tuple[list[Any], int]:
    results = (
        Result.objects.filter(attempt__paper=paper, attempt__registration__sitting__is_rehearsal=False)
        .order_by("attempt__started_at", "attempt_id")
        .values(
            "attempt_id",
            "positions",
            "attempt__started_at",
            "attempt__language",
            candidate=F("attempt__registration__candidate_id"),
            sitting=F("attempt__registration__sitting__code"),
            kind=F("attempt__registration__place__cohort__partner__kind"),
        )
    )
    seen: Counter[int] = Counter()
    first: list[Any] = []
    for result in results.iterator():
        seen[result["candidate"]] += 1
        if seen[result["candidate"]] == 1:
            first.append(result)
    return first, sum(seen.values()) - len(first)


def _read_responses(
    paper: Paper,
    items: list[PaperItem],
    row_of: dict[int, int],
    started: list[float],
    answered: Any,
    chosen: Any,
    seconds: Any,
) -> None:
    """Fill the three arrays from the stored answers, one attempt after the other."""
    from exams.statistics.pacing import seconds_between

    column_of = {item.position: column for column, item in enumerate(items)}
    places = [{option.token: place for place, option in enumerate(_options_of(item))} for item in items]
    saved: dict[int, list[tuple[int, float]]] = {}
    rows = (
        Response.objects.filter(attempt__paper=paper, attempt__result__isnull=False)
        .exclude(attempt__registration__sitting__is_rehearsal=True)
        .values_list("attempt_id", "position", "body", "saved_at")
    )
    for attempt_id, position, body, saved_at in rows.iterator(chunk_size=5000):
        row, column = row_of.get(attempt_id), column_of.get(position)
        if row is None or column is None:
            continue
        saved.setdefault(row, []).append((column, saved_at.timestamp()))
        if body is not None:
            answered[row, column] = True
            if places[column]:
                chosen[row, column] = places[column].get(json.loads(body).get("choice"), -1)
    for row, moments in saved.items():
        for column, took in seconds_between(started[row], moments).items():
            seconds[row, column] = took
