"""The modified Angoff method: from judges' estimates to a cut with its error.

Each judge says for each item how many of 100 borderline candidates would solve it. The expected raw score of such a
candidate is the judge's cut; the study's cut is the judges' mean. W. H. Angoff, "Scales, norms, and equivalent scores",
in R. L. Thorndike (ed.), Educational Measurement, 2nd ed., 1971, p. 515; standard error and the figures per judge as in
G. J. Cizek and M. B. Bunch, Standard Setting, 2007, ch. 6 and 16.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pstdev, stdev

Estimates = Mapping[int, Mapping[int, float]]


@dataclass(frozen=True)
class JudgeFigures:
    """`severity`: raw points above (stricter) or below the mean cut. `consistency`: correlation with the mean of the
    other judges over the items, None where it is not defined."""

    judge: int
    cut: float
    severity: float
    consistency: float | None


@dataclass(frozen=True)
class ItemFigures:
    item: int
    mean: float
    lowest: float
    highest: float
    spread: float


@dataclass(frozen=True)
class AngoffFigures:
    """All cuts in raw points; `most` is the highest possible raw score. `error` is the standard error of the mean cut
    over judges, None with one judge."""

    cut: float
    most: float
    error: float | None
    judges: list[JudgeFigures]
    items: list[ItemFigures]

    @property
    def percent(self) -> float:
        return 100 * self.cut / self.most if self.most else 0.0


def angoff(estimates: Estimates, points: Mapping[int, float]) -> AngoffFigures:
    """`estimates[judge][item]` in percent 0..100, complete over the items of `points`. ValueError without a judge or item."""
    if not estimates or not points:
        raise ValueError("a study needs a judge and an item")
    items = sorted(points)
    cuts = {judge: sum(points[item] * said[item] / 100 for item in items) for judge, said in estimates.items()}
    cut = fmean(cuts.values())
    error = stdev(cuts.values()) / sqrt(len(cuts)) if len(cuts) > 1 else None
    judges = [
        JudgeFigures(judge, cuts[judge], cuts[judge] - cut, _consistency(judge, estimates, items)) for judge in sorted(cuts)
    ]
    return AngoffFigures(cut, float(sum(points.values())), error, judges, [_item(item, estimates) for item in items])


def _item(item: int, estimates: Estimates) -> ItemFigures:
    said = [judge[item] for judge in estimates.values()]
    return ItemFigures(item, fmean(said), min(said), max(said), pstdev(said))


def _consistency(judge: int, estimates: Estimates, items: Sequence[int]) -> float | None:
    others = [said for other, said in estimates.items() if other != judge]
    if not others or len(items) < 3:
        return None
    return correlation([estimates[judge][item] for item in items], [fmean(said[item] for said in others) for item in items])


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's; None when one of them does not vary."""
    mean_first, mean_second = fmean(first), fmean(second)
    off_first, off_second = [value - mean_first for value in first], [value - mean_second for value in second]
    spread = sqrt(sum(value**2 for value in off_first) * sum(value**2 for value in off_second))
    return sum(one * other for one, other in zip(off_first, off_second, strict=True)) / spread if spread else None
