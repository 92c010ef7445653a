"""All that one matrix of answers allows to be said, as plain values for JSON: what may not be said is null, with a reason."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from exams.statistics import minima
from exams.statistics.calibration import Calibration, one_parameter, two_parameter
from exams.statistics.classical import Classical, classical, efficiency
from exams.statistics.consistency import livingston_lewis
from exams.statistics.intervals import Array
from exams.statistics.reading import Matrix
from exams.statistics.words import refusal_in_words


def analyse(matrix: Matrix, *, cut: float | None = None) -> dict[str, Any]:
    """The figures of a matrix. `refused` lists what is not claimed, and why; `cut` is in points."""
    points = matrix.counted
    n, k = points.shape
    figures = classical(points)
    enough = n >= minima.CLASSICAL
    refused = [] if enough else [refusal("too_few_candidates", "classical", n=n, least=minima.CLASSICAL)]
    binary = bool(np.isin(points, (0.0, 1.0)).all())
    models = _models(points, binary, refused)
    return {
        "candidates": n,
        "ignored_columns": matrix.ignored,
        "left_out": int(np.isnan(matrix.points).sum()),
        "paper": paper_figures(figures) if enough else {"items": k},
        "items": [
            {"name": name, **item, **_place(models, column)}
            for column, (name, item) in enumerate(zip(matrix.items, _items(points, figures, enough, matrix), strict=True))
        ],
        "models": {name: model_figures(fit) for name, fit in models.items()},
        "consistency": _consistency(points, figures, cut, refused) if enough else None,
        "refused": refused,
    }


def refusal(code: str, what: str, **numbers: int) -> dict[str, Any]:
    """A figure that is not claimed, and the sentence that says why."""
    about = {"code": code, "what": what, **numbers}
    return {**about, "sentence": refusal_in_words(about)}


def plain(value: Any, digits: int = 6) -> Any:
    """A number JSON can hold: not a number becomes null."""
    if isinstance(value, float | np.floating):
        return round(float(value), digits) if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


def rows_of(figures: Any) -> list[dict[str, Any]]:
    """A dataclass of arrays, one entry per item, turned into one dictionary per item."""
    columns = asdict(figures)
    length = len(next(iter(columns.values())))
    return [{name: plain(values[row]) for name, values in columns.items()} for row in range(length)]


def paper_figures(figures: Classical) -> dict[str, Any]:
    """The figures of the paper, without the count of candidates, which stands above them."""
    return {name: plain(value) for name, value in asdict(figures.paper).items() if name != "candidates"}


def _items(points: Array, figures: Classical, enough: bool, matrix: Matrix) -> list[dict[str, Any]]:
    rows = rows_of(figures.items)
    efficient, omitted = efficiency(points), np.isnan(matrix.points).mean(axis=0)
    for row, share, gone in zip(rows, efficient, omitted, strict=True):
        row.update(efficiency=plain(share), omitted=plain(gone))
    return rows if enough else [dict.fromkeys(row) for row in rows]


def _models(points: Array, binary: bool, refused: list[dict[str, Any]]) -> dict[str, Calibration]:
    """Both logistic models where the answers are many enough and either right or wrong."""
    n, k = points.shape
    found: dict[str, Calibration] = {}
    for name, least, fit in (
        ("1PL", minima.ONE_PARAMETER, one_parameter),
        ("2PL", minima.TWO_PARAMETER, two_parameter),
    ):
        if n < least:
            refused.append(refusal("too_few_candidates", name, n=n, least=least))
        elif not binary:
            refused.append(refusal("partial_credit", name))
        elif k < minima.ITEMS_TO_CALIBRATE:
            refused.append(refusal("too_few_items", name, n=k, least=minima.ITEMS_TO_CALIBRATE))
        else:
            calibration = fit(points)
            if calibration.converged:
                found[name] = calibration
            else:
                refused.append(refusal("not_converged", name))
    return found


def model_figures(fit: Calibration) -> dict[str, Any]:
    """How a model fits as a whole; AIC and BIC tell which of two models the answers prefer: the lower."""
    return {
        "log_likelihood": plain(fit.log_likelihood),
        "parameters": fit.parameters,
        "aic": plain(2 * fit.parameters - 2 * fit.log_likelihood),
        "bic": plain(fit.parameters * float(np.log(fit.candidates)) - 2 * fit.log_likelihood),
        "rounds": fit.rounds,
        "converged": fit.converged,
        "not_estimable": int((~fit.estimable).sum()),
    }


def _place(models: dict[str, Calibration], column: int) -> dict[str, Any]:
    """Slope and place of one item in each model, with standard errors."""
    return {
        name: {field: plain(getattr(fit, field)[column]) for field in ("a", "b", "a_error", "b_error")}
        for name, fit in models.items()
    }


def _consistency(points: Array, figures: Classical, cut: float | None, refused: list[dict[str, Any]]) -> dict[str, Any] | None:
    if cut is None:
        return None
    found = livingston_lewis(points.sum(axis=1), most=figures.paper.most, cut=cut, reliability=figures.paper.alpha)
    if found is None:
        refused.append(refusal("no_reliability", "consistency"))
        return None
    return {name: plain(value) for name, value in asdict(found).items()}
