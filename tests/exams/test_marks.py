"""Marking as pure functions: what a rubric allows, what marks settle, who gets which answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.errors import MarkIncomplete
from exams.item_types import Key
from exams.marks.rubrics import judged, rubric_of, total_of
from exams.marks.settling import Settlement, allowed_difference, settlement
from exams.marks.spreading import Script, spread
from tests.factories.bank import RUBRIC

KEY = Key("essay", Decimal(4), answer=RUBRIC)


def settled(first, second=None, third=None, *, is_double=True, above="1"):
    marks = {number: Decimal(mark) for number, mark in ((1, first), (2, second), (3, third)) if mark is not None}
    return settlement(marks, is_double=is_double, third_above=Decimal(above))


@pytest.mark.parametrize(
    ("marks", "outcome"),
    [
        ((None, None), None),
        (("4", None), None),
        ((None, "4"), None),
        (("4", "4"), ("4", "mean")),
        (("4", "3"), ("3.5", "mean")),  # exactly as far apart as allowed
        (("3", "4"), ("3.5", "mean")),
        (("2.5", "3.001"), ("2.751", "mean")),  # half a thousandth goes up
        (("4", "2.999"), None),
        (("4", "2", "0"), ("0", "third")),  # it stands, even outside the other two
        (("4", "3", "0"), ("3.5", "mean")),
    ],
)
def test_what_two_marks_and_a_third_settle(marks, outcome):
    assert settled(*marks) == (outcome and Settlement(Decimal(outcome[0]), outcome[1]))


def test_one_mark_settles_where_one_is_asked():
    assert settled("2.5", is_double=False) == Settlement(Decimal("2.5"), "single")
    assert settled(None, is_double=False) is None


@given(
    st.decimals(0, 20, places=3),
    st.decimals(0, 20, places=3),
    st.decimals(0, 20, places=3) | st.none(),
    st.decimals(0, 20, places=3),
)
def test_who_was_first_changes_nothing_and_points_stay_between_the_marks(first, second, third, above):
    found = settled(first, second, third, above=above)

    assert found == settled(second, first, third, above=above)
    if found is None:
        assert third is None and abs(first - second) > above
    elif found.way == "mean":
        assert min(first, second) <= found.points <= max(first, second)
        assert abs(first - second) <= above
    else:
        assert found.points == third


@pytest.mark.parametrize(("points", "percent", "allowed"), [(4, 25, "1"), (3, 33, "0.99"), (7, 15, "1.05"), (10, 0, "0")])
def test_the_allowed_difference_is_a_share_of_the_points(points, percent, allowed):
    assert allowed_difference(points, percent) == Decimal(allowed)


def test_a_rubric_lists_its_bands_from_the_best():
    rubric = rubric_of(KEY)

    assert [criterion.id for criterion in rubric] == ["c1", "c2"]
    assert [[band.value for band in criterion.bands] for criterion in rubric] == [["2", "0"], ["2", "0"]]
    half = replace(KEY, answer={"rubric": [{**RUBRIC["rubric"][0], "bands": [{"points": "0.50"}, {"points": 1e1}]}]})
    assert [band.value for band in rubric_of(half)[0].bands] == ["10", "0.5"]


def test_only_points_of_bands_are_taken():
    rubric = rubric_of(KEY)

    assert judged(rubric, {"c2": "0", "c1": "2"}, complete=True) == {"c1": "2", "c2": "0"}
    assert total_of({"c1": "2", "c2": "0.5"}) == Decimal("2.5")
    for said in ({"c1": "1"}, {"c1": "2", "x": "0"}, {"c1": ""}):
        with pytest.raises(MarkIncomplete):
            judged(rubric, said, complete=False)
    with pytest.raises(MarkIncomplete):
        judged(rubric, {"c1": "2"}, complete=True)


def scripts(items: int, each: int, rounds=(1,)) -> list[Script]:
    return [Script(id=item * 1000 + n, item=item, person=n, rounds=rounds) for item in range(items) for n in range(each)]


def test_one_marker_reads_all_answers_to_an_item():
    found = spread(scripts(3, 20), [7, 8, 9], barred=set(), seed=1)

    readers = {}
    for script, _number, marker in found.named:
        readers.setdefault(script // 1000, set()).add(marker)
    assert sorted(map(sorted, readers.values())) == [[7], [8], [9]]


def test_an_item_is_shared_when_that_is_what_even_takes():
    found = spread(scripts(1, 20), [7, 8, 9, 10], barred=set(), seed=1)

    assert Counter(marker for _script, _number, marker in found.named) == {7: 5, 8: 5, 9: 5, 10: 5}


def test_the_order_of_reading_is_drawn():
    first, second = (spread(scripts(1, 20), [7], barred=set(), seed=seed).named for seed in (1, 2))

    assert sorted(first) == sorted(second)
    assert first != second
    assert spread(scripts(1, 20), [7], barred=set(), seed=1).named == first


def test_more_work_goes_to_who_has_less_and_reads_the_item():
    found = spread(scripts(1, 4), [7, 8], barred=set(), loads={7: 4}, reads={(7, 0)}, seed=1)

    assert {marker for _script, _number, marker in found.named} == {8}
    again = spread(scripts(1, 4), [7, 8], barred=set(), loads={7: 4, 8: 4}, reads={(7, 0)}, seed=1)
    assert [marker for _script, _number, marker in again.named][:2] == [7, 7]


def test_a_third_marker_is_somebody_else():
    pile = [replace(script, rounds=(3,), has=frozenset({7, 8})) for script in scripts(1, 5)]

    assert {marker for *_what, marker in spread(pile, [7, 8, 9], barred=set(), seed=1).named} == {9}
    assert spread(pile, [7, 8], barred=set(), seed=1).left == [script.id for script in pile]


def test_without_markers_everything_is_left():
    assert spread(scripts(1, 2), [], barred=set(), seed=1).left == [0, 1]


@given(
    items=st.integers(1, 4),
    each=st.integers(1, 12),
    markers=st.integers(1, 5),
    barred=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 11)), max_size=12),
    double=st.booleans(),
    seed=st.integers(0, 99),
)
def test_whatever_is_spread_keeps_the_rules(items, each, markers, barred, double, seed):
    pile = scripts(items, each, (1, 2) if double else (1,))

    found = spread(pile, list(range(markers)), barred=barred, seed=seed)

    persons = {script.id: script.person for script in pile}
    assert not {(marker, persons[script]) for script, _number, marker in found.named} & barred
    assert len({(script, marker) for script, _number, marker in found.named}) == len(found.named)
    assert len({(script, number) for script, number, _marker in found.named}) == len(found.named)
    given = Counter(script for script, *_rest in found.named)
    assert set(found.left) == {script.id for script in pile if given[script.id] < len(script.rounds)}
    for script in pile:
        able = markers - sum((marker, script.person) in barred for marker in range(markers))
        assert given[script.id] == min(able, len(script.rounds))
    loads = Counter(marker for *_what, marker in found.named)
    if not barred and not found.left:
        assert max(loads.values()) - min(loads[marker] for marker in range(markers)) <= len(pile)
        assert max(loads.values()) <= -(-sum(loads.values()) // markers) or double
