"""Sections with rules: what a sealed paper says of them, and whether one may be written to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from exams.models import AttemptSection, SectionRule

FREE, FORWARD_ONLY = SectionRule.Navigation.FREE.value, SectionRule.Navigation.FORWARD_ONLY.value
# How a section of a run stands.
WAITING, OPEN, LEFT, OVER = "waiting", "open", "left", "over"


class Section(NamedTuple):
    """A section as sealed. On a paper where any section has a rule, each is opened before it is answered."""

    minutes: int | None
    navigation: str


def sections_in(document: dict[str, Any]) -> dict[int, Section]:
    """By number from 1; empty for a paper without section rules."""
    found = document["sections"]
    if not any("navigation" in section for section in found):
        return {}
    return {
        number: Section(section.get("minutes"), section.get("navigation", FREE))
        for number, section in enumerate(found, start=1)
    }


def status_of(row: AttemptSection | None, *, at: datetime) -> str:
    if row is None:
        return WAITING
    if row.left_at is not None:
        return LEFT
    return OVER if row.accept_until is not None and at > row.accept_until else OPEN
