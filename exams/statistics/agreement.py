"""How far two people who marked the same answers agree: weighted kappa, intraclass correlation, severity.

Pure functions over numbers. Formulas, sources and the published figures they are checked against stand in
docs/algorithms/marking.md. Plain Python; only the quantiles of F and t come from scipy, when they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose, sqrt
from statistics import NormalDist, fmean, stdev

LEVEL = 0.95
# Koo and Li (2016): a study of reliability needs at least 30 heterogeneous samples.
LEAST_PAIRS = 30

Pairs = Sequence[tuple[float, float]]
Table = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Estimate:
    """A figure with the interval that holds it in 95 of 100 cases; the interval is None where there is none."""

    value: float
    low: float | None = None
    high: float | None = None


def weighted_kappa(table: Table, scores: Sequence[float], *, power: int = 2) -> Estimate | None:
    """Weighted kappa (Cohen 1968) of a square table of counts, with the large-sample interval of Fleiss, Cohen and
    Everitt (1969, formula 12). Weights of agreement are 1 − (|sᵢ − sⱼ| / widest)^power: 2 is quadratic, 1 linear.

    None when both markers gave everybody one and the same score: then chance agrees as well as they do.
    """
    n = sum(sum(row) for row in table)
    widest = max(scores) - min(scores) if scores else 0
    if n == 0 or widest == 0:
        return None
    size = range(len(scores))
    shares = [[cell / n for cell in row] for row in table]
    rows = [sum(row) for row in shares]
    columns = [sum(row[j] for row in shares) for j in size]
    weights = [[1 - (abs(scores[i] - scores[j]) / widest) ** power for j in size] for i in size]
    observed = sum(weights[i][j] * shares[i][j] for i in size for j in size)
    expected = sum(weights[i][j] * rows[i] * columns[j] for i in size for j in size)
    if isclose(expected, 1.0, abs_tol=1e-12):
        return None
    kappa = (observed - expected) / (1 - expected)
    by_row = [sum(columns[j] * weights[i][j] for j in size) for i in size]
    by_column = [sum(rows[i] * weights[i][j] for i in size) for j in size]
    spread = sum(
        shares[i][j] * (weights[i][j] * (1 - expected) - (by_row[i] + by_column[j]) * (1 - observed)) ** 2
        for i in size
        for j in size
    )
    variance = (spread - (observed * expected - 2 * expected + observed) ** 2) / (n * (1 - expected) ** 4)
    half = NormalDist().inv_cdf(0.5 + LEVEL / 2) * sqrt(max(variance, 0.0))
    return Estimate(kappa, max(kappa - half, -1.0), min(kappa + half, 1.0))


def kappa_of(pairs: Pairs) -> Estimate | None:
    """Quadratic weighted kappa of pairs of scores, over the scores that occur. What nobody gave changes nothing."""
    scores = sorted({score for pair in pairs for score in pair})
    place = {score: number for number, score in enumerate(scores)}
    table = [[0] * len(scores) for _score in scores]
    for first, second in pairs:
        table[place[first]][place[second]] += 1
    return weighted_kappa(table, scores)


@dataclass(frozen=True)
class Squares:
    """Mean squares of a two-way table of n answers by k markers without gaps: between answers, within answers,
    between markers, and what is left (Shrout and Fleiss 1979, table 1)."""

    n: int
    k: int
    between: float
    within: float
    markers: float
    rest: float


def squares_of(rows: Sequence[Sequence[float]]) -> Squares | None:
    """None when there are fewer than two answers or two markers."""
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < 2 or k < 2:
        return None
    grand = fmean(value for row in rows for value in row)
    row_means = [fmean(row) for row in rows]
    column_means = [fmean(row[j] for row in rows) for j in range(k)]
    between = k * sum((mean - grand) ** 2 for mean in row_means)
    markers = n * sum((mean - grand) ** 2 for mean in column_means)
    within = sum((value - mean) ** 2 for row, mean in zip(rows, row_means, strict=True) for value in row)
    rest = max(within - markers, 0.0)
    return Squares(n, k, between / (n - 1), within / (n * (k - 1)), markers / (k - 1), rest / ((n - 1) * (k - 1)))


def icc_one_way(rows: Sequence[Sequence[float]]) -> Estimate | None:
    """ICC(1,1): each answer by markers of its own, so who marked counts as error (Shrout and Fleiss 1979, p. 424)."""
    found = squares_of(rows)
    if found is None or found.between + found.within == 0:
        return None
    k = found.k
    value = (found.between - found.within) / (found.between + (k - 1) * found.within)
    if found.within == 0:
        return Estimate(value)
    ratio, first, second = found.between / found.within, found.n - 1, found.n * (k - 1)
    low, high = ratio / _f(first, second), ratio * _f(second, first)
    return Estimate(value, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1))


def icc_two_way(rows: Sequence[Sequence[float]]) -> Estimate | None:
    """ICC(2,1): the same markers for every answer, drawn from more such markers; being stricter counts as disagreeing
    (Shrout and Fleiss 1979, p. 424; interval p. 425, degrees of freedom after Satterthwaite)."""
    found = squares_of(rows)
    if found is None:
        return None
    n, k = found.n, found.k
    below = found.between + (k - 1) * found.rest + k * (found.markers - found.rest) / n
    if below == 0:
        return None
    value = (found.between - found.rest) / below
    if found.rest == 0:
        return Estimate(value)
    ratio = found.markers / found.rest
    a, b = k * value * ratio, n * (1 + (k - 1) * value) - k * value
    scale = (n - 1) * a**2 + b**2
    freedom = (k - 1) * (n - 1) * (a + b) ** 2 / scale if scale else 0.0
    if not freedom:
        return Estimate(value)
    upper, lower = _f(n - 1, freedom), _f(freedom, n - 1)
    spread = k * found.markers + (k * n - k - n) * found.rest
    low = n * (found.between - upper * found.rest) / (upper * spread + n * found.between)
    high = n * (lower * found.between - found.rest) / (spread + n * lower * found.between)
    # With a handful of answers the approximation can miss its own figure: then there is no interval.
    return Estimate(value, low, high) if low <= value <= high else Estimate(value)


def icc_fixed(rows: Sequence[Sequence[float]]) -> float | None:
    """ICC(3,1): these markers and no others, their severity taken out. Only to tell apart what severity costs."""
    found = squares_of(rows)
    if found is None or found.between + (found.k - 1) * found.rest == 0:
        return None
    return (found.between - found.rest) / (found.between + (found.k - 1) * found.rest)


def severity(pairs: Pairs) -> Estimate | None:
    """Mean of first minus second with the interval of Student's t: below nought the first is the stricter."""
    if not pairs:
        return None
    differences = [first - second for first, second in pairs]
    mean = fmean(differences)
    if len(differences) < 2:
        return Estimate(mean)
    from scipy.special import stdtrit

    half = float(stdtrit(len(differences) - 1, 0.5 + LEVEL / 2)) * stdev(differences) / sqrt(len(differences))
    return Estimate(mean, mean - half, mean + half)


def _f(first: float, second: float) -> float:
    """The upper quantile of F that an interval needs on each side."""
    from scipy.special import fdtri

    return float(fdtri(first, second, 0.5 + LEVEL / 2))
