"""Drawing a paper, as numbers: which items, given the blueprint's counts, the mix, the enemies and a seed.

Explained in docs/algorithms/paper-assembly.md. Drawing without enemies is easy and exact, area by area. Where such a
draw holds two enemies, any paper must do without one of them: both ways are followed, the one nearer the mix first.
So when a paper exists it is found, and its mix is as near as the bank allows.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exams.errors import TooFewItems

# A bank knows few enemies; this many ways around them mean that somebody has paired up everything with everything.
MOST_WAYS = 20_000


@dataclass(frozen=True)
class Candidate:
    """An approved version that may be drawn."""

    version_id: int
    item_id: int
    code: str
    area: int
    cognitive_level: str


@dataclass(frozen=True)
class Line:
    """A content area: how many scored items, and its weight for sharing out items on trial."""

    area: int
    items: int
    weight: int


@dataclass(frozen=True)
class Draw:
    scored: list[Candidate]
    pretest: list[Candidate]
    # How many items would have to change their level for the mix to be exact.
    off_mix: int = 0

    def conflict(self, enemies: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        drawn = {candidate.item_id for candidate in (*self.scored, *self.pretest)}
        return next((pair for pair in enemies if drawn.issuperset(pair)), None)


def largest_remainder(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """`total` shared out by weight in whole numbers: floors first, the rest to the largest fractions."""
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    exact = {name: total * weight / whole for name, weight in weights.items()}
    shares = {name: int(share) for name, share in exact.items()}
    by_fraction = sorted(exact, key=lambda name: (shares[name] - exact[name], name))
    for name in by_fraction[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def draw_items(
    candidates: Sequence[Candidate],
    lines: Sequence[Line],
    *,
    pretest_items: int,
    cognitive_mix: Mapping[str, int],
    enemies: Collection[frozenset[int]],
    seed: int,
) -> Draw:
    """The same candidates, counts and seed give the same draw. Raises TooFewItems, which names every gap."""
    areas = {line.area for line in lines}
    pool = sorted((each for each in candidates if each.area in areas), key=lambda each: each.code)
    chance = Random(seed)  # noqa: S311 (whoever knows the seed may recompute the draw; it is no secret)
    chance.shuffle(pool)
    order = {each.item_id: place for place, each in enumerate(pool)}
    pairs = sorted(
        sorted(pair, key=lambda item_id: order[item_id]) for pair in enemies if len(pair) == 2 and pair <= order.keys()
    )
    draw = _without_enemies(pool, lines, pretest_items, cognitive_mix, [(first, second) for first, second in pairs])
    if draw is None:
        raise TooFewItems(
            _("The bank has enough items, but too many of them must not share a paper. Write more approved items.")
        )
    return draw


def _without_enemies(
    pool: Sequence[Candidate],
    lines: Sequence[Line],
    pretest_items: int,
    cognitive_mix: Mapping[str, int],
    enemies: Sequence[tuple[int, int]],
) -> Draw | None:
    """Best first: leaving more items out never brings the mix nearer, so the first draw without enemies is the best."""
    first = _simple_draw(pool, lines, pretest_items, cognitive_mix)
    ways: list[tuple[int, int, frozenset[int], Draw]] = [(first.off_mix, 0, frozenset(), first)]
    seen = {frozenset[int]()}
    while ways and len(seen) < MOST_WAYS:
        _off_mix, _place, left_out, draw = heapq.heappop(ways)
        conflict = draw.conflict(enemies)
        if conflict is None:
            return draw
        # The later one of the pair goes first, so that the seed's order decides between equals.
        for item_id in reversed(conflict):
            fewer = left_out | {item_id}
            if fewer in seen:
                continue
            seen.add(fewer)
            try:
                rest = [each for each in pool if each.item_id not in fewer]
                way = _simple_draw(rest, lines, pretest_items, cognitive_mix)
            except TooFewItems:
                continue
            heapq.heappush(ways, (way.off_mix, len(seen), fewer, way))
    return _first_come(pool, lines, pretest_items, cognitive_mix, enemies) if ways else None


def _first_come(
    pool: Sequence[Candidate],
    lines: Sequence[Line],
    pretest_items: int,
    cognitive_mix: Mapping[str, int],
    enemies: Sequence[tuple[int, int]],
) -> Draw | None:
    """Where too many are kept apart to look at every way, as in a large group: of enemies the first in the pool's order
    stays. The counts hold; the mix may be less near than it could be. None when that leaves too few."""
    apart: dict[int, set[int]] = {}
    for one, other in enemies:
        apart.setdefault(one, set()).add(other)
        apart.setdefault(other, set()).add(one)
    kept: set[int] = set()
    for each in pool:
        if kept.isdisjoint(apart.get(each.item_id, ())):
            kept.add(each.item_id)
    try:
        return _simple_draw([each for each in pool if each.item_id in kept], lines, pretest_items, cognitive_mix)
    except TooFewItems:
        return None


def _simple_draw(
    pool: Sequence[Candidate], lines: Sequence[Line], pretest_items: int, cognitive_mix: Mapping[str, int]
) -> Draw:
    """Enemies apart: each area takes, in the pool's order, its count of each level, then its items on trial."""
    on_trial = _trial_items(pool, lines, pretest_items)
    scored: list[Candidate] = []
    pretest: list[Candidate] = []
    off_mix = 0
    for line in lines:
        members = [each for each in pool if each.area == line.area]
        counts, off = _levels(members, line.items, cognitive_mix)
        chosen = list(_first_of_each_level(members, counts))
        scored += chosen
        taken = {each.item_id for each in chosen}
        pretest += [each for each in members if each.item_id not in taken][: on_trial[line.area]]
        off_mix += off
    return Draw(scored, pretest, off_mix)


def _levels(members: Sequence[Candidate], count: int, cognitive_mix: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """How many of each level to take: the mix by largest remainder; what a level lacks, others make up."""
    stock = Counter(each.cognitive_level for each in members)
    wanted = largest_remainder(count, dict(cognitive_mix)) if cognitive_mix else largest_remainder(count, dict(stock))
    counts = {level: min(wanted.get(level, 0), stock[level]) for level in stock}
    missing = count - sum(counts.values())
    # The level with most to spare first; by name between equals, so that the draw can be repeated.
    for level in sorted(stock, key=lambda level: (counts[level] - stock[level], level)):
        extra = min(missing, stock[level] - counts[level])
        counts[level] += extra
        missing -= extra
    return counts, sum(max(quota - counts.get(level, 0), 0) for level, quota in wanted.items())


def _first_of_each_level(members: Sequence[Candidate], counts: Mapping[str, int]) -> Iterator[Candidate]:
    left = dict(counts)
    for each in members:
        if left[each.cognitive_level]:
            left[each.cognitive_level] -= 1
            yield each


def _trial_items(pool: Sequence[Candidate], lines: Sequence[Line], pretest_items: int) -> dict[int, int]:
    """How many items on trial each area gets: by weight, but never more than it can spare. Raises TooFewItems."""
    stock = Counter(candidate.area for candidate in pool)
    shortages = [_shortage(line, line.items - stock[line.area]) for line in lines if stock[line.area] < line.items]
    if shortages:
        raise TooFewItems(" ".join(shortages), shortages=shortages)
    spare = {line.area: stock[line.area] - line.items for line in lines}
    wanted = largest_remainder(pretest_items, {str(line.area): line.weight for line in lines})
    given = {area: min(wanted[str(area)], free) for area, free in spare.items()}
    for area in sorted(spare, key=lambda area: (given[area] - spare[area], area)):
        given[area] += min(spare[area] - given[area], pretest_items - sum(given.values()))
    missing = pretest_items - sum(given.values())
    if missing:
        sentence = ngettext(
            "%(count)s more approved item is needed as a pretest item, in any area.",
            "%(count)s more approved items are needed as pretest items, in any area.",
            missing,
        ) % {"count": missing}
        raise TooFewItems(sentence, shortages=[sentence])
    return given


def _shortage(line: Line, missing: int) -> str:
    return ngettext(
        "%(count)s more approved item is needed in area %(area)s.",
        "%(count)s more approved items are needed in area %(area)s.",
        missing,
    ) % {"count": missing, "area": line.area}
