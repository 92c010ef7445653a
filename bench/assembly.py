"""Five papers of 60 from a bank of 2,000, all rules on, against the same solver on the bare problem.

The limit is the shortest programme that can be called parallel: quotas, enemies, no overlap, and expected scores within
one percent. Ours asks for 0.05 points (seven times closer), equal minutes and spread keys besides, and the ratio is what
that costs. CPU of one core, the median of three seeds.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from random import Random
from typing import Any

from bench.table import Line

AREAS, LEVELS = 5, ("remember", "understand", "apply")


def measure(seconds: float) -> list[Line]:
    from exams.assembly.plan import SCALE, Entry, Specification
    from exams.assembly.solving import find_papers

    chance = Random(1)
    bank = [
        Entry(
            version=number,
            item=number,
            code=f"Q{number:04}",
            area=1 + number % AREAS,
            level=LEVELS[(number // AREAS) % 3],
            tenths=chance.choice([10, 15, 20]),
            borderline=round(min(0.95, max(0.2, chance.gauss(0.6, 0.15))) * 100) * SCALE // 100,
            key_position=chance.randint(1, 4),
            option_count=4,
        )
        for number in range(1, 2001)
    ]
    enemies = {frozenset(each.item for each in chance.sample(bank, 2)) for _ in range(100)}
    plan = Specification(
        letters=tuple("ABCDE"),
        areas=dict.fromkeys(range(1, AREAS + 1), 12),
        cells={(area, level): 4 for area in range(1, AREAS + 1) for level in LEVELS},
        most_tenths=1200,
    )
    bare, parallel = [], []
    for seed in range(3):
        started = time.process_time()
        assert solves_bare(bank, plan, enemies, seed)
        bare.append(time.process_time() - started)
        started = time.process_time()
        assert find_papers(bank, plan, enemies, seed=seed).is_found
        parallel.append(time.process_time() - started)
    measured, limit = sorted(parallel)[1], sorted(bare)[1]
    what = "5 parallel papers of 60 from 2,000 items, within 0.05 points"
    return [Line("assembly", what, f"{measured:.1f} s CPU", f"bare, within 1 %: {limit:.1f} s CPU", measured / limit, 3)]


def solves_bare(bank: Sequence[Any], plan: Any, enemies: set[frozenset[int]], seed: int) -> bool:
    """Quotas, enemies, no overlap, one percent; written apart from the project's own model."""
    from ortools.sat.python import cp_model

    model, papers = cp_model.CpModel(), range(len(plan.letters))
    on = [[model.new_bool_var("") for _ in papers] for _ in bank]
    for row in on:
        model.add_at_most_one(row)
    place = {each.item: number for number, each in enumerate(bank)}
    for first, second in (tuple(pair) for pair in enemies):
        for paper in papers:
            model.add_at_most_one([on[place[first]][paper], on[place[second]][paper]])
    middle = sum(each.borderline for each in bank) * plan.scored // len(bank)
    for paper in papers:
        for (area, level), count in plan.cells.items():
            here = [on[n][paper] for n, each in enumerate(bank) if (each.area, each.level) == (area, level)]
            model.add(sum(here) == count)
        expected = sum(each.borderline * on[n][paper] for n, each in enumerate(bank))
        model.add_linear_constraint(expected, middle * 995 // 1000, middle * 1005 // 1000)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, seed
    return solver.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
