"""The solver, its second run and the validator over small banks of every kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.assembly.apart import build_papers, missing_items
from exams.assembly.ordering import in_order
from exams.assembly.plan import Chosen, Entry, Gap, Limits, Specification
from exams.assembly.validating import check_papers
from tests.exams.assembly.banks import entry, laid_out, stock

LOOSE = Limits(borderline_spread=10**6, tenths_spread=10**5, most_key_percent=100, information_spread_percent=10**6)


def plan_of(areas: dict[int, int], *, letters: str = "AB", limits: Limits = LOOSE, **fields: Any) -> Specification:
    return Specification(letters=tuple(letters), areas=areas, limits=limits, **fields)


def exact(cells: dict[tuple[int, str], int], **fields: Any) -> Specification:
    areas: Counter[int] = Counter()
    for (area, _level), count in cells.items():
        areas[area] += count
    return plan_of(dict(areas), cells=cells, **fields)


@st.composite
def banks(draw: st.DrawFn) -> tuple[list[Entry], Specification, set[frozenset[int]]]:
    size = draw(st.integers(4, 14))
    pool = [
        entry(
            number,
            draw(st.integers(1, 2)),
            draw(st.sampled_from(["remember", "apply"])),
            borderline=draw(st.integers(30, 90)) * 100,
            tenths=draw(st.sampled_from([10, 15, 20])),
            key_position=draw(st.integers(0, 4)),
            option_count=4,
            seen=draw(st.integers(0, 3)),
        )
        for number in range(1, size + 1)
    ]
    cases = draw(st.lists(st.sets(st.integers(1, size), min_size=2, max_size=3), max_size=1))
    for number, members in enumerate(cases):
        pool = [replace(each, stimulus=f"C{number}", together=len(members)) if each.item in members else each for each in pool]
    pairs = draw(st.sets(st.tuples(st.integers(1, size), st.integers(1, size)), max_size=4))
    limits = Limits(
        most_common=draw(st.integers(0, 1)),
        borderline_spread=draw(st.sampled_from([500, 2000, 10000])),
        tenths_spread=draw(st.sampled_from([5, 30])),
        most_key_percent=draw(st.sampled_from([40, 100])),
        most_seen=draw(st.sampled_from([None, 2])),
    )
    cells = {(1, "apply"): draw(st.integers(0, 2)), (2, "remember"): draw(st.integers(1, 2))}
    plan = exact({cell: count for cell, count in cells.items() if count}, limits=limits, pretest=draw(st.integers(0, 1)))
    return pool, plan, {frozenset(pair) for pair in pairs if len(set(pair)) == 2}


@given(banks())
@settings(max_examples=80, deadline=None)
def test_whatever_is_built_the_validator_agrees_and_whatever_is_not_has_a_reason(
    case: tuple[list[Entry], Specification, set[frozenset[int]]],
) -> None:
    pool, plan, enemies = case

    built = build_papers(pool, plan, enemies, seed=1)

    assert not built.ran_out_of_time
    if built.is_found:
        assert check_papers(laid_out(built, plan, seed=1), plan, enemies) == []
    elif built.gaps:
        # With just these items written there would be papers, as far as the counts go.
        written = [
            entry(1000 + number, gap.area or min(plan.areas), gap.level or "create")
            for number, gap in enumerate(gap for gap in built.gaps for _ in range(gap.count))
        ]
        loose = replace(plan, limits=replace(LOOSE, most_common=plan.limits.most_common, most_seen=plan.limits.most_seen))
        assert not missing_items([*pool, *written], loose, enemies, seed=1).gaps


@given(banks())
@settings(max_examples=30, deadline=None)
def test_papers_are_found_whenever_there_are_any(case: tuple[list[Entry], Specification, set[frozenset[int]]]) -> None:
    """Against looking at every pair of papers; banks small enough for that, without cases or items on trial."""
    pool, plan, enemies = case
    pool = [replace(each, stimulus="", together=0) for each in pool[:9]]
    plan = replace(plan, pretest=0)
    choices = [
        [list(chosen) for chosen in combinations([each for each in pool if (each.area, each.level) == cell], count)]
        for cell, count in sorted(plan.cells.items())
    ]
    papers = [[Chosen(each, True) for part in parts for each in part] for parts in product(*choices)]

    def fits(first: list[Chosen], second: list[Chosen]) -> bool:
        from exams.assembly.plan import Built

        return not check_papers(laid_out(Built(papers={"A": first, "B": second}), plan, seed=0), plan, enemies)

    possible = any(fits(first, second) for first, second in product(papers, repeat=2))

    assert build_papers(pool, plan, enemies, seed=1).is_found == possible


def test_a_case_stands_whole_or_not_at_all_and_side_by_side() -> None:
    pool = [entry(number, stimulus="CASE" if number <= 3 else "", together=3 if number <= 3 else 0) for number in range(1, 8)]
    plan = exact({(1, "apply"): 3}, letters="AB")

    for seed in range(6):
        built = build_papers(pool, plan, (), seed=seed)
        for letter, chosen in built.papers.items():
            at = [place for place, each in enumerate(in_order(chosen, seed=seed, letter=letter)) if each.entry.stimulus]
            assert at in ([], [0, 1, 2])


def test_a_case_of_which_two_stand_on_a_paper() -> None:
    pool = [entry(number, stimulus="CASE", together=2) for number in range(1, 5)]

    built = build_papers(pool, exact({(1, "apply"): 2}), (), seed=1)

    assert {letter: len(chosen) for letter, chosen in built.papers.items()} == {"A": 2, "B": 2}
    # Of the case a paper never takes a third.
    assert list(build_papers(pool, exact({(1, "apply"): 3}), (), seed=1).gaps) == [Gap(2, 1, "apply")]


def test_a_permitted_overlap_saves_items() -> None:
    plan = exact({(1, "apply"): 4}, letters="ABC")

    def missing(most: int) -> int:
        limited = replace(plan, limits=replace(LOOSE, most_common=most))
        return sum(gap.count for gap in missing_items(stock({(1, "apply"): 4}), limited, (), seed=1).gaps)

    # Twelve places; four items of the bank, each on one paper, leave eight.
    assert missing(0) == 8
    # Each pair of papers may share one item: the best is one item on all three, which saves two.
    assert missing(1) == 5
    # All four on all three papers.
    assert missing(4) == 0


def test_items_on_trial_are_unscored_and_asked_for_apart() -> None:
    pool = stock({(1, "apply"): 6})
    plan = exact({(1, "apply"): 2}, pretest=1)

    built = build_papers(pool, plan, (), seed=1)

    assert {letter: sum(not each.is_scored for each in chosen) for letter, chosen in built.papers.items()} == {"A": 1, "B": 1}
    assert list(build_papers(pool[:5], plan, (), seed=1).gaps) == [Gap(1, None)]


def test_information_is_made_equal_where_items_are_calibrated() -> None:
    pool = [entry(number, information=1000 * number) for number in range(1, 9)]
    plan = exact({(1, "apply"): 4}, limits=replace(LOOSE, information_spread_percent=0))

    papers = build_papers(pool, plan, (), seed=1).papers

    assert [sum(each.entry.information or 0 for each in chosen) for chosen in papers.values()] == [18000, 18000]


def test_papers_meet_an_expected_score_that_is_asked_for() -> None:
    pool = [entry(number, borderline=1000 * number) for number in range(1, 10)]
    plan = exact({(1, "apply"): 2}, limits=replace(LOOSE, borderline_spread=0, target=7000))

    papers = build_papers(pool, plan, (), seed=1).papers

    assert [sum(each.entry.borderline for each in chosen) for chosen in papers.values()] == [7000, 7000]
    impossible = replace(plan, limits=replace(plan.limits, target=40_000))
    assert set(build_papers(pool, impossible, (), seed=1).tight) == {"target"}


def test_papers_are_worth_the_same_points() -> None:
    pool = [entry(number, points=points) for number, points in enumerate([1, 1, 2, 2], 1)]

    papers = build_papers(pool, exact({(1, "apply"): 2}), (), seed=1).papers

    assert [sum(each.entry.points for each in chosen) for chosen in papers.values()] == [3, 3]


def test_no_level_but_those_of_the_grid_is_counted() -> None:
    pool = stock({(1, "apply"): 4, (1, "create"): 4})

    for seed in range(4):
        papers = build_papers(pool, exact({(1, "apply"): 2}), (), seed=seed).papers
        assert {each.entry.level for chosen in papers.values() for each in chosen} == {"apply"}


# --- The validator sees each fault that is planted -----------------------------------------------

GOOD = exact(
    {(1, "apply"): 2, (2, "apply"): 2},
    limits=Limits(borderline_spread=0, tenths_spread=0, most_key_percent=50, most_seen=5, target=20_000),
    pretest=1,
    most_tenths=50,
)


def good_papers() -> dict[str, list[Any]]:
    pool = [
        replace(each, key_position=1 + each.item % 2, option_count=4, information=2500)
        for each in stock({(1, "apply"): 5, (2, "apply"): 5})
    ]
    return laid_out(build_papers(pool, GOOD, (), seed=1), GOOD, seed=1)


def change(number: int, **fields: Any) -> Any:
    def plant(papers: dict[str, list[Any]]) -> None:
        papers["A"][number] = replace(papers["A"][number], **fields)

    return plant


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (lambda papers: papers.pop("B"), "papers A instead of A, B"),
        (lambda papers: papers["A"].pop(0), "without a gap"),
        (change(0, is_scored=False), "items on trial: 2 instead of 1"),
        (change(0, area=7), "scored items in area 7: 1 instead of 0"),
        (change(0, level="create"), "area 1, create: 1 instead of 0"),
        (lambda papers: papers["A"].__setitem__(0, replace(papers["B"][0], number=1)), "have items in common"),
        (lambda papers: papers["A"].__setitem__(0, replace(papers["A"][1], number=1)), "stand on it twice"),
        (change(0, tenths=20), "it takes 6 minutes, the blueprint gives 5"),
        (change(0, tenths=5), "expected minutes differ"),
        (change(0, borderline=1), "expected to score"),
        (change(0, points=2), "same number of points"),
        (change(0, information=0), "information at the cut"),
        (change(0, seen=6), "at most 5 may have"),
        (change(0, is_approved=False), "never approved"),
        (change(0, languages=frozenset({"en"})), "does not speak zh-hans"),
        (change(0, stimulus="CASE", together=2), "items of case CASE: 1 instead of 2"),
        (lambda papers: [change(n, stimulus="CASE", together=2)(papers) for n in (0, 4)], "do not stand together"),
        (lambda papers: [change(n, key_position=3)(papers) for n in range(4)], "keys at place 3: 4 of 5"),
    ],
)
def test_the_validator_names_what_is_wrong(plant: Any, sentence: str) -> None:
    both = frozenset({"en", "zh-hans"})
    papers = {letter: [replace(each, languages=both) for each in rows] for letter, rows in good_papers().items()}
    # Position 0 is counted, so that what is planted there counts.
    for rows in papers.values():
        rows.sort(key=lambda each: (not each.is_scored, each.number))
        rows[:] = [replace(each, number=number) for number, each in enumerate(rows, 1)]
    assert check_papers(papers, GOOD, (), languages=both) == []

    plant(papers)

    assert any(sentence in finding for finding in check_papers(papers, GOOD, (), languages=both)), check_papers(
        papers, GOOD, (), languages=both
    )


def test_the_validator_names_enemies() -> None:
    papers = good_papers()
    pair = frozenset(each.item for each in papers["A"][:2])

    found = check_papers(papers, GOOD, [pair])

    assert len(found) == 1
    assert "must not share a paper" in found[0]


def test_the_validator_does_without_the_solver() -> None:
    """In a fresh process: checking papers must not load what made them."""
    import subprocess
    import sys

    code = (
        "import django; django.setup(); import sys, exams.assembly.validating, exams.queries.paper_sets, exams.viewsets.papers;"
        "sys.exit(bool({'ortools', 'numpy', 'exams.assembly.solving'} & set(sys.modules)))"
    )
    environment = {**__import__("os").environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_a_bank_without_any_usable_item_lacks_its_items_on_trial_too():
    plan = Specification(letters=("A", "B"), areas={2: 1}, cells={(2, "remember"): 1}, pretest=1)

    built = build_papers([entry(number, 1, "remember") for number in range(1, 5)], plan, (), seed=1)

    assert sorted(built.gaps, key=lambda gap: gap.area or 0) == [Gap(2, None), Gap(2, 2, "remember")]
