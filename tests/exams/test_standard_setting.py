"""The cut from judges' estimates and its two checks, against figures worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.standard_setting.angoff import angoff, correlation
from exams.standard_setting.compromise import Expectation, Limits, beuk, fail_rate, hofstee

# Three judges, four items of one point. Cuts by hand: 2.0, 2.4, 2.8; mean 2.4; SD 0.4; error 0.4/sqrt(3).
ESTIMATES = {
    1: {1: 80, 2: 60, 3: 40, 4: 20},
    2: {1: 90, 2: 70, 3: 50, 4: 30},
    3: {1: 100, 2: 80, 3: 60, 4: 40},
}


def test_the_cut_its_error_and_each_judges_severity():
    found = angoff(ESTIMATES, dict.fromkeys(range(1, 5), 1.0))

    assert found.cut == pytest.approx(2.4)
    assert found.percent == pytest.approx(60)
    assert found.error == pytest.approx(0.4 / 3**0.5)
    assert [round(each.severity, 6) for each in found.judges] == [-0.4, 0, 0.4]
    assert [each.consistency for each in found.judges] == [pytest.approx(1)] * 3
    first = found.items[0]
    assert (first.mean, first.lowest, first.highest) == (90, 80, 100)


def test_points_weigh_and_one_judge_has_no_error():
    found = angoff({7: {1: 50, 2: 100}}, {1: 4.0, 2: 1.0})

    assert (found.cut, found.most, found.error) == (3.0, 5.0, None)
    assert found.judges[0].consistency is None


def test_a_judge_who_turns_the_order_round_is_seen():
    turned = {**ESTIMATES, 4: {1: 20, 2: 40, 3: 60, 4: 80}}

    assert angoff(turned, dict.fromkeys(range(1, 5), 1.0)).judges[3].consistency == pytest.approx(-1)


def test_without_judges_or_items_there_is_no_cut():
    with pytest.raises(ValueError):
        angoff({}, {1: 1.0})
    with pytest.raises(ValueError):
        angoff({1: {}}, {})


def test_what_does_not_vary_has_no_correlation():
    assert correlation([1, 1, 1], [1, 2, 3]) is None


UNIFORM = [step + 0.5 for step in range(100)]  # one candidate at every half percent: fail_rate(x) == x at whole percents


def test_fail_rate_counts_below_the_cut():
    assert fail_rate([40, 50, 60, 70], 60) == 50


def test_hofstee_where_the_line_meets_the_curve():
    """Line from (50, 40) to (70, 20): y = 90 - x. Curve y = x / 2 (half of the candidates have everything): they meet at
    x = 60, y = 30."""
    half = UNIFORM + [100.0] * 100

    assert hofstee([Limits(50, 70, 20, 40)], half) == pytest.approx(60, abs=0.5)


def test_hofstee_means_over_judges():
    half = UNIFORM + [100.0] * 100

    assert hofstee([Limits(45, 65, 15, 35), Limits(55, 75, 25, 45)], half) == hofstee([Limits(50, 70, 20, 40)], half)


def test_hofstee_is_undefined_when_results_and_limits_contradict_each_other():
    assert hofstee([Limits(50, 70, 20, 40)], [10.0] * 50) is None  # everybody fails anyhow
    assert hofstee([Limits(50, 70, 20, 40)], [99.0] * 50) is None  # nobody does
    assert hofstee([], UNIFORM) is None


def test_beuk_where_the_line_through_the_means_meets_the_passes():
    """Means (60, 60), both spreads 10: line y = x. Passes over uniform scores: y = 100 - x. They meet at x = 50."""
    judges = [Expectation(50, 50), Expectation(60, 60), Expectation(70, 70)]

    assert beuk(judges, UNIFORM) == pytest.approx(50, abs=0.5)


def test_beuk_keeps_the_cut_that_all_agree_on_and_needs_two_judges():
    assert beuk([Expectation(62, 50), Expectation(62, 80)], UNIFORM) == 62
    assert beuk([Expectation(62, 50)], UNIFORM) is None


@given(st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=4), min_size=1, max_size=12))
def test_the_cut_lies_between_the_judges_and_severities_cancel(rows):
    found = angoff({judge: dict(enumerate(row)) for judge, row in enumerate(rows)}, dict.fromkeys(range(4), 1.0))

    cuts = [each.cut for each in found.judges]
    assert min(cuts) - 1e-9 <= found.cut <= max(cuts) + 1e-9
    assert sum(each.severity for each in found.judges) == pytest.approx(0, abs=1e-9)
