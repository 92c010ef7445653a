"""The marginal likelihood of logistic models on a grid of abilities: expectations, score and observed information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exams.statistics.intervals import Array

REACH = 4.5
# Up to so many items equal answer patterns are worth finding: there are at most two to that power.
MOST_ITEMS_FOR_PATTERNS = 12


@dataclass(frozen=True)
class Sample:
    """The answers (patterns × items), how many gave each pattern, and the grid with the normal's weights on it."""

    right: Array
    count: Array
    theta: Array
    log_weight: Array

    @classmethod
    def of(cls, right: Array, nodes: int) -> Sample:
        patterns, count = np.ascontiguousarray(right, dtype=float), np.ones(len(right))
        if right.shape[1] <= MOST_ITEMS_FOR_PATTERNS:
            patterns, numbers = np.unique(patterns, axis=0, return_counts=True)
            count = numbers.astype(float)
        theta = np.linspace(-REACH, REACH, nodes)
        log_weight = -0.5 * theta**2
        return cls(patterns, count, theta, log_weight - np.log(np.exp(log_weight).sum()))

    @property
    def items(self) -> int:
        return int(self.right.shape[1])

    def share(self) -> Array:
        return np.asarray(self.count @ self.right / self.count.sum())


@dataclass(frozen=True)
class Expected:
    """What the answers say about abilities, given the items: expected counts at each node, and each pattern's posterior."""

    posterior: Array  # patterns × nodes, times the count of the pattern
    right: Array  # items × nodes
    reached: Array  # nodes
    log_likelihood: float


def expect(sample: Sample, a: Array, c: Array) -> Expected:
    """The E-step. log L = θ·Σ a·x + Σ c·x − Σ log(1 + e^(aθ + c)): only Σ a·x tells candidates apart."""
    logit = np.outer(sample.theta, a) + c
    nothing = np.logaddexp(0, logit).sum(axis=1)
    height = np.multiply.outer(sample.right @ a, sample.theta)
    height += sample.log_weight - nothing
    top = height.max(axis=1, keepdims=True)
    height -= top
    # Nothing under e^-80 is told from nothing; numbers too small to be normal would make every product ten times slower.
    np.maximum(height, -80, out=height)
    np.exp(height, out=height)
    mass = height.sum(axis=1, keepdims=True)
    likelihood = float(sample.count @ (np.log(mass[:, 0]) + top[:, 0] + sample.right @ c))
    height *= sample.count[:, None] / mass
    return Expected(height, sample.right.T @ height, height.sum(axis=0), likelihood)


def _chances(sample: Sample, a: Array, c: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-(np.outer(a, sample.theta) + c[:, None]))))


def score_of(sample: Sample, a: Array, c: Array, expected: Expected) -> Array:
    """The gradient of the marginal log likelihood by Fisher's identity: first all c, then all a."""
    residual = expected.right - expected.reached * _chances(sample, a, c)
    return np.concatenate([residual.sum(axis=1), residual @ sample.theta])


def information(sample: Sample, a: Array, c: Array, expected: Expected) -> Array:
    """Observed information (Louis 1982): that of the complete data less the variance of its score given the answers.

    2k × 2k, first all c, then all a. Sums over candidates and nodes are taken apart into moments of the posterior, so
    it costs six products of items × candidates × items, whatever the number of nodes.
    """
    theta, chance, right = sample.theta, _chances(sample, a, c), sample.right
    weight = expected.reached * chance * (1 - chance)
    k = sample.items
    whole = np.empty((2 * k, 2 * k))
    mean_c = _mean_score(sample, expected, chance, 0)
    mean_a = _mean_score(sample, expected, chance, 1)
    per_head = 1 / sample.count[:, None]
    blocks = {}
    for power, (one, other) in enumerate([(mean_c, mean_c), (mean_c, mean_a), (mean_a, mean_a)]):
        moment = expected.posterior @ theta**power
        crossed = (expected.right * theta**power) @ chance.T
        squared = right.T @ (right * moment[:, None]) - crossed - crossed.T
        squared += (chance * (expected.reached * theta**power)) @ chance.T
        blocks[power] = np.diag(weight @ theta**power) - squared + one.T @ (other * per_head)
    whole[:k, :k], whole[:k, k:], whole[k:, :k], whole[k:, k:] = blocks[0], blocks[1], blocks[1].T, blocks[2]
    return (whole + whole.T) / 2


def _mean_score(sample: Sample, expected: Expected, chance: Array, power: int) -> Array:
    """Patterns × items: the posterior sum of θ^power·(x − P), times the count of the pattern."""
    tilted = expected.posterior * sample.theta**power
    return np.asarray(sample.right * tilted.sum(axis=1)[:, None] - tilted @ chance.T)
