"""Groups and sittings compared: published tables, truths planted and found, silence below the least numbers."""

from __future__ import annotations

import numpy as np
import pytest

from exams.statistics.differential import differential, enough_to_compare, mantel_haenszel
from exams.statistics.drift import delta_of, drift, holm
from exams.statistics.equating import Group, mean_sigma, tucker, why_not_equate
from tests.exams.statistics.simulation import a_paper, drawn

# Admissions to Berkeley 1973 by department (Bickel and others 1975): men in, men out, women in, women out.
BERKELEY = [
    (512, 313, 89, 19),
    (353, 207, 17, 8),
    (120, 205, 202, 391),
    (138, 279, 131, 244),
    (53, 138, 94, 299),
    (22, 351, 24, 317),
]


def spread_out(tables: list[tuple[int, int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tables as one row per person: right, stratum, focal."""
    rows = [
        (right, stratum, focal)
        for stratum, table in enumerate(tables)
        for count, (right, focal) in zip(table, [(1, 0), (0, 0), (1, 1), (0, 1)], strict=True)
        for _person in range(count)
    ]
    right, stratum, focal = np.array(rows).T
    return right.astype(float), stratum, focal.astype(bool)


def test_berkeley_as_r_has_it() -> None:
    """R: mantelhaen.test(UCBAdmissions): odds 0.9046968 (0.7719074 to 1.0603298), X-squared 1.4269, p 0.2323."""
    found = mantel_haenszel(*spread_out(BERKELEY))

    assert found.odds == pytest.approx(0.9046968, abs=1e-7)
    assert found.chi_square == pytest.approx(1.4269, abs=1e-4)
    assert found.p == pytest.approx(0.2323, abs=1e-4)
    assert np.exp(found.delta_high / -2.35) == pytest.approx(0.7719074, abs=1e-6)
    assert np.exp(found.delta_low / -2.35) == pytest.approx(1.0603298, abs=1e-6)
    assert found.ets == "A"


def test_two_tables_by_hand() -> None:
    found = mantel_haenszel(*spread_out([(10, 10, 5, 15), (15, 5, 10, 10)]))

    # (10·15 + 15·10) / (10·5 + 5·10) = 3
    assert found.odds == pytest.approx(3)
    assert found.delta == pytest.approx(-2.35 * np.log(3))
    assert (found.reference, found.focal) == (40, 40)


def test_planted_differences_are_found_and_nothing_else_is() -> None:
    a, b = a_paper(20, seed=21)
    random = np.random.default_rng(22)
    focal = np.arange(3000) % 3 == 0
    theta = random.normal(size=3000) - 0.5 * focal  # the focal group is weaker, which is no difference of an item
    harder = b.copy()
    harder[4] += 1.2
    right = np.where(focal[:, None], drawn(a, harder, theta, seed=23), drawn(a, b, theta, seed=24))
    found = differential(right, focal)

    assert found[4].ets == "C" and found[4].delta < -1.5
    assert [index for index, each in enumerate(found) if each.ets == "C"] == [4]


def test_items_without_contrast_have_no_class() -> None:
    right = np.column_stack([np.ones(40), np.arange(40) % 2]).astype(float)
    found = differential(right, np.arange(40) < 20)

    assert found[0].ets == "" and np.isnan(found[0].delta)


def test_least_numbers_of_groups() -> None:
    assert enough_to_compare(300, 200) and not enough_to_compare(299, 200) and not enough_to_compare(1000, 199)


def test_drift_of_one_item_is_told_from_a_stronger_group() -> None:
    easier = np.array([0.5, 0.6, 0.7, 0.4, 0.8, 0.55, 0.65])
    later = easier + 0.08  # all are better now
    later[3] += 0.30  # and this one has become known
    found = drift(easier, 500, later, 500)

    assert found is not None
    assert found.drifted.tolist() == [False, False, False, True, False, False, False]
    assert found.shift[3] < -1
    assert drift(easier, 99, later, 500) is None and drift(easier[:4], 500, later[:4], 500) is None


def test_drift_is_silent_about_chance() -> None:
    random, flagged = np.random.default_rng(31), 0
    truth = np.linspace(0.3, 0.9, 40)
    for _pair in range(100):
        found = drift(random.binomial(150, truth) / 150, 150, random.binomial(150, truth) / 150, 150)
        assert found is not None
        flagged += found.drifted.any()
    assert flagged <= 8  # Holm keeps the chance of any false alarm near 5 in 100


def test_an_item_all_got_right_does_not_drift() -> None:
    found = drift(np.array([1.0, 0.5, 0.6, 0.7, 0.8]), 200, np.array([0.9, 0.5, 0.6, 0.7, 0.8]), 200)

    assert found is not None and np.isnan(found.shift[0]) and not found.drifted.any()
    assert delta_of(np.array([0.5])) == pytest.approx([13])


def test_holm_by_hand() -> None:
    assert holm(np.array([0.01, 0.04, np.nan, 0.03])) == pytest.approx([0.03, 0.06, np.nan, 0.06], nan_ok=True)


def group_with(mean: float, deviation: float, anchor: float, anchor_deviation: float, covariance: float) -> Group:
    """500 scores with exactly these moments."""
    raw = np.random.default_rng(41).normal(size=(500, 2))
    raw -= raw.mean(axis=0)
    raw = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw.T, ddof=0))).T
    mixed = raw @ np.linalg.cholesky(np.array([[deviation**2, covariance], [covariance, anchor_deviation**2]])).T
    return Group(mixed[:, 0] + mean, mixed[:, 1] + anchor)


def test_tucker_as_kolen_and_brennan_have_it() -> None:
    """Kolen and Brennan (2014), table 4.5, with the whole weight on the new group: slope 1.0290, intercept .5370."""
    new = group_with(15.8205, 6.5278, 5.1063, 2.3760, 13.4088)
    old = group_with(18.6728, 6.8784, 5.8626, 2.4515, 14.7603)
    line = tucker(new, old, weight_new=1)

    assert line.slope == pytest.approx(1.0290, abs=2e-4)
    assert line.intercept == pytest.approx(0.5370, abs=2e-3)
    assert why_not_equate(new, old, items=36, anchor_items=12) == ""


def test_a_paper_equated_with_itself_stays_where_it_is() -> None:
    group = group_with(30, 6, 10, 2.5, 12)
    line = tucker(group, group)

    assert (line.slope, line.intercept) == pytest.approx((1, 0))


def test_equating_brings_back_a_known_shift() -> None:
    random = np.random.default_rng(42)
    strong, weak = random.normal(0.3, 1, 4000), random.normal(0, 1, 4000)

    def sat(theta: np.ndarray, harder: float) -> Group:
        anchor = 10 + 3 * theta + random.normal(size=len(theta))
        return Group(anchor + 20 + 5 * theta - harder + random.normal(size=len(theta)), anchor)

    line = tucker(sat(strong, harder=2), sat(weak, harder=0))
    assert line.on_old_scale(np.array([28.0])) == pytest.approx([30.0], abs=0.35)


@pytest.mark.parametrize(
    ("size", "anchor_items", "why"), [(399, 12, "too_few_candidates"), (400, 5, "anchor_too_short"), (400, 8, "")]
)
def test_equating_refuses_what_the_numbers_do_not_carry(size: int, anchor_items: int, why: str) -> None:
    group = group_with(30, 6, 10, 2.5, 12)
    cut = Group(group.total[:size], group.anchor[:size])
    assert why_not_equate(cut, cut, items=40, anchor_items=anchor_items) == why


def test_mean_sigma_by_hand() -> None:
    line = mean_sigma(np.array([-1.0, 0.0, 1.0]), np.array([-1.5, 0.5, 2.5]))

    assert (line.slope, line.intercept) == pytest.approx((2, 0.5))
