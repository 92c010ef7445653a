"""Banks of numbers: entries with everything by default, and papers as the validator wants them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from exams.assembly.ordering import in_order
from exams.assembly.plan import Built, Entry, Specification
from exams.assembly.validating import Position

LEVELS = ("remember", "understand", "apply")


def entry(number: int, area: int = 1, level: str = "apply", **fields: Any) -> Entry:
    return Entry(version=number, item=number, code=f"Q{number:04}", area=area, level=level, **fields)


def stock(cells: dict[tuple[int, str], int], **fields: Any) -> list[Entry]:
    """So many entries per cell, with rising numbers."""
    kinds = [cell for cell, count in sorted(cells.items()) for _ in range(count)]
    return [entry(number, area, level, **fields) for number, (area, level) in enumerate(kinds, 1)]


def believable_bank(size: int, *, areas: int, seed: int, **fields: Any) -> list[Entry]:
    """Items as a bank has them: estimates around .6, one to three minutes, keys anywhere."""
    chance = Random(seed)
    bank = []
    for number in range(1, size + 1):
        estimate = round(min(0.95, max(0.2, chance.gauss(0.6, 0.15))), 2)
        varied = {
            "borderline": round(estimate * 100) * 100,
            "source": "judged",
            "tenths": chance.choice([10, 15, 20]),
            "key_position": chance.randint(1, 4),
            "option_count": 4,
        }
        bank.append(entry(number, 1 + number % areas, LEVELS[(number // areas) % 3], **{**varied, **fields}))
    return bank


def pairs_of(bank: Sequence[Entry], count: int, *, seed: int) -> set[frozenset[int]]:
    chance = Random(seed)
    pairs: set[frozenset[int]] = set()
    while len(pairs) < count:
        pairs.add(frozenset(each.item for each in chance.sample(list(bank), 2)))
    return pairs


def laid_out(built: Built, plan: Specification, *, seed: int) -> dict[str, list[Position]]:
    """The papers in order, as they would be stored."""
    return {
        letter: [
            Position(
                number=number,
                item=each.entry.item,
                code=each.entry.code,
                area=each.entry.area,
                level=each.entry.level,
                is_scored=each.is_scored,
                tenths=each.entry.tenths,
                points=each.entry.points,
                borderline=each.entry.borderline,
                information=each.entry.information,
                key_position=each.entry.key_position,
                option_count=each.entry.option_count,
                stimulus=each.entry.stimulus,
                together=each.entry.together,
                seen=each.entry.seen,
            )
            for number, each in enumerate(in_order(chosen, seed=seed, letter=letter), 1)
        ]
        for letter, chosen in built.papers.items()
    }
