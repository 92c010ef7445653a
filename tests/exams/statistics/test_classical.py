"""Classical figures against sums done by hand and against their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from exams.statistics.classical import classical, efficiency
from exams.statistics.intervals import feldt, newcombe, of_correlation, of_median, wilson

# Four candidates, three items; totals 3, 2, 1, 0: mean 1.5, variance 5/3.
STAIRS = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=float)


def test_a_staircase_by_hand() -> None:
    found = classical(STAIRS)

    assert list(found.items.facility) == [0.75, 0.5, 0.25]
    # Item variances 1/4, 1/3, 1/4; alpha = 3/2 · (1 − (5/6)/(5/3)) = 3/4.
    assert found.paper.alpha == pytest.approx(0.75)
    assert found.paper.error == pytest.approx(np.sqrt(5 / 3) * 0.5)
    # Without item 2: variances 1/4 + 1/4, totals 2, 1, 1, 0 with variance 2/3; alpha = 2 · (1 − (1/2)/(2/3)) = 1/2.
    assert found.items.alpha_if_deleted[1] == pytest.approx(0.5)
    # Item 2 with the rest 2, 1, 1, 0: covariance (1·2 + 1·1 − 4·½·1)/3 = 1/3 over √(1/3 · 2/3).
    assert found.items.discrimination[1] == pytest.approx(1 / np.sqrt(2))


@pytest.mark.parametrize("seed", range(3))
def test_closed_forms_equal_their_definitions(seed: int) -> None:
    random = np.random.default_rng(seed)
    points = random.choice([0, 0.5, 1, 2], size=(60, 8)) + random.normal(size=(60, 1)).round().clip(-1, 1) * 0
    most = np.full(8, 2.0)
    found = classical(points, most)

    for item in range(8):
        rest = np.delete(points, item, axis=1)
        assert found.items.discrimination[item] == pytest.approx(np.corrcoef(points[:, item], rest.sum(axis=1))[0, 1])
        variances = rest.var(axis=0, ddof=1).sum()
        assert found.items.alpha_if_deleted[item] == pytest.approx(7 / 6 * (1 - variances / rest.sum(axis=1).var(ddof=1)))
        assert found.items.point_biserial[item] == pytest.approx(np.corrcoef(points[:, item], points.sum(axis=1))[0, 1])
    assert found.items.facility == pytest.approx(points.mean(axis=0) / 2)


def test_what_is_not_defined_is_not_a_number() -> None:
    points = np.column_stack([np.ones(6), [0, 1, 0, 1, 1, 0]])
    found = classical(points)

    assert np.isnan(found.items.discrimination).tolist() == [True, True]  # the rest of item 2 never varies either
    assert found.items.facility[0] == 1 and found.items.facility_low[0] < 1
    assert np.isnan(efficiency(points)).all()
    assert np.isnan(classical(np.ones((1, 1))).paper.alpha)


def test_efficiency_is_one_when_no_other_order_would_agree_better() -> None:
    assert efficiency(STAIRS) == pytest.approx([1, 1, 1])


def test_intervals_by_published_examples() -> None:
    # Newcombe (1998), Interval estimation for the single proportion, table I: 81/263 and 15/148 by Wilson's method.
    low, high = wilson(np.array([81 / 263, 15 / 148]), np.array([263.0, 148.0]))
    assert low.round(4).tolist() == [0.2553, 0.0624]
    assert high.round(4).tolist() == [0.3662, 0.1605]
    # Newcombe (1998), Interval estimation for the difference, table II: 56/70 − 48/80 by method 10.
    low, high = newcombe(*(np.array(value, dtype=float) for value in (56 / 70, 70, 48 / 80, 80)))
    assert (round(float(low), 4), round(float(high), 4)) == (0.0524, 0.3339)
    low, high = of_correlation(np.array([0.5]), 28)
    assert (low.round(3).tolist(), high.round(3).tolist()) == ([0.156], [0.736])
    assert of_median(np.arange(1.0, 11.0)) == (2.0, 9.0)


def test_the_interval_of_alpha_covers_alpha() -> None:
    """Tau-equivalent papers: item = true + error. Of 1,000 samples, near 95 percent of intervals hold the truth."""
    random, items, hit = np.random.default_rng(6), 10, 0
    truth = items / (items + 4)  # variance of true scores 1, of errors 4
    for _sample in range(1000):
        points = random.normal(size=(50, 1)) + 2 * random.normal(size=(50, items))
        found = classical(points)
        hit += found.paper.alpha_low <= truth <= found.paper.alpha_high
    assert 0.93 <= hit / 1000 <= 0.97
    assert feldt(0.8, 100, 20) == pytest.approx((0.739, 0.852), abs=0.005)
