"""What a paper's candidates answered, as arrays: all that `report` needs, and nothing about who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exams.statistics.intervals import Array


@dataclass(frozen=True)
class PaperAnswers:
    """n candidates × k items, in the paper's order.

    `items`: position, code, type, area, number of options and places of keys. `points` earned of `most`; `scored` is
    False for items on trial. `chosen`: place of the chosen option, -1 for none. `seconds`: nan where unknown.
    `languages`, `kinds` (of partner) and `sittings` (codes, in order of their first attempt): one entry per candidate.
    """

    items: list[dict[str, Any]]
    points: Array
    most: Array
    scored: Array
    answered: Array
    chosen: Array
    seconds: Array
    languages: Array
    kinds: Array
    sittings: Array
    cut_percent: float
    repeats: int = 0
