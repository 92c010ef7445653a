"""Does an item treat two groups of equal ability alike? Mantel and Haenszel's (1959) odds ratio, as Holland and Thayer
(1988) use it, with ETS's classes A, B and C (Zwick 2012). Right-or-wrong answers; partial credit counts when full.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtri

from exams.statistics import minima
from exams.statistics.intervals import Array

DELTA = -2.35
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Difference:
    """`delta` is on ETS's scale: below 0 the item is harder for the focal group at equal ability. `ets` is A, B, C or ""
    where the table says nothing (no stratum has both groups, or all answered alike)."""

    odds: float
    delta: float
    delta_low: float
    delta_high: float
    chi_square: float
    p: float
    ets: str
    reference: int
    focal: int


def enough_to_compare(reference: int, focal: int) -> bool:
    return min(reference, focal) >= minima.DIFFERENTIAL_GROUP and reference + focal >= minima.DIFFERENTIAL_TOGETHER


def differential(right: Array, focal: Array, scored: Array | None = None) -> list[Difference]:
    """One entry per item. Candidates are matched on their score over the `scored` items (all unless told), the studied
    item included (Holland and Thayer); items of class C are then taken out of the match and all is done again, as ETS
    does (Dorans and Holland 1993)."""
    scored = np.ones(right.shape[1], dtype=bool) if scored is None else scored
    first = [_one(right, column, scored, focal) for column in range(right.shape[1])]
    clean = scored & np.array([each.ets != "C" for each in first])
    if clean.sum() < 2 or (clean == scored).all():
        return first
    return [_one(right, column, clean, focal) for column in range(right.shape[1])]


def _one(right: Array, column: int, scored: Array, focal: Array) -> Difference:
    match = scored.copy()
    match[column] = True
    return mantel_haenszel(right[:, column], right[:, match].sum(axis=1), focal)


def mantel_haenszel(right: Array, score: Array, focal: Array) -> Difference:
    """`right` 0 or 1, `score` what candidates are matched on, `focal` True for the focal group; one entry each."""
    levels, stratum = np.unique(score, return_inverse=True)
    size = len(levels)
    counts = [
        np.bincount(stratum[mask], weights=weight[mask], minlength=size)
        for mask in (~focal, focal)
        for weight in (right, 1 - right)
    ]
    reference_right, reference_wrong, focal_right, focal_wrong = counts
    total = np.sum(counts, axis=0)
    both = (reference_right + reference_wrong > 0) & (focal_right + focal_wrong > 0)
    a, b, c, d, n = (each[both] for each in (reference_right, reference_wrong, focal_right, focal_wrong, total))
    groups = int((~focal).sum()), int(focal.sum())
    above, below = float((a * d / n).sum()), float((b * c / n).sum())
    if above <= 0 or below <= 0:
        nothing = float("nan")
        return Difference(nothing, nothing, nothing, nothing, nothing, nothing, "", *groups)
    odds = above / below
    error = abs(DELTA) * np.sqrt(_log_odds_variance(a, b, c, d, n, above, below))
    chi_square = _chi_square(a, b, c, d, n)
    p = float(chdtrc(1, chi_square))
    delta = DELTA * float(np.log(odds))
    half = float(ndtri(0.975)) * error
    return Difference(odds, delta, delta - half, delta + half, chi_square, p, _ets(delta, error, p), *groups)


def _log_odds_variance(a: Array, b: Array, c: Array, d: Array, n: Array, above: float, below: float) -> float:
    """Of the logarithm of the common odds ratio (Robins, Breslow and Greenland 1986)."""
    r, s, p, q = a * d / n, b * c / n, (a + d) / n, (b + c) / n
    return float((p * r).sum() / (2 * above**2) + (p * s + q * r).sum() / (2 * above * below) + (q * s).sum() / (2 * below**2))


def _chi_square(a: Array, b: Array, c: Array, d: Array, n: Array) -> float:
    """With the correction for continuity, one degree of freedom."""
    many = n > 1
    a, b, c, d, n = (each[many] for each in (a, b, c, d, n))
    expected = (a + b) * (a + c) / n
    variance = ((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))).sum()
    return float(max(abs(float((a - expected).sum())) - 0.5, 0.0) ** 2 / variance) if variance > 0 else 0.0


def _ets(delta: float, error: float, p: float) -> str:
    """A: not different from 0, or under 1. C: 1.5 or more and significantly over 1. B: between."""
    size = abs(delta)
    if p >= SIGNIFICANT or size < 1:
        return "A"
    return "C" if size >= 1.5 and (size - 1) / error > float(ndtri(1 - SIGNIFICANT)) else "B"
