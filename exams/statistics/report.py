"""A paper's technical report: every figure its answers allow, as plain values for JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from exams.statistics import minima
from exams.statistics.answers import PaperAnswers
from exams.statistics.calibration import Calibration, one_parameter, two_parameter
from exams.statistics.classical import Classical, classical
from exams.statistics.comparing import compare_groups, compare_sittings
from exams.statistics.consistency import livingston_lewis
from exams.statistics.distractors import option_table
from exams.statistics.flags import flags_of, verdict
from exams.statistics.intervals import Array, of_correlation, wilson
from exams.statistics.pacing import omission, times
from exams.statistics.summary import model_figures, paper_figures, plain, rows_of

Told = Callable[[int], None]


def analyse_paper(answers: PaperAnswers, *, tell: Told = lambda percent: None) -> dict[str, Any]:
    """All of the report; `tell` is told the progress in percent. Figures that are not claimed are None, and `refused`
    says by code which ones and how many candidates they take."""
    n = len(answers.points)
    refused: list[dict[str, Any]] = []
    found: dict[str, Any] = {
        "candidates": n,
        "repeats": answers.repeats,
        "scored_items": int(answers.scored.sum()),
        "pretest_items": int((~answers.scored).sum()),
        "sittings": [{"code": code, "candidates": count} for code, count in _counted(answers.sittings)],
        "refused": refused,
        "paper": None,
        "consistency": None,
        "models": {},
        "groups": [],
        "drift": None,
    }
    enough = n >= minima.CLASSICAL and bool(answers.scored.any())
    if not enough:
        refused.append(_too_few("classical", n, minima.CLASSICAL))
        found["items"] = [{**_named(answers, column), "flags": [], "verdict": "unknown"} for column in range(len(answers.most))]
        return found
    figures = classical(answers.points[:, answers.scored], answers.most[answers.scored])
    found["paper"] = paper_figures(figures)
    found["consistency"] = _consistency(answers, figures, refused)
    items = _items(answers, figures)
    tell(30)
    _calibrate(answers, items, found, refused)
    tell(60)
    right = answers.points >= answers.most - 1e-9
    found["groups"] = compare_groups(answers, right.astype(float), items)
    found["drift"] = compare_sittings(answers, items)
    tell(80)
    for item in items:
        ets = [group["ets"] for group in item["groups"]]
        drifted = bool(item["drift"] and item["drift"]["drifted"])
        options = [option for option in item["options"] if option["option"] >= 0]
        item["flags"] = flags_of(item, options, ets=ets, drifted=drifted, calibrated=item.pop("calibrated"))
        item["verdict"] = verdict(item["flags"], enough=True)
    found["items"] = items
    return found


def _counted(values: Array) -> list[tuple[str, int]]:
    """Each value with its count, in the order they come first."""
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return list(counts.items())


def _too_few(what: str, n: int, least: int) -> dict[str, Any]:
    return {"code": "too_few_candidates", "what": what, "n": n, "least": least}


def _named(answers: PaperAnswers, column: int) -> dict[str, Any]:
    item = answers.items[column]
    named = {name: item[name] for name in ("position", "version_id", "version", "code", "type", "area")}
    return {**named, "is_scored": bool(answers.scored[column]), "most": plain(float(answers.most[column]))}


def _consistency(answers: PaperAnswers, figures: Classical, refused: list[dict[str, Any]]) -> dict[str, Any] | None:
    scored = answers.scored
    most = float(answers.most[scored].sum())
    cut = most * answers.cut_percent / 100
    alpha = figures.paper.alpha
    found = livingston_lewis(answers.points[:, scored].sum(axis=1), most=most, cut=cut, reliability=alpha)
    if found is None:
        refused.append({"code": "no_reliability", "what": "consistency"})
        return None
    return {name: plain(value) for name, value in asdict(found).items()}


def _items(answers: PaperAnswers, figures: Classical) -> list[dict[str, Any]]:
    """Position by position: classical figures, options, times, omissions."""
    total = answers.points[:, answers.scored].sum(axis=1)
    classics = iter(rows_of(figures.items))
    left_out = rows_of(omission(answers.answered))
    rows = []
    for column, described in enumerate(answers.items):
        points, is_scored = answers.points[:, column], bool(answers.scored[column])
        rest = total - points if is_scored else total
        row = next(classics) if is_scored else _on_trial(points, float(answers.most[column]), rest)
        keys = set(described["keys"])
        options = option_table(answers.chosen[:, column], described["options"], rest) if described["options"] else []
        rows.append(
            {
                **_named(answers, column),
                **row,
                **left_out[column],
                "time": {name: plain(value, 1) for name, value in asdict(times(answers.seconds[:, column])).items()},
                "options": [
                    {
                        **{name: plain(value) for name, value in asdict(option).items()},
                        "is_key": option.option in keys,
                    }
                    for option in options
                ],
                "models": {},
                "groups": [],
                "drift": None,
                "calibrated": None,
            }
        )
    return rows


def _on_trial(points: Array, most: float, total: Array) -> dict[str, Any]:
    """An item that does not count: its correlation is with the whole score. Alpha without it is the paper's own."""
    share = float(points.mean()) / most
    low, high = wilson(np.array(share), len(points))
    varies = points.std() > 0 and total.std() > 0
    r = float(np.corrcoef(points, total)[0, 1]) if varies else float("nan")
    r_low, r_high = of_correlation(np.array(r), len(points))
    values = {
        "facility": share,
        "facility_low": float(low),
        "facility_high": float(high),
        "deviation": float(points.std(ddof=1)) / most,
        "point_biserial": r,
        "discrimination": r,
        "discrimination_low": float(r_low),
        "discrimination_high": float(r_high),
        "alpha_if_deleted": float("nan"),
    }
    return {name: plain(value) for name, value in values.items()}


def _calibrate(
    answers: PaperAnswers, items: list[dict[str, Any]], found: dict[str, Any], refused: list[dict[str, Any]]
) -> None:
    """Both logistic models over the items that are right or wrong, those on trial included."""
    n = len(answers.points)
    shares = answers.points / answers.most
    columns = np.flatnonzero(np.isin(shares, (0.0, 1.0)).all(axis=0))
    fits: tuple[tuple[str, int, Callable[[Array], Calibration]], ...] = (
        ("1PL", minima.ONE_PARAMETER, one_parameter),
        ("2PL", minima.TWO_PARAMETER, two_parameter),
    )
    for name, least, fit in fits:
        if n < least:
            refused.append(_too_few(name, n, least))
            continue
        if len(columns) < minima.ITEMS_TO_CALIBRATE:
            refused.append({"code": "too_few_items", "what": name, "n": len(columns), "least": minima.ITEMS_TO_CALIBRATE})
            continue
        calibration = fit(shares[:, columns])
        if not calibration.converged:
            refused.append({"code": "not_converged", "what": name})
            continue
        found["models"][name] = {**model_figures(calibration), "items": len(columns)}
        for place, column in enumerate(columns):
            items[column]["models"][name] = {
                part: plain(getattr(calibration, part)[place], 4) for part in ("a", "b", "a_error", "b_error")
            }
            items[column]["calibrated"] = bool(calibration.estimable[place])
