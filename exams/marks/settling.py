"""What marks settle (docs/algorithms/marking.md).

One marker: that mark. Two markers no further apart than allowed: their mean, to a thousandth, half up. Further apart: a
third marker, who knows neither of them, decides; the third mark stands as it is, and the first two count for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class Settlement:
    points: Decimal
    # MarkingTask.Way: "single", "mean" or "third".
    way: str


def settlement(totals: Mapping[int, Decimal], *, is_double: bool, third_above: Decimal) -> Settlement | None:
    """From the handed-in marks by round; None while another one is needed."""
    if not is_double:
        return Settlement(totals[1], "single") if 1 in totals else None
    if 1 not in totals or 2 not in totals:
        return None
    if not are_apart(totals, third_above=third_above):
        return Settlement(((totals[1] + totals[2]) / 2).quantize(THOUSANDTH, ROUND_HALF_UP), "mean")
    return Settlement(totals[3], "third") if 3 in totals else None


def are_apart(totals: Mapping[int, Decimal], *, third_above: Decimal) -> bool:
    """Whether the first two marks are both in and further apart than allowed; exactly so far apart is allowed."""
    return 1 in totals and 2 in totals and abs(totals[1] - totals[2]) > third_above


def allowed_difference(points: int, percent: int) -> Decimal:
    """A percentage of an item's points in points, to a thousandth, half up."""
    return (Decimal(points) * percent / 100).quantize(THOUSANDTH, ROUND_HALF_UP)
