"""A rubric as markers use it. Its shape in the item is that of exams.item_types.rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from exams.errors import MarkIncomplete
from exams.item_types import Key
from exams.item_types.rubric import criteria_of


@dataclass(frozen=True)
class Band:
    """So many points for what the words say; `value` is the points as they are sent and stored."""

    points: Decimal
    text: str
    text_zh: str

    @property
    def value(self) -> str:
        return plain(self.points)


@dataclass(frozen=True)
class Criterion:
    id: str
    title: str
    title_zh: str
    most: Decimal
    # From the most points to the fewest.
    bands: tuple[Band, ...]


def rubric_of(key: Key) -> list[Criterion]:
    """The criteria in the author's order. Sealing has checked that there are some, and that they add up."""
    return [
        Criterion(
            id=str(criterion["id"]),
            title=str(criterion.get("title", "")),
            title_zh=str(criterion.get("title_zh", "")),
            most=Decimal(str(criterion["points"])),
            bands=_bands(criterion),
        )
        for criterion in criteria_of(key)
    ]


def _bands(criterion: Mapping[str, Any]) -> tuple[Band, ...]:
    bands = [
        Band(Decimal(str(band["points"])), str(band.get("text", "")), str(band.get("text_zh", "")))
        for band in criterion["bands"]
    ]
    return tuple(sorted(bands, key=lambda band: -band.points))


def judged(rubric: list[Criterion], said: Mapping[str, str], *, complete: bool) -> dict[str, str]:
    """What was said, by criterion, as it is stored. Only the points of a band count: what lies between two is not in the
    words both markers have before them. Raises MarkIncomplete for a gap where it must be complete, or anything else."""
    allowed = {criterion.id: {band.value for band in criterion.bands} for criterion in rubric}
    if any(name not in allowed or value not in allowed[name] for name, value in said.items()):
        raise MarkIncomplete
    if complete and set(said) != set(allowed):
        raise MarkIncomplete
    return {name: said[name] for name in allowed if name in said}


def total_of(points: Mapping[str, str]) -> Decimal:
    return sum((Decimal(value) for value in points.values()), Decimal(0))


def plain(number: Decimal) -> str:
    """Without trailing zeros or an exponent."""
    return f"{number.normalize():f}"
