"""Parallel papers by integer programming: OR-tools CP-SAT, every rule a constraint, nothing minimised.

Equality of the papers is asked for as "within so much", not as "as near as possible": a smallest difference is near zero,
a relative gap to it never closes, and the solver would search on for minutes over papers nobody could tell apart
(docs/algorithms/assembly.md has the figures). One worker, a seed and a limit in the solver's own deterministic time:
the same bank and seed give the same papers on every machine. Imports OR-tools: for tasks and commands only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import combinations
from random import Random
from typing import Any

from ortools.sat.python import cp_model

from exams.assembly.plan import FEW_OPTIONS, SCALE, Built, Chosen, Entry, Specification, key_limit

# In a bank larger than this only kinds of items that run short may be shared between papers: a variable for every item and
# pair of papers would cost minutes, for sharing that a well-stocked kind does not need.
LARGE_BANK = 500

# Deterministic time is about a second of one core; the clock only guards against a machine that stands still.
EFFORT = 60.0
MOST_SECONDS = 240.0

LIMITS = (
    "target",
    "borderline_spread",
    "tenths_spread",
    "most_tenths",
    "information_spread_percent",
    "most_key_percent",
    "points",
)


class Programme:
    """One integer programme: a variable per entry and paper, and the rules as constraints on them.

    `without` names limits to leave out; the rules that make a paper a paper (quotas, enemies, cases, overlap) always hold.
    """

    def __init__(
        self,
        pool: Sequence[Entry],
        plan: Specification,
        enemies: Collection[frozenset[int]],
        *,
        seed: int,
        without: Collection[str] = (),
    ) -> None:
        self.model = cp_model.CpModel()
        self.plan, self.seed = plan, seed
        self.entries = sorted((each for each in pool if usable(each, plan)), key=lambda each: each.code)
        # The order of the variables is what makes one seed's papers differ from another's.
        Random(seed).shuffle(self.entries)  # noqa: S311 (anybody may recompute it from the seed)
        self.papers = range(len(plan.letters))
        size = len(self.entries)
        self.scored = [[self.model.new_bool_var("") for _ in self.papers] for _ in range(size)]
        self.trial = [[self.model.new_bool_var("") for _ in self.papers] for _ in range(size)] if plan.pretest else None
        self._keep_apart(enemies)
        self._keep_cases_together()
        self.meeting = self._limit_overlap()
        self._add_limits(set(without))

    def on(self, number: int, paper: int) -> list[Any]:
        """The variables that put this entry on this paper, counted or on trial; at most one of them is true."""
        counted = self.scored[number][paper]
        return [counted, self.trial[number][paper]] if self.trial else [counted]

    def _keep_apart(self, enemies: Collection[frozenset[int]]) -> None:
        place = {entry.item: number for number, entry in enumerate(self.entries)}
        for pair in sorted(tuple(sorted(pair)) for pair in enemies if len(pair) == 2 and pair <= place.keys()):
            for paper in self.papers:
                self.model.add_at_most_one([variable for item in pair for variable in self.on(place[item], paper)])

    def _keep_cases_together(self) -> None:
        """Of a case's items a paper has as many as the case says, or none."""
        cases: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            if entry.stimulus:
                cases.setdefault(entry.stimulus, []).append(number)
        for _case, members in sorted(cases.items()):
            together = self.entries[members[0]].together or len(members)
            for paper in self.papers:
                is_used = self.model.new_bool_var("")
                used = [variable for number in members for variable in self.on(number, paper)]
                self.model.add(sum(used) == together * is_used)

    def _limit_overlap(self) -> dict[tuple[int, int], Any]:
        """How many of the bank's items each two papers share; without a permitted overlap an item has one place at most."""
        most = self.plan.limits.most_common
        pairs = list(combinations(self.papers, 2))
        meeting: dict[tuple[int, int], list[Any]] = {pair: [] for pair in pairs}
        scarce = self._scarce_areas()
        for number, entry in enumerate(self.entries):
            if not most or entry.area not in scarce:
                self.model.add_at_most_one([variable for paper in self.papers for variable in self.on(number, paper)])
                continue
            for paper in self.papers:
                self.model.add_at_most_one(self.on(number, paper))
            for first, second in pairs:
                both = self.model.new_bool_var("")
                self.model.add(sum(self.on(number, first)) + sum(self.on(number, second)) <= 1 + both)
                meeting[first, second].append(both)
        return {pair: sum(shared) for pair, shared in meeting.items()}

    def _scarce_areas(self) -> set[int]:
        """The areas whose items may stand on several papers: all of a small bank, of a large one those that run short."""
        if len(self.entries) <= LARGE_BANK:
            return set(self.plan.areas)
        have = Counter((entry.area, entry.level) for entry in self.entries)
        needs: dict[tuple[int, str], int] = dict(self.plan.cells) or {
            (area, ""): count for area, count in self.plan.areas.items()
        }
        if not self.plan.cells:
            have = Counter((entry.area, "") for entry in self.entries)
        places = 2 * len(self.papers)
        return {area for (area, level), need in needs.items() if have[area, level] < places * need}

    def fill(self) -> None:
        """Quotas kept by the bank as it is."""
        for shared in self.meeting.values():
            self.model.add(shared <= self.plan.limits.most_common)
        for (area, level), count in self.plan.cells.items():
            for paper in self.papers:
                self.model.add(self.count(paper, area=area, level=level) == count)
        for area, count in self.plan.areas.items():
            for paper in self.papers:
                self.model.add(self.count(paper, area=area) == count)
        if not self.plan.cells:
            self._fill_by_weight()
        for paper in self.papers if self.plan.pretest else ():
            self.model.add(self.on_trial(paper) == self.plan.pretest)

    def _fill_by_weight(self) -> None:
        """Levels within one of their share; and one grid for all papers, whatever it is."""
        for level, share in self.plan.levels.items():
            for paper in self.papers:
                self.model.add_linear_constraint(self.count(paper, level=level), max(share - 1, 0), share + 1)
        for area, level in self.plan.kinds if self.plan.levels else ():
            first = self.count(0, area=area, level=level)
            for paper in self.papers[1:]:
                self.model.add(self.count(paper, area=area, level=level) == first)

    def count(self, paper: int, *, area: int | None = None, level: str | None = None) -> Any:
        """How many counted items of an area, of a level, or of both stand on a paper."""
        return sum(
            self.scored[number][paper]
            for number, entry in enumerate(self.entries)
            if (area is None or entry.area == area) and (level is None or entry.level == level)
        )

    def on_trial(self, paper: int) -> Any:
        return sum(row[paper] for row in self.trial or ())

    def _add_limits(self, without: set[str]) -> None:
        limits, plan = self.plan.limits, self.plan
        top = SCALE * 10 * max(plan.scored, 1)
        expected = [self._sum(paper, lambda entry: entry.borderline * entry.points) for paper in self.papers]
        if limits.target is not None and "target" not in without:
            for each in expected:
                self.model.add_linear_constraint(
                    each, limits.target - limits.borderline_spread, limits.target + limits.borderline_spread
                )
        if "borderline_spread" not in without:
            self._within(expected, limits.borderline_spread, top)
        minutes = [self._sum(paper, lambda entry: entry.tenths, with_trial=True) for paper in self.papers]
        if "tenths_spread" not in without:
            self._within(minutes, limits.tenths_spread, top)
        if "most_tenths" not in without:
            for each in minutes:
                self.model.add(each <= plan.most_tenths)
        if "information_spread_percent" not in without and any(entry.information for entry in self.entries):
            low = self.model.new_int_var(0, top, "")
            for paper in self.papers:
                told = self._sum(paper, lambda entry: entry.information or 0)
                self.model.add(told >= low)
                self.model.add(100 * told <= (100 + limits.information_spread_percent) * low)
        if "points" not in without and len({entry.points for entry in self.entries}) > 1:
            self._within([self._sum(paper, lambda entry: entry.points) for paper in self.papers], 0, top)
        if "most_key_percent" not in without:
            self._spread_keys(limits.most_key_percent)

    def _sum(self, paper: int, value: Any, *, with_trial: bool = False) -> Any:
        total = sum(value(entry) * self.scored[number][paper] for number, entry in enumerate(self.entries))
        if with_trial and self.trial:
            total += sum(value(entry) * self.trial[number][paper] for number, entry in enumerate(self.entries))
        return total

    def _within(self, sums: Sequence[Any], spread: int, top: int) -> None:
        low = self.model.new_int_var(0, top, "")
        for each in sums:
            self.model.add(each >= low)
            self.model.add(each <= low + spread)

    def _spread_keys(self, percent: int) -> None:
        """Of the items with one key, no place has more than its share, rounded up; true or false apart from the rest."""
        keyed = [number for number, entry in enumerate(self.entries) if entry.key_position]
        for few in (True, False):
            group = [number for number in keyed if (self.entries[number].option_count < FEW_OPTIONS) == few]
            share = key_limit(percent, FEW_OPTIONS - 1 if few else FEW_OPTIONS)
            for paper in self.papers:
                everybody = [variable for number in group for variable in self.on(number, paper)]
                for place in sorted({self.entries[number].key_position for number in group}):
                    here = [
                        variable
                        for number in group
                        if self.entries[number].key_position == place
                        for variable in self.on(number, paper)
                    ]
                    self.model.add(100 * sum(here) <= share * sum(everybody) + 99)

    def solve(self, *, effort: float = EFFORT) -> tuple[Any, Any]:
        """The solver and its status: found, impossible, or neither within the effort."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed % 2**31
        # Probing looks for variables that decide others; here few do, and it takes a third of the time.
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.max_deterministic_time = effort
        solver.parameters.max_time_in_seconds = MOST_SECONDS
        return solver, solver.solve(self.model)

    def chosen(self, solver: Any) -> dict[str, list[Chosen]]:
        papers: dict[str, list[Chosen]] = {}
        for paper, letter in enumerate(self.plan.letters):
            counted = [Chosen(entry, True) for n, entry in enumerate(self.entries) if solver.value(self.scored[n][paper])]
            tried = [
                Chosen(entry, False)
                for n, entry in enumerate(self.entries)
                if self.trial and solver.value(self.trial[n][paper])
            ]
            papers[letter] = sorted([*counted, *tried], key=lambda each: each.entry.code)
        return papers


def usable(entry: Entry, plan: Specification) -> bool:
    most = plan.limits.most_seen
    return entry.area in plan.areas and (most is None or entry.seen <= most)


FEWEST = cp_model.OPTIMAL
FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


def find_papers(
    pool: Sequence[Entry],
    plan: Specification,
    enemies: Collection[frozenset[int]],
    *,
    seed: int,
    without: Collection[str] = (),
    effort: float = EFFORT,
) -> Built:
    """Papers that keep every rule; an empty answer when there are none, and `ran_out_of_time` when nobody knows."""
    programme = Programme(pool, plan, enemies, seed=seed, without=without)
    programme.fill()
    solver, status = programme.solve(effort=effort)
    if status in FOUND:
        return Built(papers=programme.chosen(solver))
    return Built(ran_out_of_time=status != cp_model.INFEASIBLE)
