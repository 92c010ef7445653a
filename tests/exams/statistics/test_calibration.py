"""The logistic models: truths recovered, errors honest, runaway items said to be so."""

from __future__ import annotations

import numpy as np
import pytest

from exams.statistics.calibration import one_parameter, two_parameter
from exams.statistics.likelihood import Sample, expect, information, score_of
from tests.exams.statistics.simulation import a_paper, drawn


def test_truth_is_recovered_within_its_standard_errors() -> None:
    a, b = a_paper(30, seed=1)
    right = drawn(a, b, np.random.default_rng(2).normal(size=3000), seed=3)
    found = two_parameter(right)

    assert found.converged and found.estimable.all()
    assert np.sqrt(np.mean((found.a - a) ** 2)) < 0.08
    assert np.sqrt(np.mean((found.b - b) ** 2)) < 0.12
    # In units of their standard errors the misses average one.
    for miss in ((found.a - a) / found.a_error, (found.b - b) / found.b_error):
        assert 0.5 < np.mean(miss**2) < 1.7
        assert np.abs(miss).max() < 4


def test_one_slope_is_recovered() -> None:
    b = np.linspace(-2, 2, 12)
    right = drawn(np.full(12, 1.4), b, np.random.default_rng(4).normal(size=2000), seed=5)
    found = one_parameter(right)

    assert found.a == pytest.approx(np.full(12, 1.4), abs=3 * found.a_error[0])
    assert np.abs((found.b - b) / found.b_error).max() < 4
    assert found.parameters == 13


def test_score_and_information_are_the_derivatives_of_the_likelihood() -> None:
    a, b = a_paper(4, seed=7)
    sample = Sample.of(drawn(a, b, np.random.default_rng(8).normal(size=80), seed=9), 31)
    place = np.concatenate([-a * b, a]) + 0.1

    def height(at: np.ndarray) -> float:
        return expect(sample, at[4:], at[:4]).log_likelihood

    def slope(at: np.ndarray) -> np.ndarray:
        return score_of(sample, at[4:], at[:4], expect(sample, at[4:], at[:4]))

    step = 1e-5 * np.eye(8)
    numeric = np.array([(height(place + each) - height(place - each)) / 2e-5 for each in step])
    assert slope(place) == pytest.approx(numeric, abs=1e-4)
    curvature = np.array([(slope(place + each) - slope(place - each)) / 2e-5 for each in step])
    found = information(sample, place[4:], place[:4], expect(sample, place[4:], place[:4]))
    assert found == pytest.approx(-curvature, abs=1e-4)


def test_items_without_information_are_named() -> None:
    a, b = a_paper(6, seed=10)
    right = drawn(a, b, np.random.default_rng(11).normal(size=400), seed=12)
    right[:, 2], right[:, 4] = 1, 0
    found = two_parameter(right)

    assert found.estimable.tolist() == [True, True, False, True, False, True]
    assert np.isnan(found.a[[2, 4]]).all() and np.isnan(found.b_error[[2, 4]]).all()


def test_an_item_against_the_others_gets_a_negative_slope() -> None:
    a, b = a_paper(10, seed=13)
    right = drawn(a, b, np.random.default_rng(14).normal(size=1500), seed=15)
    right[:, 3] = 1 - right[:, 3]
    found = two_parameter(right)

    assert found.converged
    assert found.a[3] == pytest.approx(-a[3], abs=0.3)


def test_half_of_the_items_turned_round_is_the_same_paper_turned() -> None:
    a, b = a_paper(10, seed=17)
    right = drawn(a, b, np.random.default_rng(18).normal(size=1500), seed=19)
    turned = np.where(np.arange(10) < 4, 1 - right, right)
    straight, found = two_parameter(right), two_parameter(turned)

    assert found.log_likelihood == pytest.approx(straight.log_likelihood, abs=1e-4)
    assert np.abs(found.a) == pytest.approx(straight.a, abs=1e-3)
    # An item and its opposite: nothing tells candidates apart but the direction of each.
    pairs = two_parameter(np.column_stack([right, 1 - right]))
    assert pairs.a[:10] == pytest.approx(-pairs.a[10:], abs=1e-3) and np.abs(pairs.a).min() > 0.3


def test_two_copies_of_an_item_do_not_break_it() -> None:
    random = np.random.default_rng(16)
    right = (random.random((300, 4)) < 0.5).astype(float)
    right = np.column_stack([right, right[:, 0]])
    found = two_parameter(right)

    # The pair explains itself with a slope without bound: it is not estimable, whatever else is said.
    steep = ~found.estimable
    assert steep[[0, 4]].any()


def test_every_answer_alike_gives_nothing() -> None:
    found = two_parameter(np.ones((50, 4)))

    assert not found.estimable.any() and not found.converged
    assert np.isnan(found.log_likelihood)
