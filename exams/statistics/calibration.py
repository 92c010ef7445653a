"""One- and two-parameter logistic models by marginal maximum likelihood (Bock and Aitkin 1981).

P(right | θ) = 1 / (1 + exp(−a(θ − b))), θ standard normal, no scaling constant 1.7, no priors. EM brings the estimates
near, Newton steps with the observed information (Louis 1982) finish them; the same information gives standard errors.
Inside, c = −a·b, so the likelihood is a GLM's. Cost per round: two products of candidates × items × nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from exams.statistics.intervals import Array
from exams.statistics.likelihood import Sample, expect, information, score_of

ROUNDS = 500
# When Newton takes over from EM, and when EM alone may stop.
NEAR = 0.05
CLOSE = 1e-4
FINISHED = 1e-8
# A slope beyond this is a staircase: the estimate runs away and says so instead of pretending.
STEEPEST = 8.0
FARTHEST = 15.0


@dataclass(frozen=True)
class Calibration:
    """Slopes a and places b with standard errors, nan where an item could not be calibrated: `estimable` is False for an
    item that all or none got right, and for one whose estimate ran to the edge."""

    a: Array
    b: Array
    a_error: Array
    b_error: Array
    estimable: np.ndarray
    log_likelihood: float
    parameters: int
    rounds: int
    converged: bool
    candidates: int


def two_parameter(right: Array, *, nodes: int = 31) -> Calibration:
    """2PL: every item has its own slope. `right` is candidates × items of 0 and 1."""
    return _calibrate(right, nodes=nodes, one_slope=False, slope=None)


def one_parameter(right: Array, *, slope: float | None = None, nodes: int = 31) -> Calibration:
    """1PL: one slope for all, estimated, or fixed where `slope` says so (1 is the Rasch model with θ ~ N(0, 1))."""
    return _calibrate(right, nodes=nodes, one_slope=True, slope=slope)


def _calibrate(right: Array, *, nodes: int, one_slope: bool, slope: float | None) -> Calibration:
    n, k = right.shape
    share = right.mean(axis=0)
    varies = (share > 0) & (share < 1)
    full = np.full(k, np.nan)
    if varies.sum() < 2 or n < 2:
        nothing = np.zeros(k, dtype=bool)
        return Calibration(full, full, full, full, nothing, float("nan"), 0, 0, False, n)
    sample = Sample.of(right[:, varies], nodes)
    fit = _Fit(sample, one_slope=one_slope, slope=slope)
    fit.run()
    a, c = fit.a, fit.c
    inside = (np.abs(a) < STEEPEST) & (np.abs(c) < FARTHEST) & (np.abs(a) > 1e-3)
    a_error, b_error = fit.errors()
    columns = np.flatnonzero(varies)
    places = np.divide(-c, a, out=np.full_like(c, np.nan), where=np.abs(a) > 1e-3)

    def placed(values: Array) -> Array:
        whole = full.copy()
        whole[columns] = np.where(inside, values, np.nan)
        return whole

    estimable = np.zeros(k, dtype=bool)
    estimable[columns] = inside
    return Calibration(
        a=placed(a),
        b=placed(places),
        a_error=placed(a_error),
        b_error=placed(b_error),
        estimable=estimable,
        log_likelihood=fit.log_likelihood,
        parameters=fit.parameters,
        rounds=fit.rounds,
        converged=fit.converged,
        candidates=n,
    )


def _first_slopes(sample: Sample) -> Array:
    """Slopes to start from: loadings on the first component of the correlations. Equal slopes would be a saddle that EM
    never leaves where half of the items run against the other half."""
    share = sample.share()
    standard = (sample.right - share) / np.sqrt(share * (1 - share))
    correlations = standard.T @ (standard * sample.count[:, None]) / sample.count.sum()
    direction = np.ones(sample.items) + 0.01 * np.arange(sample.items)
    for _step in range(30):
        direction = correlations @ direction
        direction /= np.linalg.norm(direction)
    largest = max(float(direction @ correlations @ direction), 1.0)
    # From a correlation of right and wrong to that of what lies behind them (biserial).
    height = np.exp(-0.5 * ndtri(share) ** 2) / np.sqrt(2 * np.pi)
    behind = np.sqrt(share * (1 - share)) / np.maximum(height, 0.05)
    loading = np.clip(direction * np.sqrt(largest) * behind, -0.9, 0.9) * (1 if direction.sum() >= 0 else -1)
    slopes = 1.7 * loading / np.sqrt(1 - loading**2)
    return np.asarray(np.where(slopes < 0, -1, 1) * np.clip(np.abs(slopes), 0.3, 3))


class _Fit:
    """The estimates on their way. `free` are the parameters: c of every item, then the slopes that are free."""

    def __init__(self, sample: Sample, *, one_slope: bool, slope: float | None) -> None:
        self.sample, self.one_slope, self.fixed = sample, one_slope, slope is not None
        k = sample.items
        share = np.clip(sample.share(), 0.02, 0.98)
        self.a = np.full(k, 1.0 if slope is None else slope) if one_slope else _first_slopes(sample)
        # 1.19: what a logit widens to when abilities spread by one and slopes are one.
        self.c = np.log(share / (1 - share)) * np.sqrt(1 + self.a**2 / 2.89)
        self.rounds, self.converged = 0, False
        self.log_likelihood = -np.inf
        self._information: Array | None = None

    @property
    def parameters(self) -> int:
        return self.sample.items + (0 if self.fixed else 1 if self.one_slope else self.sample.items)

    def run(self) -> None:
        """EM until near, then Newton; back to EM for a round whenever Newton does not climb."""
        while self.rounds < ROUNDS:
            moved = self._em_round()
            if moved < FINISHED:
                break
            if (moved < NEAR or self.rounds % 25 == 0) and self._newton():
                self.converged = True
                return
        self.converged = moved < CLOSE
        self.log_likelihood = expect(self.sample, self.a, self.c).log_likelihood

    def _em_round(self) -> float:
        expected = expect(self.sample, self.a, self.c)
        self.log_likelihood, before = expected.log_likelihood, (self.a, self.c)
        for _step in range(2):
            self._maximise(expected.right, expected.reached)
        self.rounds += 1
        return max(float(np.abs(self.a - before[0]).max()), float(np.abs(self.c - before[1]).max()))

    def _maximise(self, right: Array, reached: Array) -> None:
        """One Newton step of all items at once, on the expected counts at the nodes."""
        theta = self.sample.theta
        chance = 1 / (1 + np.exp(-(np.outer(self.a, theta) + self.c[:, None])))
        residual, weight = right - reached * chance, reached * chance * (1 - chance)
        g_c, g_a = residual.sum(axis=1), residual @ theta
        h_cc, h_ca, h_aa = weight.sum(axis=1) + 1e-9, weight @ theta, weight @ theta**2 + 1e-9
        if self.fixed:
            step_c, step_a = g_c / h_cc, np.zeros_like(self.a)
        elif self.one_slope:
            slope = (g_a.sum() - (h_ca * g_c / h_cc).sum()) / (h_aa.sum() - (h_ca**2 / h_cc).sum())
            step_a = np.full_like(self.a, slope)
            step_c = (g_c - h_ca * slope) / h_cc
        else:
            determinant = h_cc * h_aa - h_ca**2
            step_c = (h_aa * g_c - h_ca * g_a) / determinant
            step_a = (h_cc * g_a - h_ca * g_c) / determinant
        self._move(np.clip(step_c, -1, 1), np.clip(step_a, -1, 1))

    def _move(self, step_c: Array, step_a: Array) -> None:
        self.c = np.clip(self.c + step_c, -FARTHEST, FARTHEST)
        self.a = np.clip(self.a + step_a, -STEEPEST, STEEPEST)

    def _newton(self) -> bool:
        """Climb with the observed information; True when the steps have become nought."""
        for _step in range(12):
            expected = expect(self.sample, self.a, self.c)
            self.log_likelihood = expected.log_likelihood
            self._information = self._reduced(information(self.sample, self.a, self.c, expected))
            gradient = self._gradient(score_of(self.sample, self.a, self.c, expected))
            try:
                step = np.linalg.solve(self._information, gradient)
            except np.linalg.LinAlgError:
                return False
            if not np.isfinite(step).all() or np.abs(step).max() > 1:
                return False
            before = self.a, self.c
            self._move(*self._spread(step))
            after = expect(self.sample, self.a, self.c).log_likelihood
            if after < self.log_likelihood - 1e-9 * abs(self.log_likelihood):
                self.a, self.c = before
                return False
            self.log_likelihood = after
            if np.abs(step).max() < 1e-3:
                # Newton's error after this step is of the square of the step: under 1e-6.
                return True
        return False

    def _gradient(self, score: Array) -> Array:
        k = self.sample.items
        if self.fixed:
            return score[:k]
        return np.append(score[:k], score[k:].sum()) if self.one_slope else score

    def _reduced(self, whole: Array) -> Array:
        """The information about the free parameters: a shared slope adds up, a fixed one drops out."""
        k = self.sample.items
        if self.fixed:
            return whole[:k, :k]
        if not self.one_slope:
            return whole
        shared = np.zeros((2 * k, k + 1))
        shared[:k, :k], shared[k:, k] = np.eye(k), 1.0
        return shared.T @ whole @ shared

    def _spread(self, step: Array) -> tuple[Array, Array]:
        k = self.sample.items
        slopes = np.zeros(k) if self.fixed else np.full(k, step[k]) if self.one_slope else step[k:]
        return step[:k], slopes

    def errors(self) -> tuple[Array, Array]:
        """Standard errors of a and b; b's by the delta method from those of a and c. nan where there is no maximum."""
        k, nothing = self.sample.items, np.full(self.sample.items, np.nan)
        if self._information is None:
            expected = expect(self.sample, self.a, self.c)
            self._information = self._reduced(information(self.sample, self.a, self.c, expected))
        try:
            covariance = np.linalg.inv(self._information)
        except np.linalg.LinAlgError:
            return nothing, nothing
        c_variance = np.diag(covariance)[:k]
        if self.fixed:
            a_variance, both = np.zeros(k), np.zeros(k)
        elif self.one_slope:
            a_variance, both = np.full(k, covariance[k, k]), covariance[:k, k]
        else:
            a_variance, both = np.diag(covariance)[k:], np.diag(covariance[:k, k:])
        with np.errstate(invalid="ignore", divide="ignore"):
            b = -self.c / self.a
            b_variance = (c_variance + b**2 * a_variance + 2 * b * both) / self.a**2
            return np.sqrt(a_variance), np.sqrt(b_variance)
