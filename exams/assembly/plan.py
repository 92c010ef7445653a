"""What the papers are built from and what they have to keep, in whole numbers: a solver must not round.

Minutes are tenths, estimates and information ten-thousandths. `docs/algorithms/assembly.md` explains every rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

SCALE = 10_000
SPARE = "S"
MOST_PAPERS = 6
# Items with fewer options than this (true or false) cannot spread their keys as thinly as the others.
FEW_OPTIONS = 3
TRUE_FALSE_PERCENT = 60


@dataclass(frozen=True)
class Entry:
    """An approved version that may stand on a paper, and all that decides whether it fits."""

    version: int
    item: int
    code: str
    area: int
    level: str
    tenths: int = 10
    points: int = 1
    # Chance of a borderline candidate in ten-thousandths, and where it comes from: judged, observed, calibrated, assumed.
    borderline: int = SCALE // 2
    source: str = "assumed"
    # Fisher information at the cut in ten-thousandths; None without a calibration.
    information: int | None = None
    # Where the one key stands in the author's order, from 1, and among how many; 0 for items without one key.
    key_position: int = 0
    option_count: int = 0
    # The case it belongs to, and how many of the case's items a paper takes: all of them unless the case says otherwise.
    stimulus: str = ""
    together: int = 0
    seen: int = 0


@dataclass(frozen=True)
class Limits:
    """What an administrator may loosen or tighten for one set of papers."""

    # Items that two papers of the set may have in common.
    most_common: int = 0
    # How far apart the papers may be in what a borderline candidate is expected to score, in points.
    borderline_spread: int = SCALE // 20
    # The same in expected minutes, in tenths.
    tenths_spread: int = 30
    information_spread_percent: int = 10
    # Of the items with one key, at most this share has it at the same place.
    most_key_percent: int = 40
    # Items that more candidates than this have seen stay out; None lets all in.
    most_seen: int | None = None
    # The expected score that every paper has to meet, in ten-thousandths of a point; None lets the papers agree on one.
    target: int | None = None


@dataclass(frozen=True)
class Specification:
    """A blueprint as quotas per paper. With `cells` those are exact; without, `areas` are, and `levels` hold within one."""

    letters: tuple[str, ...]
    areas: Mapping[int, int]
    cells: Mapping[tuple[int, str], int] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    pretest: int = 0
    most_tenths: int = 10**6
    limits: Limits = field(default_factory=Limits)

    @property
    def scored(self) -> int:
        return sum(self.areas.values())

    @property
    def kinds(self) -> list[tuple[int, str]]:
        """Every area and level an item could be written for, to fill a gap."""
        if self.cells:
            return sorted(cell for cell, count in self.cells.items() if count)
        return [(area, level) for area in sorted(self.areas) for level in (sorted(self.levels) or [""])]

    def with_limits(self, **changes: Any) -> Specification:
        return replace(self, limits=replace(self.limits, **changes))

    def as_json(self) -> dict[str, Any]:
        return {
            "letters": list(self.letters),
            "areas": {str(area): count for area, count in self.areas.items()},
            "cells": [[area, level, count] for (area, level), count in sorted(self.cells.items())],
            "levels": dict(self.levels),
            "pretest": self.pretest,
            "most_tenths": self.most_tenths,
            "limits": asdict(self.limits),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Specification:
        return cls(
            letters=tuple(stored["letters"]),
            areas={int(area): count for area, count in stored["areas"].items()},
            cells={(area, level): count for area, level, count in stored["cells"]},
            levels=dict(stored["levels"]),
            pretest=stored["pretest"],
            most_tenths=stored["most_tenths"],
            limits=Limits(**stored["limits"]),
        )


@dataclass(frozen=True)
class Chosen:
    """An entry on a paper: counted, or on trial."""

    entry: Entry
    is_scored: bool


@dataclass(frozen=True)
class Gap:
    """Items somebody would have to write: for an area and a level, or on trial in any area (area None)."""

    count: int
    area: int | None = None
    level: str = ""


@dataclass(frozen=True)
class Built:
    """What the solver found: the papers by letter, unordered, or what is in the way of them."""

    papers: Mapping[str, Sequence[Chosen]] = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    # False when the time was up before it was proved that fewer items would not do.
    gaps_are_fewest: bool = True
    # Limits any of which would have to give way, each with the value at which papers exist; None: not at all.
    tight: Mapping[str, int | None] = field(default_factory=dict)
    ran_out_of_time: bool = False

    @property
    def is_found(self) -> bool:
        return bool(self.papers)


def key_limit(percent: int, option_count: int) -> int:
    return max(percent, TRUE_FALSE_PERCENT) if option_count < FEW_OPTIONS else percent
