"""How sure a score is: the share of the points earned with a band of one standard error of measurement on either side.

Binomial errors (Lord 1957): of n items a candidate with the share p of the points has the standard error
sqrt(p (1 − p) / (n − 1)). Items of unequal worth count as their effective number (Σw)² / Σw² (Kish 1965); partial credit
makes the error smaller than binomial, so the band is rather too wide than too narrow. At the ends, where the formula says
nothing could have been otherwise, half an item is taken off or added. docs/algorithms/score-reports.md tells it in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

# Below this number of items an area says nothing about a person: one question is worth more than 20 percent of it.
LEAST_ITEMS = 5


@dataclass(frozen=True)
class Band:
    """Shares of the points, 0 to 1."""

    share: float
    low: float
    high: float

    @property
    def percent(self) -> int:
        return int(100 * self.share + 1e-9)

    @property
    def low_percent(self) -> int:
        return round(100 * self.low)

    @property
    def high_percent(self) -> int:
        return round(100 * self.high)


def effective_items(worths: Iterable[float]) -> float:
    """The number of equal items that would say as much; 0 for none."""
    worths = list(worths)
    squares = sum(worth * worth for worth in worths)
    return sum(worths) ** 2 / squares if squares else 0.0


def binomial_error(share: float, items: float) -> float:
    """Lord's standard error of a share of `items` items; half an item from either end at least. Needs more than one item."""
    inner = min(max(share, 0.5 / items), 1 - 0.5 / items)
    return sqrt(inner * (1 - inner) / (items - 1))


def band_of(share: float, error: float) -> Band:
    return Band(share, max(0.0, share - error), min(1.0, share + error))
