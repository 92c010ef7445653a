"""Who gets which answer: evenly, item by item, in random order, and never somebody who may not (docs/algorithms/marking.md).

Whoever marks all answers to one item keeps one standard in mind; whoever marks a whole person carries an impression
from one answer to the next. So an item goes to one marker as long as that marker's share lasts, then to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil
from random import Random


@dataclass(frozen=True)
class Script:
    """An answer that wants markers: the rounds still to be named, and who has a mark of it already."""

    id: int
    item: int
    person: int
    rounds: tuple[int, ...]
    has: frozenset[int] = frozenset()


@dataclass
class Spread:
    """`named`: (script, round, marker) in the order of reading; `left`: scripts for which nobody may be named."""

    named: list[tuple[int, int, int]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


@dataclass
class _Desk:
    """What is known while it is spread."""

    share: int
    loads: dict[int, int]
    reads: set[tuple[int, int]]
    draw: Random

    def next_for(self, able: Sequence[int], item: int) -> int:
        """With room first; then who reads the item already; then who has least; then by lot."""
        return min(
            able,
            key=lambda marker: (
                self.loads[marker] >= self.share,
                (marker, item) not in self.reads,
                self.loads[marker],
                self.draw.random(),
            ),
        )


def spread(
    scripts: Iterable[Script],
    markers: Sequence[int],
    *,
    barred: set[tuple[int, int]],
    loads: dict[int, int] | None = None,
    reads: set[tuple[int, int]] | None = None,
    seed: int,
) -> Spread:
    """Name a marker for every round that wants one. `barred` has (marker, person); `loads` what each has already,
    `reads` the (marker, item) that go on. The same seed gives the same spread."""
    scripts, draw = sorted(scripts, key=lambda script: script.id), Random(seed)  # noqa: S311 (an order, not a secret)
    have = {marker: (loads or {}).get(marker, 0) for marker in markers}
    wanted = sum(len(script.rounds) for script in scripts)
    desk = _Desk(ceil((sum(have.values()) + wanted) / max(len(markers), 1)), have, set(reads or ()), draw)
    found, taken = Spread(), {script.id: set(script.has) for script in scripts}
    for item in _largest_first(scripts):
        for number in (1, 2, 3):
            pile = [script for script in scripts if script.item == item and number in script.rounds]
            draw.shuffle(pile)
            _deal(pile, number, markers, barred, desk, taken, found)
    found.left = sorted(set(found.left))
    return found


def _largest_first(scripts: list[Script]) -> list[int]:
    counts: dict[int, int] = {}
    for script in scripts:
        counts[script.item] = counts.get(script.item, 0) + len(script.rounds)
    return sorted(counts, key=lambda item: (-counts[item], item))


def _deal(
    pile: list[Script],
    number: int,
    markers: Sequence[int],
    barred: set[tuple[int, int]],
    desk: _Desk,
    taken: dict[int, set[int]],
    found: Spread,
) -> None:
    current: int | None = None
    for script in pile:
        able = [marker for marker in markers if marker not in taken[script.id] and (marker, script.person) not in barred]
        if not able:
            found.left.append(script.id)
            continue
        if current is None or desk.loads[current] >= desk.share:
            current = desk.next_for(able, script.item)
        marker = current if current in able else desk.next_for(able, script.item)
        desk.loads[marker] += 1
        desk.reads.add((marker, script.item))
        taken[script.id].add(marker)
        found.named.append((script.id, number, marker))
