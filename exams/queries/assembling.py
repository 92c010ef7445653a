"""What papers can be assembled from: a blueprint as quotas, a bank as numbers."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import exp
from typing import Any

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from exams.assembly.drawing import largest_remainder
from exams.assembly.plan import SCALE, SPARE, Entry, Limits, Specification
from exams.errors import BlueprintInvalid
from exams.models import Attempt, Blueprint, BlueprintCell, BlueprintLine, ItemBank, ItemEstimate, ItemVersion
from exams.models.items import CognitiveLevel
from exams.queries.drawing import usable_versions

Source = ItemEstimate.Source
# The first that has a value counts: judges looked at this very wording, figures may come from few or other people.
BEST_FIRST = (Source.JUDGED, Source.OBSERVED, Source.CALIBRATED)
ONE_KEY_TYPES = ("single_choice", "true_false")
LETTERS = "ABCDE"


def letters_of(paper_count: int, *, has_spare: bool) -> tuple[str, ...]:
    return (*LETTERS[:paper_count], *([SPARE] if has_spare else []))


def grid_of(blueprint: Blueprint) -> dict[tuple[int, str], int]:
    """The cells of a blueprint that has them; empty for one that goes by its mix."""
    cells = BlueprintCell.objects.filter(line__blueprint=blueprint).values_list("line__number", "level", "items")
    return {(area, level): items for area, level, items in cells}


def grid_problems(blueprint: Blueprint) -> list[str]:
    """Areas whose cells no longer add up, as can happen when the blueprint was edited after its grid."""
    grid = grid_of(blueprint)
    problems = []
    for line in blueprint.lines.all() if grid else ():
        have = sum(items for (area, _level), items in grid.items() if area == line.number)
        if have != line.items:
            problems.append(
                _("Area %(area)s: the grid adds up to %(sum)s items, the blueprint says %(items)s.")
                % {"sum": have, "area": line.number, "items": line.items}
            )
    return problems


@dataclass(frozen=True)
class GridCell:
    """How many items a paper needs of an area and level, and how many the bank could give; `needed` None by the mix."""

    level: str
    needed: int | None
    usable: int

    @property
    def is_short(self) -> bool:
        return self.needed is not None and self.usable < self.needed


@dataclass(frozen=True)
class GridRow:
    line: BlueprintLine
    cells: list[GridCell]
    usable: int


def grid_rows(blueprint: Blueprint) -> tuple[list[str], list[GridRow]]:
    """The levels across, by name, and an area a row, with what the bank has for each cell."""
    grid = grid_of(blueprint)
    have: dict[tuple[int, str], int] = {}
    for area, level in usable_versions(blueprint.bank).values_list("item__content_area", "item__cognitive_level"):
        have[area, level] = have.get((area, level), 0) + 1
    used = {level for _area, level in (*grid, *have)} | set(blueprint.cognitive_mix)
    levels = [level for level in CognitiveLevel.values if level in used]
    rows = []
    for line in blueprint.lines.all():
        cells = [
            GridCell(level, grid.get((line.number, level), 0) if grid else None, have.get((line.number, level), 0))
            for level in levels
        ]
        rows.append(GridRow(line, cells, sum(cell.usable for cell in cells)))
    return [str(CognitiveLevel(level).label) for level in levels], rows


def suggested_grid(blueprint: Blueprint) -> dict[tuple[int, str], int]:
    """The mix over each area by largest remainder: where to start from, not a decision."""
    grid: dict[tuple[int, str], int] = {}
    for line in blueprint.lines.all():
        for level, items in largest_remainder(line.items, blueprint.cognitive_mix).items():
            if items:
                grid[line.number, level] = items
    return grid


def plan_of(blueprint: Blueprint, *, letters: tuple[str, ...], limits: Limits) -> Specification:
    """The blueprint as it is today. Raises BlueprintInvalid when its grid does not add up."""
    problems = grid_problems(blueprint)
    if problems:
        raise BlueprintInvalid(" ".join(problems))
    grid = grid_of(blueprint)
    mix = {level: share for level, share in blueprint.cognitive_mix.items() if level in CognitiveLevel.values}
    return Specification(
        letters=letters,
        areas={line.number: line.items for line in blueprint.lines.all() if line.items},
        cells=grid,
        levels={} if grid or not mix else largest_remainder(blueprint.scored_items, mix),
        pretest=blueprint.pretest_items,
        most_tenths=blueprint.minutes * 10,
        limits=limits,
    )


def pool_of(blueprint: Blueprint, *, ability: float = 0.0) -> list[Entry]:
    """Every approved version that speaks all offered languages, with what is known of it; five queries.

    `ability` is where on the logit scale a borderline candidate stands: it turns calibrations into chances.
    """
    versions = list(
        usable_versions(blueprint.bank)
        .select_related("item", "stimulus")
        .prefetch_related("options", Prefetch("estimates", queryset=ItemEstimate.objects.order_by("source")))
    )
    seen = exposure(blueprint.bank)
    cases: dict[int, int] = {}
    for version in versions:
        if version.stimulus_id:
            cases[version.stimulus_id] = cases.get(version.stimulus_id, 0) + 1
    assumed = int(blueprint.cut_percent * SCALE / 100)
    return [_entry(version, cases, seen.get(version.item_id, 0), assumed, ability) for version in versions]


def _entry(version: ItemVersion, cases: dict[int, int], seen: int, assumed: int, ability: float) -> Entry:
    borderline, source = borderline_of(version.estimates.all(), ability)
    stimulus = version.stimulus
    key_position, option_count = key_place(version)
    return Entry(
        version=version.pk,
        item=version.item_id,
        code=version.item.code,
        area=version.item.content_area,
        level=version.item.cognitive_level,
        tenths=int(version.minutes * 10),
        points=version.points,
        borderline=assumed if borderline is None else borderline,
        source=source,
        information=information_of(version.estimates.all(), ability),
        key_position=key_position,
        option_count=option_count,
        stimulus=stimulus.code if stimulus else "",
        together=(stimulus.items_on_paper or cases[stimulus.pk]) if stimulus else 0,
        seen=seen,
    )


def key_place(version: ItemVersion) -> tuple[int, int]:
    """Where the one key stands in the author's order, and among how many; zeros for items without one key."""
    if version.item.type not in ONE_KEY_TYPES:
        return 0, 0
    options = sorted(version.options.all(), key=lambda option: option.position)
    keys = [place for place, option in enumerate(options, 1) if option.is_key]
    return (keys[0], len(options)) if len(keys) == 1 else (0, 0)


def borderline_of(estimates: Iterable[ItemEstimate], ability: float) -> tuple[int | None, str]:
    """The best estimate in ten-thousandths and its source; None and "assumed" when nobody has said anything."""
    by_source = {estimate.source: estimate for estimate in estimates}
    for source in BEST_FIRST:
        estimate = by_source.get(source)
        if estimate is None:
            continue
        if estimate.borderline is not None:
            return int(estimate.borderline * SCALE), str(source)
        if estimate.discrimination is not None:
            return round(_chance(estimate, ability) * SCALE), str(source)
    return None, "assumed"


def information_of(estimates: Iterable[ItemEstimate], ability: float) -> int | None:
    """Fisher information a²P(1 − P) of the two-parameter logistic model, in ten-thousandths (Lord 1980, ch. 5)."""
    for estimate in estimates:
        if estimate.discrimination is not None:
            chance = _chance(estimate, ability)
            return round(float(estimate.discrimination) ** 2 * chance * (1 - chance) * SCALE)
    return None


def _chance(estimate: ItemEstimate, ability: float) -> float:
    return 1 / (1 + exp(-float(estimate.discrimination or 0) * (ability - float(estimate.difficulty or 0))))


def estimate_coverage(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Per area how many usable items have an estimate of each source, and how many are only assumed."""
    pool = pool_of(blueprint)
    rows = []
    for line in blueprint.lines.all():
        sources = Counter(entry.source for entry in pool if entry.area == line.number)
        counts = [sources[source] for source in (*BEST_FIRST, "assumed")]
        rows.append({"line": line, "usable": sum(counts), "counts": counts})
    return rows


def exposure(bank: ItemBank) -> dict[int, int]:
    """How many candidates have had each item before them, by item; rehearsals do not count."""
    counts = (
        Attempt.objects.filter(registration__sitting__is_rehearsal=False, paper__items__version__item__bank=bank)
        .values("paper__items__version__item")
        .annotate(number=Count("pk", distinct=True))
        .order_by()
    )
    return {row["paper__items__version__item"]: row["number"] for row in counts}


def pool_digest(pool: Iterable[Entry]) -> str:
    """SHA-256 of all that the solver was given of a bank: the same digest, plan and seed give the same papers."""
    rows: list[dict[str, Any]] = [asdict(entry) for entry in sorted(pool, key=lambda entry: entry.code)]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()
