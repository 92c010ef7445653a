"""Classical figures of items and of the paper, in closed form: a handful of passes over the matrix.

`points` is candidates × items; a right answer that earns one point is 1, partial credit anything up to `most`.
Covariances divide by n − 1. Sources: Lord and Novick (1968); Cronbach (1951); Feldt (1965); Henrysson (1963) for the
correlation with the rest; Moodle's quiz statistics for discriminative efficiency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exams.statistics.intervals import Array, feldt, of_correlation, of_mean, wilson


@dataclass(frozen=True)
class ItemFigures:
    """One entry per item; nan where a figure is not defined, such as the correlation of an item all got right."""

    facility: Array
    facility_low: Array
    facility_high: Array
    deviation: Array
    point_biserial: Array
    discrimination: Array
    discrimination_low: Array
    discrimination_high: Array
    alpha_if_deleted: Array


@dataclass(frozen=True)
class PaperFigures:
    """The paper as a whole. `error` is the standard error of measurement in points; nan where not defined."""

    candidates: int
    items: int
    most: float
    mean: float
    deviation: float
    alpha: float
    alpha_low: float
    alpha_high: float
    error: float
    kr21: float


@dataclass(frozen=True)
class Classical:
    paper: PaperFigures
    items: ItemFigures


def classical(points: Array, most: Array | None = None, *, level: float = 0.95) -> Classical:
    """All classical figures. `most` is what each item can earn, 1 unless told; needs one candidate and one item."""
    n, k = points.shape
    most = np.ones(k) if most is None else most
    total = points.sum(axis=1)
    mean, total_mean = points.mean(axis=0), float(total.mean())
    divisor = max(n - 1, 1)
    # Σ x² − n·mean² in one pass; points are small numbers, so nothing cancels that matters.
    variance = np.maximum(np.einsum("ij,ij->j", points, points) - n * mean**2, 0.0) / divisor
    variance[variance < 1e-12] = 0.0
    covariance = (points.T @ (total - total_mean)) / divisor
    total_variance = float(((total - total_mean) ** 2).sum()) / divisor
    rest_variance = np.maximum(total_variance + variance - 2 * covariance, 0.0)
    deviation = np.sqrt(variance)
    discrimination = _ratio(covariance - variance, deviation * np.sqrt(rest_variance))
    alpha = _alpha(k, float(variance.sum()), total_variance)
    alpha_low, alpha_high = feldt(alpha, n, k, level)
    facility = mean / most
    low, high = _facility_interval(facility, deviation / most, n, level)
    discrimination_low, discrimination_high = of_correlation(discrimination, n, level)
    return Classical(
        PaperFigures(
            candidates=n,
            items=k,
            most=float(most.sum()),
            mean=total_mean,
            deviation=float(np.sqrt(total_variance)),
            alpha=alpha,
            alpha_low=alpha_low,
            alpha_high=alpha_high,
            error=float(np.sqrt(total_variance * (1 - alpha))) if np.isfinite(alpha) else float("nan"),
            kr21=_kr21(float(most.sum()), total_mean, total_variance * divisor / n),
        ),
        ItemFigures(
            facility=facility,
            facility_low=low,
            facility_high=high,
            deviation=deviation / most,
            point_biserial=_ratio(covariance, deviation * np.sqrt(total_variance)),
            discrimination=discrimination,
            discrimination_low=discrimination_low,
            discrimination_high=discrimination_high,
            alpha_if_deleted=_alpha_without(k, variance, rest_variance),
        ),
    )


def _ratio(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 1e-12)


def _alpha(items: int, variances: float, total_variance: float) -> float:
    """Cronbach's alpha, which is KR-20 when every item is right or wrong."""
    if items < 2 or total_variance <= 0:
        return float("nan")
    return items / (items - 1) * (1 - variances / total_variance)


def _alpha_without(items: int, variance: Array, rest_variance: Array) -> Array:
    """Alpha of the paper without each item in turn."""
    if items < 3:
        return np.full_like(variance, np.nan)
    without = _ratio(variance.sum() - variance, rest_variance)
    return (items - 1) / (items - 2) * (1 - without)


def _kr21(most: float, mean: float, variance: float) -> float:
    """Kuder and Richardson's formula 21, from the mean and the variance (of these candidates, over n) alone."""
    if most < 2 or variance <= 0:
        return float("nan")
    return most / (most - 1) * (1 - mean * (most - mean) / (most * variance))


def _facility_interval(facility: Array, deviation: Array, n: int, level: float) -> tuple[Array, Array]:
    """Wilson for right or wrong, the normal interval of the mean for items with partial credit."""
    low, high = wilson(facility, n, level)
    # Right-or-wrong shares have exactly this variance; anything else has less.
    full = np.sqrt(np.clip(facility * (1 - facility), 0, None) * n / max(n - 1, 1))
    partial = np.abs(full - deviation) > 1e-6
    if partial.any():
        mean_low, mean_high = of_mean(facility, deviation, n, level)
        low, high = np.where(partial, mean_low, low), np.where(partial, mean_high, high)
    return low, high


def efficiency(points: Array) -> Array:
    """Covariance of each item with the rest as a share of the greatest that these marks allow, both sorted (Moodle's
    discriminative efficiency, as a fraction); nan where that is nought. Sorting costs more than all figures above."""
    rest = points.sum(axis=1)[:, None] - points
    middles = points.mean(axis=0) * rest.mean(axis=0) * len(points)
    greatest = np.einsum("ij,ij->j", np.sort(points, axis=0), np.sort(rest, axis=0)) - middles
    return _ratio(np.einsum("ij,ij->j", points, rest) - middles, greatest)
