"""Key-position bias over a bank: does the key stand in every place about equally often?

Pearson's chi-square against equal shares, per number of options; nothing is claimed below five expected keys a place
(Cochran 1954). The p-value is the upper tail of the chi-square distribution in closed form for whole degrees of
freedom (Abramowitz & Stegun 1964, 26.4.4 and 26.4.5), so that a page needs no numeric library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import erfc, exp, pi, sqrt

LEAST_EXPECTED = 5
# Below this chance the page calls the places uneven. One test per number of options is made, and each says its own p.
ALPHA = 0.01


@dataclass(frozen=True)
class Positions:
    """`counts` by place from the first; `p` None where there are too few items to claim anything."""

    options: int
    counts: tuple[int, ...]
    chi_square: float | None = None
    p: float | None = None

    @property
    def items(self) -> int:
        return sum(self.counts)

    @property
    def needed(self) -> int:
        return LEAST_EXPECTED * self.options

    @property
    def is_biased(self) -> bool:
        return self.p is not None and self.p < ALPHA


def key_positions(keys: Iterable[tuple[int, int]]) -> list[Positions]:
    """From (place of the key, number of options) of each item, places from 1; by number of options."""
    counted = Counter(keys)
    found = []
    for options in sorted({options for _place, options in counted if options >= 2}):
        counts = tuple(counted[place, options] for place in range(1, options + 1))
        found.append(_tested(options, counts))
    return found


def _tested(options: int, counts: tuple[int, ...]) -> Positions:
    expected = sum(counts) / options
    if expected < LEAST_EXPECTED:
        return Positions(options, counts)
    chi_square = sum((count - expected) ** 2 for count in counts) / expected
    return Positions(options, counts, chi_square, upper_tail(chi_square, options - 1))


def upper_tail(chi_square: float, freedom: int) -> float:
    """P(X ≥ chi_square) for X chi-square distributed with a whole number of degrees of freedom."""
    if chi_square <= 0:
        return 1.0
    half = chi_square / 2
    if freedom % 2 == 0:
        term = total = 1.0
        for step in range(1, freedom // 2):
            term *= half / step
            total += term
        return exp(-half) * total
    total, term = 0.0, sqrt(half / pi) * 2
    for step in range(1, (freedom + 1) // 2):
        total += term
        term *= chi_square / (2 * step + 1)
    return min(1.0, erfc(sqrt(half)) + exp(-half) * total)
