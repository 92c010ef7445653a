"""A corrected key as scoring applies it. Pure: the version's own key, the correction, the answer; points come out.

The version itself is frozen and stays as it was sealed. A correction is a committed `Remark`; the newest of a version is
in force (`exams.queries.corrections`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exams.item_types import REGISTRY, Key, key_of

if TYPE_CHECKING:
    from exams.models import PaperItem

KEY, ACCEPT, DROP, CREDIT = "key", "accept", "drop", "credit"
# Types whose key is a set of options, and those whose key is a value that people type.
BY_OPTIONS = frozenset({"single_choice", "true_false", "multiple_response"})
BY_ANSWER = frozenset({"numeric", "short_text"})


@dataclass(frozen=True)
class Correction:
    """`kind` as in Remark.Kind; `keys`: [{"right": [token…]}] or [{"answer": {…}}]."""

    kind: str
    keys: tuple[Mapping[str, Any], ...] = ()

    @property
    def drops(self) -> bool:
        return self.kind == DROP


def kinds_for(item_type: str) -> tuple[str, ...]:
    """The corrections that an item of this type can have: every item can be dropped or credited."""
    return (KEY, ACCEPT, DROP, CREDIT) if item_type in BY_OPTIONS | BY_ANSWER else (DROP, CREDIT)


def corrected_key(key: Key, change: Mapping[str, Any]) -> Key:
    """The key with other right options, or with another answer."""
    if "right" in change:
        right, every = frozenset(change["right"]), key.right | key.wrong
        parts = tuple(replace(part, is_key=part.token in right) for part in key.parts)
        return replace(key, right=right & every, wrong=every - right, parts=parts)
    return replace(key, answer={**key.answer, **change["answer"]})


def corrected_points(
    correction: Correction, key: Key, response: dict[str, Any] | None, points: Decimal | None
) -> Decimal | None:
    """What the answer earns under the correction; `points` is what it earns without. None: a person has to mark it.

    Among several keys the best for the candidate counts. A dropped item keeps its points; the caller leaves it out.
    """
    if correction.kind == CREDIT:
        return key.points
    if correction.kind == DROP:
        return points
    score = REGISTRY[key.type].score
    earned = [score(corrected_key(key, change), response) for change in correction.keys]
    if correction.kind == ACCEPT:
        earned.append(points)
    found = [each for each in earned if each is not None]
    return max(found) if found else None


def corrected(
    items: Sequence[PaperItem],
    earned: Mapping[int, Decimal | None],
    bodies: Mapping[int, str | None],
    corrections: Mapping[int, Correction],
) -> dict[int, Decimal | None]:
    """Points by position with the corrections ({version id: correction}) applied; `bodies` are the answers as stored."""
    points = dict(earned)
    for item in items:
        correction = corrections.get(item.version_id)
        if correction is not None:
            body = bodies.get(item.position)
            response = None if body is None else json.loads(body)
            points[item.position] = corrected_points(correction, key_of(item.version), response, points[item.position])
    return points
