"""Rows of what belongs together. A right that belongs to several lefts is written in each of their rows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from exams.content import Choice, VersionContent
from exams.forms.versions.base import VersionForm

LEAST_ROWS, BLANK_ROWS = 4, 2
NOTHING = Choice()


class MatchingForm(VersionForm):
    parts = ("pairs",)

    def add_parts(self, content: VersionContent) -> None:
        pairs = _pairs(content)
        self.rows = max(len(pairs) + BLANK_ROWS, LEAST_ROWS)
        for row in range(self.rows):
            left, right = pairs[row] if row < len(pairs) else (NOTHING, NOTHING)
            self.add_texts(f"left_{row}", _("Left %(number)s, %(language)s"), row + 1, left)
            self.add_texts(f"right_{row}", _("Right %(number)s, %(language)s"), row + 1, right)

    def pair_rows(self) -> list[dict[str, Any]]:
        return [
            {"number": row + 1, "left": self.spoken(f"left_{row}"), "right": self.spoken(f"right_{row}")}
            for row in range(self.rows)
        ]

    def choices(self) -> list[Choice]:
        """Lefts, then rights; rights of the same words are one, and one that no left names is a distractor."""
        rows = [(self.texts(f"left_{row}"), self.texts(f"right_{row}")) for row in range(self.rows)]
        rights: list[dict[str, str]] = []
        lefts: list[Choice] = []
        named: set[int] = set()
        for left, right in rows:
            if any(right.values()) and right not in rights:
                rights.append(right)
            if any(left.values()):
                pair = rights.index(right) + 1 if any(right.values()) else None
                lefts.append(Choice(left, group="left", pair=pair))
                named |= {pair} if pair else set()
        numbered = enumerate(rights, 1)
        return lefts + [Choice(texts, group="right", pair=pair if pair in named else None) for pair, texts in numbered]


def _pairs(content: VersionContent) -> list[tuple[Choice, Choice]]:
    """Each left with its right, then the distractors alone."""
    rights = [choice for choice in content.choices if choice.group == "right"]
    by_pair = {right.pair: right for right in rights if right.pair is not None}
    lefts = [choice for choice in content.choices if choice.group == "left"]
    pairs = [(left, by_pair.get(left.pair, NOTHING) if left.pair is not None else NOTHING) for left in lefts]
    named = {left.pair for left in lefts}
    return pairs + [(NOTHING, right) for right in rights if right.pair is None or right.pair not in named]
