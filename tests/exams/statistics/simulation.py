"""Answers drawn from known truths."""

from __future__ import annotations

import numpy as np


def drawn(a: np.ndarray, b: np.ndarray, theta: np.ndarray, seed: int) -> np.ndarray:
    """0 and 1 by the two-parameter model: candidates × items."""
    chance = 1 / (1 + np.exp(-a * (theta[:, None] - b)))
    return (np.random.default_rng(seed).random(chance.shape) < chance).astype(float)


def a_paper(items: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.lognormal(0, 0.3, items), random.normal(0, 1, items)
