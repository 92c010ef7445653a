"""Confidence intervals, each for 95 percent unless told otherwise. Arrays in, arrays out, of the same shape."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import bdtr, fdtri, ndtri

Array = np.ndarray[Any, np.dtype[Any]]
LEVEL = 0.95


def normal_quantile(level: float = LEVEL) -> float:
    return float(ndtri(0.5 + level / 2))


def wilson(share: Array, n: float | Array, level: float = LEVEL) -> tuple[Array, Array]:
    """Interval of a share (Wilson 1927): never outside 0 to 1, honest near both ends."""
    z = normal_quantile(level)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def of_mean(mean: Array, deviation: Array, n: float, level: float = LEVEL) -> tuple[Array, Array]:
    """Interval of the mean of partial credit as a share of the most, held within 0 to 1."""
    half = normal_quantile(level) * deviation / np.sqrt(n)
    return np.clip(mean - half, 0.0, 1.0), np.clip(mean + half, 0.0, 1.0)


def of_correlation(r: Array, n: float, level: float = LEVEL) -> tuple[Array, Array]:
    """Interval of a correlation by Fisher's z (1921); undefined (nan) below four candidates."""
    if n < 4:
        return np.full_like(r, np.nan), np.full_like(r, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.arctanh(r)
    half = normal_quantile(level) / np.sqrt(n - 3)
    return np.tanh(z - half), np.tanh(z + half)


def feldt(alpha: float, n: int, items: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of coefficient alpha (Feldt 1965; Feldt, Woodruff and Salih 1987, formula 7)."""
    if n < 2 or items < 2 or not np.isfinite(alpha):
        return float("nan"), float("nan")
    first, second, tail = n - 1, (n - 1) * (items - 1), (1 - level) / 2
    low = 1 - (1 - alpha) * float(fdtri(first, second, 1 - tail))
    high = 1 - (1 - alpha) * float(fdtri(first, second, tail))
    return low, high


def newcombe(share: Array, n: Array, other: Array, m: Array, level: float = LEVEL) -> tuple[Array, Array]:
    """Interval of the difference of two independent shares, `share − other` (Newcombe 1998, method 10)."""
    low, high = wilson(share, n, level)
    other_low, other_high = wilson(other, m, level)
    difference = share - other
    below = np.sqrt((share - low) ** 2 + (other_high - other) ** 2)
    above = np.sqrt((high - share) ** 2 + (other - other_low) ** 2)
    return difference - below, difference + above


def of_median(values: Array, level: float = LEVEL) -> tuple[float, float]:
    """Interval of a median from the order of the values alone (binomial), so no shape is assumed."""
    ordered, n = np.sort(values), len(values)
    if n == 0:
        return float("nan"), float("nan")
    tail = (1 - level) / 2
    ranks = np.flatnonzero(bdtr(np.arange(n), n, 0.5) <= tail)
    rank = int(ranks[-1]) if len(ranks) else 0
    return float(ordered[rank]), float(ordered[n - 1 - rank])
