"""How often candidates would get the same decision again: Livingston and Lewis (1995), for any scoring.

The paper is stood for by one of n̂ independent items of one point (its effective length), true scores by a beta
distribution of four parameters fitted to the first four moments (Lord 1965; Hanson 1991), or of two where four do not
fit; errors are binomial. Subkoviak's (1976) method would do for right-or-wrong papers only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc, betaln

from exams.statistics.intervals import Array

STEPS = 4_000


@dataclass(frozen=True)
class Consistency:
    """`agreement`: the share decided alike twice; `kappa`: the same beyond chance; `accuracy`: the share decided as their
    true score deserves, and of the rest who passes or fails wrongly. Shares of all candidates."""

    cut: float
    agreement: float
    kappa: float
    accuracy: float
    wrongly_passed: float
    wrongly_failed: float
    effective_length: int
    parameters: int


def livingston_lewis(scores: Array, *, most: float, cut: float, reliability: float) -> Consistency | None:
    """Consistency and accuracy at `cut` points out of `most`; None when reliability or spread do not allow it."""
    mean, variance = float(scores.mean()), float(scores.var())
    if not 0 < reliability < 1 or variance <= 0 or not 0 < cut <= most:
        return None
    length = effective_length(mean, variance, most, reliability)
    moments = _true_moments(scores / most * length, length)
    low, high, alpha, beta = _four_parameters(moments) or (0.0, 1.0, *_two_parameters(moments))
    if alpha <= 0 or beta <= 0:
        return None
    # The first whole score of the stand-in paper that reaches the same share; 1e-9 forgives binary fractions.
    passing = int(np.ceil(cut / most * length - 1e-9))
    truth, weight = _beta_grid(low, high, alpha, beta)
    passes = bdtrc(passing - 1, length, truth) if passing >= 1 else np.ones_like(truth)
    deserved = truth >= cut / most - 1e-12
    agreement = float(weight @ (passes**2 + (1 - passes) ** 2))
    share = float(weight @ passes)
    by_chance = share**2 + (1 - share) ** 2
    wrongly_passed = float(weight @ np.where(deserved, 0, passes))
    wrongly_failed = float(weight @ np.where(deserved, 1 - passes, 0))
    return Consistency(
        cut=cut,
        agreement=agreement,
        kappa=(agreement - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan"),
        accuracy=1 - wrongly_passed - wrongly_failed,
        wrongly_passed=wrongly_passed,
        wrongly_failed=wrongly_failed,
        effective_length=length,
        parameters=4 if (low, high) != (0.0, 1.0) else 2,
    )


def effective_length(mean: float, variance: float, most: float, reliability: float) -> int:
    """Livingston and Lewis, formula 3. With KR-21 as the reliability it is the number of items itself."""
    length = (mean * (most - mean) - reliability * variance) / (variance * (1 - reliability))
    return max(1, round(length))


def _true_moments(scores: Array, length: int) -> list[float]:
    """The first four moments of true scores as shares, from the factorial moments of observed ones (Lord 1965)."""
    moments, product = [], np.ones_like(scores)
    for order in range(min(4, length)):
        product = product * (scores - order)
        moments.append(float(product.mean()) / np.prod([length - step for step in range(order + 1)], dtype=float))
    return moments


def _two_parameters(moments: list[float]) -> tuple[float, float]:
    mean = moments[0]
    variance = moments[1] - mean**2 if len(moments) > 1 else 0.0
    if variance <= 0:
        return -1.0, -1.0
    both = mean * (1 - mean) / variance - 1
    return mean * both, (1 - mean) * both


def _four_parameters(moments: list[float]) -> tuple[float, float, float, float] | None:
    """Hanson (1991), section 2: bounds and shape from mean, variance, skewness and kurtosis; None outside 0 to 1."""
    if len(moments) < 4:
        return None
    m1, m2, m3, m4 = moments
    variance = m2 - m1**2
    if variance <= 0:
        return None
    deviation = np.sqrt(variance)
    skewness = (m3 - 3 * m1 * m2 + 2 * m1**3) / deviation**3
    kurtosis = (m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4) / variance**2
    below = 6 + 3 * skewness**2 - 2 * kurtosis
    if abs(below) < 1e-12:
        return None
    both = 6 * (kurtosis - skewness**2 - 1) / below
    if both <= 0:
        return None
    root = 1 - 24 * (both + 1) / ((both + 2) * (both + 3) * kurtosis - 3 * (both - 6) * (both + 1))
    if not 0 <= root < 1:
        return None
    part = np.sqrt(root)
    alpha, beta = (both / 2 * (1 + sign * part) for sign in ((-1, 1) if skewness >= 0 else (1, -1)))
    if alpha <= 0 or beta <= 0:
        return None
    width = deviation * both * np.sqrt((both + 1) / (alpha * beta))
    low = m1 - width * alpha / both
    high = low + width
    return (low, high, alpha, beta) if low >= 0 and high <= 1 else None


def _beta_grid(low: float, high: float, alpha: float, beta: float) -> tuple[Array, Array]:
    """True scores at the middles of equal steps and the share of candidates in each."""
    inside = (np.arange(STEPS) + 0.5) / STEPS
    log_density = (alpha - 1) * np.log(inside) + (beta - 1) * np.log1p(-inside) - betaln(alpha, beta)
    weight = np.exp(log_density - log_density.max())
    return low + (high - low) * inside, weight / weight.sum()
