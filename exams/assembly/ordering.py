"""The order of a paper: areas together in the blueprint's order, a case's items side by side, all else by the seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from exams.assembly.plan import Chosen


def in_order(chosen: Sequence[Chosen], *, seed: int, letter: str) -> list[Chosen]:
    """The same items, seed and letter give the same order; nothing about it tells which items are on trial."""
    units: dict[tuple[int, str], list[Chosen]] = {}
    homes = _homes(chosen)
    for each in sorted(chosen, key=lambda each: each.entry.code):
        case = each.entry.stimulus
        units.setdefault((homes[case] if case else each.entry.area, case or f"\0{each.entry.code}"), []).append(each)
    chance = Random(f"{seed}:{letter}")  # noqa: S311 (anybody may recompute it from the seed)
    ordered: list[Chosen] = []
    for area in sorted({area for area, _name in units}):
        members = [unit for (home, _name), unit in sorted(units.items()) if home == area]
        chance.shuffle(members)
        ordered += [each for unit in members for each in unit]
    return ordered


def _homes(chosen: Sequence[Chosen]) -> dict[str, int]:
    """A case whose items belong to several areas stands, whole, in the first of them."""
    homes: dict[str, int] = {}
    for each in chosen:
        if each.entry.stimulus:
            homes[each.entry.stimulus] = min(homes.get(each.entry.stimulus, each.entry.area), each.entry.area)
    return homes
