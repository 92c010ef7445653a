"""Weighted options, as GIFT, Moodle and QTI know them, into single choice or multiple response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice
from exams.interchange.parts import note_share, plain_number
from exams.interchange.record import Entry
from exams.models import ItemVersion

Rule = ItemVersion.ScoringRule


@dataclass(frozen=True)
class Picked:
    """One option: its HTML, and the percent of the points it earns or, below zero, costs."""

    text: str
    percent: Decimal


def read_choices(entry: Entry, picked: Sequence[Picked], language: str, *, several: bool, stated: Any = None) -> None:
    """Fill an entry from weighted options. `several`: the file lets people tick more than one. `stated`: the type our
    own file says, which ends all guessing."""
    right = [option for option in picked if option.percent > 0] if several else [o for o in picked if o.percent >= 100]
    if stated in ("single_choice", "multiple_response"):
        entry.type = stated
        right = [option for option in picked if option.percent > 0]
    elif several:
        entry.type = "multiple_response"
        _several(entry, picked, right)
    else:
        entry.type = "single_choice"
        _one(entry, picked, right)
    keys = {id(option) for option in right}
    choices = tuple(Choice({language: option.text} if option.text else {}, id(option) in keys) for option in picked)
    entry.content = replace(entry.content, choices=choices)
    if len(picked) < 2 and not stated:
        entry.refuse(_("A choice needs at least two options."))


def _one(entry: Entry, picked: Sequence[Picked], right: Sequence[Picked]) -> None:
    for option in picked:
        if option not in right and option.percent != 0:
            note_share(entry, option.text, option.percent)
    if not right:
        entry.refuse(_("No option is marked as the right one."))
    if len(right) > 1:
        entry.type = "multiple_response"
        entry.note(_("Any one of several right options was enough in the file; here all right options have to be ticked."))


def _several(entry: Entry, picked: Sequence[Picked], right: Sequence[Picked]) -> None:
    """Equal weights that cost as much as they earn are our partial credit; anything else is brought to it, by name."""
    if not right:
        entry.refuse(_("No option is marked as the right one."))
        return
    share = Decimal(100) / len(right)
    entry.content = replace(entry.content, scoring_rule=Rule.PARTIAL_CREDIT)
    if any(abs(option.percent - share) > Decimal("0.01") for option in right):
        entry.note(_("Right options earn different shares in the file; here they earn equal shares."))
    wrong = [option for option in picked if option.percent <= 0]
    if any(abs(option.percent + share) > Decimal("0.01") for option in wrong):
        entry.note(_("A wrong tick costs something else in the file; here it costs as much as a right tick earns."))


def shares(choices: Sequence[Choice]) -> tuple[str, str]:
    """The percent that a right tick earns and a wrong one costs, as a file says it."""
    keys = max(sum(choice.is_key for choice in choices), 1)
    share = plain_number((Decimal(100) / keys).quantize(Decimal("0.00001")))
    return share, f"-{share}"
