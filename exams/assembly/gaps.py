"""What a bank lacks: the same programme once more, with items that nobody has written yet.

An item still to be written has no enemies, no case and no past, so enough of them make any blueprint possible; the
fewest that do are what is missing. Where nothing is missing and there are no papers all the same, a limit is too tight,
and leaving out one at a time tells which. Imports OR-tools.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import Any

from exams.assembly.plan import Built, Entry, Gap, Specification
from exams.assembly.solving import EFFORT, FEWEST, FOUND, LIMITS, Programme, find_papers

# How much looser a limit is tried before it is said that it has to go altogether.
LOOSER = {"borderline_spread": (2, 5, 10, 20), "tenths_spread": (2, 4, 8), "most_key_percent": (1.25, 1.5, 2)}
# What the second run may cost per question.
SMALL_EFFORT = 15.0


def build_papers(
    pool: Sequence[Entry], plan: Specification, enemies: Collection[frozenset[int]], *, seed: int, effort: float = EFFORT
) -> Built:
    """The papers, or what is in their way: items to be written, or else the limits that are too tight."""
    # Papers without a single item in common keep any permitted overlap, and are found far sooner.
    for shared in dict.fromkeys((0, plan.limits.most_common)):
        built = find_papers(pool, plan.with_limits(most_common=shared), enemies, seed=seed, effort=effort)
        if built.is_found:
            return built
    missing = missing_items(pool, plan, enemies, seed=seed)
    if missing.gaps or missing.ran_out_of_time:
        return missing
    if built.ran_out_of_time:
        return built
    return Built(tight=tight_limits(pool, plan, enemies, seed=seed))


def missing_items(pool: Sequence[Entry], plan: Specification, enemies: Collection[frozenset[int]], *, seed: int) -> Built:
    """The fewest items that would have to be written for the counts alone to be possible; none when they are already."""
    programme = Programme(pool, plan, enemies, seed=seed, without=LIMITS)
    unwritten = _Unwritten(programme)
    programme.model.minimize(unwritten.cost)
    solver, status = programme.solve(effort=SMALL_EFFORT)
    if status not in FOUND:
        return Built(ran_out_of_time=True)
    return Built(gaps=unwritten.gaps(solver), gaps_are_fewest=status == FEWEST)


class _Unwritten:
    """For every kind of item and every group of papers, how many new items stand on just those papers.

    Counting by group says exactly how many items a permitted overlap saves, without a variable per new item.
    """

    def __init__(self, programme: Programme) -> None:
        self.programme, plan = programme, programme.plan
        self.most = plan.limits.most_common
        self.groups = list(self._groups())
        kinds: list[tuple[int, str] | None] = [*plan.kinds, *([None] if plan.pretest else [])]
        highest = max([plan.pretest, *plan.areas.values(), *plan.cells.values()], default=0)
        self.new = {(kind, group): programme.model.new_int_var(0, highest, "") for kind in kinds for group in self.groups}
        # Between equals an item on trial, which may be of any area, is the easier one to ask for.
        self.cost = sum((10_000 if kind is None else 10_001) * count for (kind, _group), count in self.new.items())
        self._limit_overlap()
        self._fill()

    def _groups(self) -> Iterator[tuple[int, ...]]:
        papers = self.programme.papers
        for size in range(1, len(papers) + 1 if self.most else 2):
            yield from combinations(papers, size)

    def _on(self, paper: int, *, area: int | None = None, level: str | None = None) -> Any:
        return sum(
            count
            for (kind, group), count in self.new.items()
            if kind and paper in group and (area is None or kind[0] == area) and (level is None or kind[1] == level)
        )

    def _limit_overlap(self) -> None:
        for pair, shared in self.programme.meeting.items():
            both = sum(count for (_kind, group), count in self.new.items() if set(pair) <= set(group))
            self.programme.model.add(shared + both <= self.most)

    def _fill(self) -> None:
        programme, plan, add = self.programme, self.programme.plan, self.programme.model.add
        for paper in programme.papers:
            for (area, level), count in plan.cells.items():
                add(programme.count(paper, area=area, level=level) + self._on(paper, area=area, level=level) == count)
            for area, count in plan.areas.items():
                add(programme.count(paper, area=area) + self._on(paper, area=area) == count)
            for level, share in plan.levels.items() if not plan.cells else ():
                have = programme.count(paper, level=level) + self._on(paper, level=level)
                programme.model.add_linear_constraint(have, max(share - 1, 0), share + 1)
            if plan.pretest:  # also where the bank has no entry at all
                new = sum(count for (kind, group), count in self.new.items() if kind is None and paper in group)
                add(programme.on_trial(paper) + new == plan.pretest)
        if not plan.cells and plan.levels:
            self._share_a_grid()

    def _share_a_grid(self) -> None:
        programme = self.programme
        for area, level in programme.plan.kinds:
            sums = [
                programme.count(paper, area=area, level=level) + self._on(paper, area=area, level=level)
                for paper in programme.papers
            ]
            for each in sums[1:]:
                programme.model.add(each == sums[0])

    def gaps(self, solver: Any) -> list[Gap]:
        counts: dict[tuple[int, str] | None, int] = {}
        for (kind, _group), count in self.new.items():
            counts[kind] = counts.get(kind, 0) + solver.value(count)
        return [Gap(count, kind[0] if kind else None, kind[1] if kind else "") for kind, count in counts.items() if count]


def tight_limits(
    pool: Sequence[Entry], plan: Specification, enemies: Collection[frozenset[int]], *, seed: int
) -> dict[str, int | None]:
    """The limits any of which would be enough to loosen, with a value that is known to do; empty: several at once."""
    tight: dict[str, int | None] = {}
    for name in LIMITS:
        if not find_papers(pool, plan, enemies, seed=seed, without=[name], effort=SMALL_EFFORT).is_found:
            continue
        tight[name] = None
        for factor in LOOSER.get(name, ()):
            value = int(getattr(plan.limits, name) * factor)
            looser = plan.with_limits(**{name: value})
            if value and find_papers(pool, looser, enemies, seed=seed, effort=SMALL_EFFORT).is_found:
                tight[name] = value
                break
    return tight
