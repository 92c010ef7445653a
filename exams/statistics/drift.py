"""Has an item become easier or harder than its neighbours from one sitting to the next?

Facilities become ETS's delta, 13 + 4·Φ⁻¹(1 − p), on which items of two groups lie on a line (Angoff 1972; Angoff and Ford
1973). The median change is the groups' difference in ability; what an item moved beyond it is its own. Tests by the delta
method, corrected over all items after Holm (1979).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from exams.statistics import minima
from exams.statistics.intervals import Array, newcombe

SIGNIFICANT = 0.05
# One point of delta is ETS's border of a difference too small to matter.
MATTERS = 1.0


@dataclass(frozen=True)
class Drift:
    """One entry per item. `change` is of the facility, later less earlier; `shift` in delta beyond the median change:
    below 0 the item has become easier than its neighbours. nan where everybody or nobody was right in a sitting."""

    earlier: Array
    later: Array
    change: Array
    change_low: Array
    change_high: Array
    shift: Array
    p: Array
    drifted: Array


def drift(earlier: Array, earlier_n: int, later: Array, later_n: int) -> Drift | None:
    """`earlier` and `later` are facilities of the same items; None below `minima.DRIFT_SITTING` or `DRIFT_ITEMS`."""
    if min(earlier_n, later_n) < minima.DRIFT_SITTING or len(earlier) < minima.DRIFT_ITEMS:
        return None
    low, high = newcombe(later, np.array(float(later_n)), earlier, np.array(float(earlier_n)))
    moved = delta_of(later) - delta_of(earlier)
    usable = np.isfinite(moved)
    shift = np.where(usable, moved - (np.median(moved[usable]) if usable.any() else 0), np.nan)
    error = np.sqrt(_delta_variance(earlier, earlier_n) + _delta_variance(later, later_n))
    p = np.where(usable, 2 * ndtr(-np.abs(shift) / error), np.nan)
    corrected = holm(p)
    drifted = usable & (corrected < SIGNIFICANT) & (np.abs(shift) >= MATTERS)
    return Drift(earlier, later, later - earlier, low, high, shift, corrected, drifted)


def delta_of(facility: Array) -> Array:
    inside = (facility > 0) & (facility < 1)
    return np.where(inside, 13 - 4 * ndtri(np.where(inside, facility, 0.5)), np.nan)


def _delta_variance(facility: Array, n: int) -> Array:
    """Of 4·Φ⁻¹(p) by the delta method: 16·p(1 − p) / (n·φ²)."""
    inside = np.clip(facility, 1e-9, 1 - 1e-9)
    height = np.exp(-0.5 * ndtri(inside) ** 2) / np.sqrt(2 * np.pi)
    return np.asarray(16 * inside * (1 - inside) / (n * height**2))


def holm(p: Array) -> Array:
    """Adjusted p values: below 0.05 means significant with all items looked at; nan stays nan."""
    adjusted = np.full_like(p, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known])]
    steps = np.minimum(p[order] * (len(order) - np.arange(len(order))), 1.0)
    adjusted[order] = np.maximum.accumulate(steps)
    return adjusted
