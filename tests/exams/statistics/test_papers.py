"""Decisions, options, times, omissions and flags."""

from __future__ import annotations

import numpy as np
import pytest

from exams.statistics.classical import classical
from exams.statistics.consistency import _four_parameters, effective_length, livingston_lewis
from exams.statistics.distractors import OMITTED, ability_groups, option_table
from exams.statistics.flags import flags_of, verdict
from exams.statistics.pacing import omission, seconds_between, times

# --- Decisions ---------------------------------------------------------------------------------


def test_with_kr21_the_effective_length_is_the_number_of_items() -> None:
    scores = np.random.default_rng(51).binomial(40, np.random.default_rng(52).beta(6, 3, 500))
    found = classical(scores[:, None].astype(float), np.array([40.0])).paper

    assert effective_length(found.mean, float(scores.var()), 40, found.kr21) == 40


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.25, 0.95)])
def test_consistency_is_what_sitting_twice_gives(low: float, high: float) -> None:
    """Truth beta, errors binomial: the same people sit two papers of 50; the method sees only the first."""
    random = np.random.default_rng(53)
    truth = low + (high - low) * random.beta(4, 3, 20_000)
    once, twice = random.binomial(50, truth), random.binomial(50, truth)
    reliability = truth.var() / (once / 50).var()
    found = livingston_lewis(once, most=50, cut=30, reliability=float(reliability))

    assert found is not None
    assert found.effective_length == pytest.approx(50, abs=4)
    assert found.agreement == pytest.approx(((once >= 30) == (twice >= 30)).mean(), abs=0.012)
    assert found.accuracy == pytest.approx(((once >= 30) == (truth >= 0.6)).mean(), abs=0.012)
    assert found.accuracy + found.wrongly_passed + found.wrongly_failed == pytest.approx(1)


def test_four_moments_give_their_beta_back() -> None:
    inside = np.random.default_rng(54).beta(3, 5, 4_000_000) * 0.6 + 0.2
    found = _four_parameters([float((inside**order).mean()) for order in (1, 2, 3, 4)])

    assert found == pytest.approx((0.2, 0.8, 3, 5), rel=0.05)


def test_no_reliability_no_claim() -> None:
    scores = np.arange(30.0)
    for reliability in (-0.2, 0.0, 1.0, float("nan")):
        assert livingston_lewis(scores, most=30, cut=18, reliability=reliability) is None
    assert livingston_lewis(np.full(30, 20.0), most=30, cut=18, reliability=0.8) is None


# --- Options -----------------------------------------------------------------------------------


def test_options_by_hand() -> None:
    chosen = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, OMITTED] * 2)
    rest = np.array([9, 8, 7, 6, 5, 4, 3, 2, 1, 0] * 2, dtype=float)
    table = {row.option: row for row in option_table(chosen, 4, rest)}

    assert [table[option].chosen for option in (0, 1, 2, 3, OMITTED)] == [8, 6, 4, 0, 2]
    assert table[0].groups == [0, 0, 0, 1, 1]
    assert table[OMITTED].groups == [0.5, 0, 0, 0, 0]
    assert table[0].correlation == pytest.approx(np.corrcoef(chosen == 0, rest)[0, 1])
    # Four chose it, under the least of five: no correlation is claimed.
    assert np.isnan(table[2].correlation) and table[3].high < 0.17


def test_equal_scores_stand_in_one_group() -> None:
    group, sizes = ability_groups(np.array([1.0] * 7 + [5.0] * 3))

    assert set(group[:7]) == {1} and set(group[7:]) == {4}
    assert sizes.tolist() == [0, 7, 0, 0, 3]


# --- Times and omissions -----------------------------------------------------------------------


def test_seconds_run_from_save_to_save() -> None:
    assert seconds_between(100, [(2, 190.0), (1, 130.0), (5, 200.0)]) == {1: 30, 2: 60, 5: 10}


def test_few_times_are_no_median() -> None:
    assert np.isnan(times(np.array([30.0] * 9 + [np.nan] * 20)).median)
    found = times(np.arange(1.0, 101.0))
    assert (found.median, found.low, found.high) == (50.5, 40, 61)


def test_left_out_is_told_from_not_reached() -> None:
    answered = np.array([[True, False, True, False], [True, True, False, False], [False, False, False, False]])
    found = omission(answered)

    assert found.omitted == pytest.approx([0, 1 / 3, 0, 0])
    assert found.not_reached == pytest.approx([1 / 3, 1 / 3, 2 / 3, 1])


# --- Flags -------------------------------------------------------------------------------------

GOOD = {
    "discrimination": 0.4,
    "discrimination_high": 0.5,
    "facility_low": 0.6,
    "facility_high": 0.7,
    "omitted_low": 0.0,
}


@pytest.mark.parametrize(
    ("change", "flags", "said"),
    [
        ({}, [], "fit"),
        ({"discrimination": -0.2, "discrimination_high": -0.01}, ["discrimination_negative"], "unfit"),
        # Under nought by chance alone: looked at, not thrown out.
        ({"discrimination": -0.05, "discrimination_high": 0.3}, ["discrimination_low"], "watch"),
        ({"facility_high": 0.2}, ["too_hard"], "watch"),
        ({"facility_low": 0.96}, ["too_easy"], "watch"),
        ({"omitted_low": 0.2}, ["left_out_often"], "watch"),
        (dict.fromkeys(GOOD), [], "fit"),
    ],
)
def test_flags(change: dict[str, float | None], flags: list[str], said: str) -> None:
    found = flags_of({**GOOD, **change})
    assert (found, verdict(found, enough=True)) == (flags, said)


def test_flags_of_options_groups_and_sittings() -> None:
    key = {"is_key": True, "high": 0.9, "correlation_low": 0.4}
    tempting = {"is_key": False, "high": 0.3, "correlation_low": 0.1}
    unused = {"is_key": False, "high": 0.02, "correlation_low": None}

    assert flags_of(GOOD, [key, tempting]) == ["strong_candidates_choose_a_distractor"]
    assert flags_of(GOOD, [key, unused]) == ["distractor_unused"]
    assert flags_of(GOOD, ets=["A", "B"]) == ["differs_between_groups_b"]
    assert flags_of(GOOD, ets=["C", "B"], drifted=True, calibrated=False) == [
        "differs_between_groups_c",
        "drifted",
        "not_calibrated",
    ]
    assert verdict([], enough=False) == "unknown"
