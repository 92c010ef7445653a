"""Who chose which option: shares, correlation with the rest of the paper, and shares by group of ability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exams.statistics import minima
from exams.statistics.intervals import Array, of_correlation, wilson

GROUPS = 5
OMITTED = -1


@dataclass(frozen=True)
class OptionFigures:
    """`option` is its place in the version, -1 for no answer. `groups` are shares from the weakest fifth to the strongest,
    None for a group nobody is in; `correlation` is with the rest of the paper, nan below `minima.CHOSE_OPTION` choices."""

    option: int
    chosen: int
    share: float
    low: float
    high: float
    correlation: float
    correlation_low: float
    correlation_high: float
    groups: list[float | None]


def option_table(chosen: Array, options: int, rest: Array) -> list[OptionFigures]:
    """One row per option and one for no answer. `chosen` is each candidate's option, from 0, -1 for none; `rest` their
    points on the other scored items."""
    n = len(chosen)
    group, sizes = ability_groups(rest)
    rows = []
    for option in [*range(options), OMITTED]:
        took = (chosen == option).astype(float)
        count = int(took.sum())
        low, high = wilson(np.array(count / n), n)
        correlation = _correlation(took, rest) if count >= minima.CHOSE_OPTION else float("nan")
        below, above = of_correlation(np.array(correlation), n)
        shares = np.bincount(group, weights=took, minlength=GROUPS) / np.maximum(sizes, 1)
        rows.append(
            OptionFigures(
                option=option,
                chosen=count,
                share=count / n,
                low=float(low),
                high=float(high),
                correlation=correlation,
                correlation_low=float(below),
                correlation_high=float(above),
                groups=[float(share) if size else None for share, size in zip(shares, sizes, strict=True)],
            )
        )
    return rows


def ability_groups(rest: Array) -> tuple[Array, Array]:
    """Each candidate's fifth by rank, equal scores always together, and how many each fifth has."""
    ordered = np.sort(rest)
    # The middle rank of equal scores: those who scored alike stand in one group.
    middle = (np.searchsorted(ordered, rest, "left") + np.searchsorted(ordered, rest, "right")) / 2
    group = np.minimum((middle / len(rest) * GROUPS).astype(int), GROUPS - 1)
    return group, np.bincount(group, minlength=GROUPS)


def _correlation(took: Array, rest: Array) -> float:
    if took.std() == 0 or rest.std() == 0:
        return float("nan")
    return float(np.corrcoef(took, rest)[0, 1])
