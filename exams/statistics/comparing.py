"""Groups and sittings of one paper compared, item by item."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from exams.statistics import minima
from exams.statistics.answers import PaperAnswers
from exams.statistics.differential import differential, enough_to_compare
from exams.statistics.drift import drift
from exams.statistics.intervals import Array
from exams.statistics.summary import plain


def compare_groups(answers: PaperAnswers, right: Array, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """DIF by language and by kind of partner, each group against the largest. Every item gets its row in `groups`; the
    answer lists the comparisons, with `claimed` False where the groups are too small."""
    comparisons = []
    for by, values in (("language", answers.languages), ("partner_kind", answers.kinds)):
        names, counts = np.unique(values.astype(str), return_counts=True)
        if len(names) < 2:
            continue
        reference = str(names[counts.argmax()])
        for name, count in zip(names, counts, strict=True):
            if name == reference:
                continue
            sizes = int(counts.max()), int(count)
            claimed = enough_to_compare(*sizes)
            comparison = {"by": by, "reference": reference, "focal": str(name), "sizes": list(sizes), "claimed": claimed}
            comparisons.append(comparison)
            if claimed:
                _one_comparison(answers, right, items, values, comparison)
    return comparisons


def _one_comparison(
    answers: PaperAnswers, right: Array, items: list[dict[str, Any]], values: Array, comparison: dict[str, Any]
) -> None:
    both = (values == comparison["reference"]) | (values == comparison["focal"])
    found = differential(right[both], values[both] == comparison["focal"], answers.scored)
    for item, difference in zip(items, found, strict=True):
        figures = {name: plain(value, 4) for name, value in asdict(difference).items()}
        item["groups"].append({"by": comparison["by"], "name": comparison["focal"], **figures})


def compare_sittings(answers: PaperAnswers, items: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The last sitting that is large enough against all before it; None where there is but one sitting. Every item gets its
    `drift` when claimed."""
    order = list(dict.fromkeys(answers.sittings))
    if len(order) < 2:
        return None
    large = [code for code in order[1:] if (answers.sittings == code).sum() >= minima.DRIFT_SITTING]
    later = large[-1] if large else order[-1]
    before = order[: order.index(later)]
    late, early = answers.sittings == later, np.isin(answers.sittings.astype(str), before)
    sizes = int(early.sum()), int(late.sum())
    about = {"earlier": before, "later": later, "sizes": list(sizes), "least": minima.DRIFT_SITTING}
    shares = answers.points / answers.most
    found = drift(shares[early].mean(axis=0), sizes[0], shares[late].mean(axis=0), sizes[1])
    if found is None:
        return {**about, "claimed": False}
    for column, item in enumerate(items):
        item["drift"] = {name: _plain(values[column]) for name, values in asdict(found).items()}
    return {**about, "claimed": True}


def _plain(value: Any) -> Any:
    return bool(value) if isinstance(value, np.bool_) else plain(float(value), 4)
