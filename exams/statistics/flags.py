"""Is an item fit for use? Rules with a code each; where the numbers allow it a rule looks at the interval, not the value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# code: does the item have to leave the paper's use until somebody looked (unfit), or be looked at (watch)?
RULES = {
    "discrimination_negative": "unfit",
    "strong_candidates_choose_a_distractor": "unfit",
    "differs_between_groups_c": "unfit",
    "discrimination_low": "watch",
    "too_hard": "watch",
    "too_easy": "watch",
    "distractor_unused": "watch",
    "left_out_often": "watch",
    "differs_between_groups_b": "watch",
    "drifted": "watch",
    "not_calibrated": "watch",
}
HARD, EASY = 0.30, 0.95
LOW_DISCRIMINATION = 0.15
UNUSED = 0.05
LEFT_OUT = 0.10


def flags_of(
    item: Mapping[str, Any],
    options: Iterable[Mapping[str, Any]] = (),
    *,
    ets: Iterable[str] = (),
    drifted: bool = False,
    calibrated: bool | None = None,
) -> list[str]:
    """The rules an item breaks, gravest first. Figures that are None break nothing: nothing is claimed without numbers."""
    classes, options = set(ets), list(options)
    broken = {
        # Only when the whole interval is below nought: a chance value just under it accuses nobody.
        "discrimination_negative": _below(item.get("discrimination_high"), 0),
        "discrimination_low": _below(item.get("discrimination"), LOW_DISCRIMINATION),
        "too_hard": _below(item.get("facility_high"), HARD),
        "too_easy": _above(item.get("facility_low"), EASY),
        "left_out_often": _above(item.get("omitted_low"), LEFT_OUT),
        "strong_candidates_choose_a_distractor": any(
            not option["is_key"] and _above(option.get("correlation_low"), 0) for option in options
        ),
        "distractor_unused": any(not option["is_key"] and _below(option.get("high"), UNUSED) for option in options),
        "differs_between_groups_c": "C" in classes,
        "differs_between_groups_b": "B" in classes and "C" not in classes,
        "drifted": drifted,
        "not_calibrated": calibrated is False,
    }
    if broken["discrimination_negative"]:
        broken["discrimination_low"] = False
    return [code for code in RULES if broken[code]]


def verdict(flags: Iterable[str], *, enough: bool) -> str:
    """`unknown` below the least number, else the gravest of the flags: `unfit`, `watch` or `fit`."""
    if not enough:
        return "unknown"
    levels = {RULES[flag] for flag in flags}
    return "unfit" if "unfit" in levels else "watch" if "watch" in levels else "fit"


def _below(value: float | None, limit: float) -> bool:
    return value is not None and value < limit


def _above(value: float | None, limit: float) -> bool:
    return value is not None and value > limit
