"""Three papers of 60 from 300 items with 25 enemy pairs; and a bank that is two items short."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from exams.assembly.apart import build_papers
from exams.assembly.plan import Entry, Gap, Limits, Specification
from exams.assembly.validating import check_papers
from tests.exams.assembly.banks import LEVELS, believable_bank, laid_out, pairs_of, stock

AREAS = 5
CELLS = {(area, level): 4 for area in range(1, AREAS + 1) for level in LEVELS}
PLAN = Specification(
    letters=("A", "B", "C"), areas=dict.fromkeys(range(1, AREAS + 1), 12), cells=CELLS, most_tenths=1200, limits=Limits()
)


@pytest.fixture(scope="module")
def bank() -> list[Entry]:
    return believable_bank(300, areas=AREAS, seed=3)


@pytest.mark.parametrize("seed", [1, 2])
def test_three_papers_of_sixty_from_three_hundred(bank: list[Entry], seed: int) -> None:
    enemies = pairs_of(bank, 25, seed=5)

    papers = build_papers(bank, PLAN, enemies, seed=seed).papers

    assert {letter: len(chosen) for letter, chosen in papers.items()} == {"A": 60, "B": 60, "C": 60}
    items = {letter: {each.entry.item for each in chosen} for letter, chosen in papers.items()}
    assert not any(items[first] & items[second] for first, second in combinations("ABC", 2))
    assert not any(pair <= items[letter] for pair in enemies for letter in "ABC")
    for chosen in papers.values():
        assert Counter((each.entry.area, each.entry.level) for each in chosen) == CELLS
    # In points: sums of whole hundredths, so nothing is lost to rounding.
    expected = [sum(each.entry.borderline for each in chosen) / 10_000 for chosen in papers.values()]
    assert max(expected) - min(expected) <= 0.05 + 1e-9
    assert check_papers(laid_out(build_papers(bank, PLAN, enemies, seed=seed), PLAN, seed=seed), PLAN, enemies) == []


def test_the_same_seed_gives_the_same_papers_whatever_order_the_bank_comes_in(bank: list[Entry]) -> None:
    first, second = build_papers(bank, PLAN, (), seed=4), build_papers(bank[::-1], PLAN, (), seed=4)

    assert first.papers == second.papers
    assert build_papers(bank, PLAN, (), seed=5).papers != first.papers


def test_a_bank_two_items_short_says_exactly_that() -> None:
    have = {**dict.fromkeys(CELLS, 13), (1, "apply"): 10}

    built = build_papers(stock(have), PLAN, (), seed=1)

    assert list(built.gaps) == [Gap(2, 1, "apply")]
    assert not built.papers
    assert build_papers(stock({**have, (1, "apply"): 12}), PLAN, (), seed=1).is_found


def test_enemies_can_be_what_makes_a_bank_short() -> None:
    """Thirteen items for twelve places are enough, until three of them can never be on a paper together with the rest."""
    pool = stock({**dict.fromkeys(CELLS, 13), (1, "apply"): 12})
    tight = [each.item for each in pool if each.area == 1 and each.level == "apply"]
    enemies = {frozenset(pair) for pair in combinations(tight[:5], 2)}

    # Of five mutual enemies three papers take one each: two of the twelve are lost.
    assert list(build_papers(pool, PLAN, enemies, seed=1).gaps) == [Gap(2, 1, "apply")]
