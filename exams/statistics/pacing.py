"""How long answers took and which were left out or never reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exams.statistics import minima
from exams.statistics.intervals import Array, of_median, wilson


@dataclass(frozen=True)
class Times:
    """Seconds: median with its interval, quartiles, and how many answers they rest on; nan below `minima.TIMES`."""

    answers: int
    median: float
    low: float
    high: float
    first_quartile: float
    third_quartile: float


def seconds_between(started: float, saved: Sequence[tuple[int, float]]) -> dict[int, float]:
    """Seconds to each position's last save since the last save of whatever came before it, or since the start.

    `saved` is (position, moment of its last save) in seconds. This is all the stored answers tell: who comes back to a
    position to change it moves its time to the second visit. Medians bear that; means would not.
    """
    before, found = started, {}
    for position, moment in sorted(saved, key=lambda pair: pair[1]):
        found[position] = max(moment - before, 0.0)
        before = moment
    return found


def times(seconds: Array) -> Times:
    """The figures of one item's times; nan entries are answers without one."""
    known = seconds[np.isfinite(seconds)]
    if len(known) < minima.TIMES:
        return Times(len(known), *[float("nan")] * 5)
    first, median, third = np.percentile(known, [25, 50, 75])
    low, high = of_median(known)
    return Times(len(known), float(median), low, high, float(first), float(third))


@dataclass(frozen=True)
class Omission:
    """Shares of all candidates: left out although a later item was answered; never reached, as all after it."""

    omitted: Array
    omitted_low: Array
    omitted_high: Array
    not_reached: Array


def omission(answered: Array) -> Omission:
    """`answered` is candidates × items in the paper's order, True where there is an answer."""
    n = len(answered)
    # Answered here or anywhere later: false only in the empty tail of a candidate's paper.
    reached = np.logical_or.accumulate(answered[:, ::-1], axis=1)[:, ::-1]
    omitted = (reached & ~answered).mean(axis=0)
    low, high = wilson(omitted, n)
    return Omission(omitted, low, high, (~reached).mean(axis=0))
