"""Two papers on one scale by the items they share: a straight line, from new scores to old.

Tucker's method for observed scores (Gulliksen 1950; Kolen and Brennan 2014, section 4.2), mean-sigma for calibrated items
(Marco 1977). Where numbers do not allow it the answer is a refusal, and marks stay provisional.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exams.statistics import minima
from exams.statistics.intervals import Array


@dataclass(frozen=True)
class Line:
    """`old = slope · new + intercept`."""

    slope: float
    intercept: float

    def on_old_scale(self, score: Array) -> Array:
        return self.slope * score + self.intercept


@dataclass(frozen=True)
class Group:
    """One paper's candidates: total points and points on the shared items, one entry each. The anchor is internal when
    its items count in the total; the formulas are the same."""

    total: Array
    anchor: Array


def why_not_equate(new: Group, old: Group, *, items: int, anchor_items: int) -> str:
    """Empty when the numbers allow linear equating, or the code of what is missing."""
    if min(len(new.total), len(old.total)) < minima.EQUATING_GROUP:
        return "too_few_candidates"
    if anchor_items < min(minima.EQUATING_ANCHOR_SHARE * items, minima.EQUATING_ANCHOR_ITEMS):
        return "anchor_too_short"
    if min(group.anchor.std() for group in (new, old)) == 0 or min(group.total.std() for group in (new, old)) == 0:
        return "no_spread"
    # An anchor that hardly follows the totals cannot carry the groups' difference.
    if min(float(np.corrcoef(group.total, group.anchor)[0, 1]) for group in (new, old)) < 0.5:
        return "anchor_unlike_the_papers"
    return ""


def tucker(new: Group, old: Group, *, weight_new: float | None = None) -> Line:
    """The line over the synthetic population; `weight_new` is the share of the new group in it, by size unless told."""
    share = len(new.total) / (len(new.total) + len(old.total)) if weight_new is None else weight_new
    apart = float(new.anchor.mean() - old.anchor.mean())
    apart_variance = float(new.anchor.var() - old.anchor.var())
    mean_new, variance_new = _synthetic(
        new, -(1 - share) * apart, share * (1 - share) * apart**2 - (1 - share) * apart_variance
    )
    mean_old, variance_old = _synthetic(old, share * apart, share * (1 - share) * apart**2 + share * apart_variance)
    slope = float(np.sqrt(variance_old / variance_new))
    return Line(slope, mean_old - slope * mean_new)


def _synthetic(group: Group, step: float, spread: float) -> tuple[float, float]:
    """Mean and variance of a total in the synthetic population, by its regression on the anchor."""
    gamma = float(np.cov(group.total, group.anchor, ddof=0)[0, 1] / group.anchor.var())
    return float(group.total.mean()) + gamma * step, float(group.total.var()) + gamma**2 * spread


def mean_sigma(b_new: Array, b_old: Array) -> Line:
    """From the scale of the new calibration to that of the old, by the places of the shared items; needs two that differ.

    A place becomes `slope · b + intercept`, a slope a becomes `a / slope`.
    """
    slope = float(b_old.std() / b_new.std())
    return Line(slope, float(b_old.mean() - slope * b_new.mean()))
