"""Agreement of markers against published figures (sources in docs/algorithms/marking.md)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.statistics.agreement import (
    Estimate,
    icc_fixed,
    icc_one_way,
    icc_two_way,
    kappa_of,
    severity,
    weighted_kappa,
)

# Shrout and Fleiss (1979), table 2: six targets, four judges.
SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
# SAS/STAT's printed example of linear weights.
SAS = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
# The second and third rater of the data set "anxiety" of R's package irr, whose manual prints kappa2(..., "squared").
ANXIETY = list(
    zip(
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
        strict=True,
    )
)


def test_intraclass_correlations_of_shrout_and_fleiss():
    assert round(icc_one_way(SHROUT_FLEISS).value, 2) == 0.17
    assert round(icc_two_way(SHROUT_FLEISS).value, 2) == 0.29
    assert round(icc_fixed(SHROUT_FLEISS), 2) == 0.71


def test_their_intervals_are_those_that_r_prints():
    """`psych::ICC` prints these bounds for the same table."""
    one, two = icc_one_way(SHROUT_FLEISS), icc_two_way(SHROUT_FLEISS)

    assert (round(one.low, 3), round(one.high, 2)) == (-0.133, 0.72)
    assert (round(two.low, 3), round(two.high, 2)) == (0.019, 0.76)


def test_weighted_kappa_as_sas_prints_it():
    found = weighted_kappa(SAS, [0, 1, 2], power=1)

    assert [round(number, 4) for number in (found.value, found.low, found.high)] == [0.4701, 0.1845, 0.7558]


def test_quadratic_kappa_as_r_prints_it():
    """`kappa2` numbers the categories that occur; 5 was never given, so 6 is the fifth there."""
    numbered = [tuple(min(score, 5) for score in pair) for pair in ANXIETY]

    assert kappa_of(numbered).value == pytest.approx(0.2520325, abs=1e-7)


def test_markers_who_are_of_one_mind():
    pairs = [(0, 0), (2, 2), (4, 4), (4, 4)]

    assert kappa_of(pairs) == Estimate(1.0, 1.0, 1.0)
    assert icc_two_way(pairs).value == icc_one_way(pairs).value == 1.0
    assert severity(pairs) == Estimate(0.0, 0.0, 0.0)


@pytest.mark.parametrize("pairs", [[], [(3, 3)], [(3, 3), (3, 3)]])
def test_nothing_is_said_where_nothing_can_be(pairs):
    assert kappa_of(pairs) is None
    assert icc_one_way(pairs) is None
    assert icc_two_way(pairs) is None


def test_severity_is_the_paired_t_interval():
    """Student's own sleep data (1908): mean difference 1.58, t interval 0.70 to 2.46."""
    first = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    second = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]

    found = severity(list(zip(first, second, strict=True)))

    assert [round(number, 2) for number in (found.value, found.low, found.high)] == [1.58, 0.7, 2.46]
    assert severity([]) is None
    assert severity([(1, 3)]) == Estimate(-2)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=40))
def test_quadratic_kappa_is_lins_concordance(pairs):
    """With quadratic weights kappa is 2cov / (var + var + (mean − mean)²), whatever the categories (Fleiss and Cohen 1973)."""
    n = len(pairs)
    x, y = [sum(pair[side] for pair in pairs) / n for side in (0, 1)]
    below = sum((a - x) ** 2 + (b - y) ** 2 for a, b in pairs) / n + (x - y) ** 2
    found = kappa_of(pairs)

    if found is None:
        assert below == 0
    else:
        assert found.value == pytest.approx(2 * sum((a - x) * (b - y) for a, b in pairs) / n / below)
        assert -1 <= found.low <= found.value + 1e-9 and found.value <= found.high + 1e-9 <= 1 + 2e-9


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=30))
def test_an_interval_holds_its_figure(pairs):
    for found in (icc_one_way(pairs), icc_two_way(pairs)):
        if found is not None and found.low is not None:
            assert found.low - 1e-9 <= found.value <= found.high + 1e-9 <= 1 + 2e-9
