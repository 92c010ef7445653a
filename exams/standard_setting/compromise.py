"""Two checks of a cut against what the world would make of it: Hofstee's and Beuk's compromises.

W. K. B. Hofstee, "The case for compromise in educational selection and grading", in S. B. Anderson and J. S. Helmick
(eds.), On Educational Testing, 1983. C. H. Beuk, "A method for reaching a compromise between absolute and relative
standards in examinations", Journal of Educational Measurement 21 (1984), 147-152. Scores and cuts are percent of the
highest raw score, rates are percent of the candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

STEP = 0.1  # percent; cuts are reported to a tenth


@dataclass(frozen=True)
class Limits:
    """One judge for Hofstee: the lowest and highest cut, the lowest and highest rate of failure that are acceptable."""

    least_cut: float
    most_cut: float
    least_fail: float
    most_fail: float


@dataclass(frozen=True)
class Expectation:
    """One judge for Beuk: the cut that seems right, and the rate of passes to be expected from it."""

    cut: float
    passes: float


def fail_rate(scores: Sequence[float], cut: float) -> float:
    """Percent of the scores below the cut."""
    return 100 * sum(score < cut for score in scores) / len(scores)


def hofstee(judges: Sequence[Limits], scores: Sequence[float]) -> float | None:
    """Where the curve of failures meets the line from (least cut, most failures) to (most cut, least failures).

    None when they do not meet: then the judges' mean limits and the results contradict each other, and a board has to say so.
    """
    if not judges or not scores:
        return None
    least_cut, most_cut = fmean(judge.least_cut for judge in judges), fmean(judge.most_cut for judge in judges)
    least_fail, most_fail = fmean(judge.least_fail for judge in judges), fmean(judge.most_fail for judge in judges)
    if fail_rate(scores, least_cut) > most_fail or fail_rate(scores, most_cut) < least_fail:
        return None
    width = most_cut - least_cut
    for step in range(round(width / STEP) + 1):
        cut = least_cut + step * STEP
        line = most_fail - (most_fail - least_fail) * ((cut - least_cut) / width if width else 0)
        if fail_rate(scores, cut) >= line:
            return round(cut, 1)
    return round(most_cut, 1)


def beuk(judges: Sequence[Expectation], scores: Sequence[float]) -> float | None:
    """Where the curve of passes meets the line through the judges' mean cut and mean rate with the slope of their spreads:
    the more the judges agree on a cut, the less the results move it. None with fewer than two judges."""
    if len(judges) < 2 or not scores:
        return None
    cuts, passes = [judge.cut for judge in judges], [judge.passes for judge in judges]
    spread_cut, spread_passes = stdev(cuts), stdev(passes)
    if not spread_cut:
        return round(fmean(cuts), 1)
    slope = spread_passes / spread_cut
    for step in range(round(100 / STEP) + 1):
        cut = step * STEP
        if fmean(passes) + slope * (cut - fmean(cuts)) >= 100 - fail_rate(scores, cut):
            return round(cut, 1)
    return None
