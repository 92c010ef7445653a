"""What stands between the braces of a GIFT question, by the kind of question it makes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice
from exams.interchange.choices import Picked, read_choices
from exams.interchange.gift_text import format_of, html_of, literal, percent_of
from exams.interchange.parts import (
    MOST_ANSWERS,
    accepted_texts,
    choices_by_structure,
    note_feedback,
    number_of,
    one_number,
    pairs_as_choices,
    true_false,
)
from exams.interchange.record import Entry, quoted

_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass(frozen=True)
class Context:
    language: str
    markup: str
    extras: dict[str, Any] = field(default_factory=dict)


def read_answer(entry: Entry, answer: str, context: Context) -> None:
    """The order in which the kinds are told apart is Moodle's."""
    stated = context.extras.get("type")
    if stated == "short_text":
        _short(entry, answer, context)
    elif answer == "":
        _essay(entry, context)
    elif answer.startswith("#"):
        _number(entry, answer[1:], context)
    elif "~" in answer:
        _choice(entry, answer, context)
    elif "=" in answer and "->" in answer:
        _matching(entry, answer, context)
    elif answer.split("#", 1)[0].strip().upper() in _TRUTH:
        _truth(entry, answer, context)
    elif stated in ("single_choice", "multiple_response"):
        _choice(entry, answer, context)
    else:
        _short(entry, answer, context)


def _text(raw: str, context: Context) -> str:
    markup, bare = format_of(raw.strip(), context.markup)
    return html_of(bare.strip(), markup, line=True)


def _feedback(entry: Entry, answer: str) -> str:
    """The answer without its feedback, which is named."""
    text, mark, feedback = answer.partition("#")
    if mark:
        note_feedback(entry, literal(format_of(feedback.strip(), "moodle")[1]))
    return text.strip()


def _parts(entry: Entry, answer: str, signs: str) -> list[tuple[str, Decimal, str]]:
    """(sign, percent, text without feedback) of every answer; `=` is 100 %, `~` is 0 % unless a weight says more."""
    pieces = re.split(f"([{signs}])", answer)
    if pieces[0].strip():
        entry.refuse(_("Every answer begins with = or ~; this does not: “%(text)s”.") % {"text": quoted(literal(pieces[0]))})
    if len(pieces) > 2 * MOST_ANSWERS:
        entry.refuse(_("It has more than %(most)s answers.") % {"most": MOST_ANSWERS})
        return []
    parts = []
    for sign, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        percent, text = percent_of(_feedback(entry, piece))
        parts.append((sign, Decimal(100 if sign == "=" else 0) if percent is None else percent, text.strip()))
    return parts


def _choice(entry: Entry, answer: str, context: Context) -> None:
    parts = _parts(entry, answer, "~=")
    picked = [Picked(_text(text, context), percent) for _sign, percent, text in parts]
    several = all(sign == "~" for sign, _percent, _t in parts)
    read_choices(entry, picked, context.language, several=several, stated=context.extras.get("type"))


def _matching(entry: Entry, answer: str, context: Context) -> None:
    pairs: list[tuple[str, str]] = []
    for _sign, _percent, text in _parts(entry, answer, "="):
        left, arrow, right = text.partition("->")
        if not arrow:
            entry.refuse(_("Every pair is written = left -> right; this is not: “%(text)s”.") % {"text": quoted(literal(text))})
            return
        # The right side is plain text unless it says otherwise.
        markup, bare = format_of(right.strip(), "plain")
        pairs.append((_text(left, context), html_of(bare.strip(), markup, line=True)))
    entry.type = "matching"
    structure = context.extras.get("structure")
    choices = choices_by_structure(pairs, structure, context.language) if structure else None
    rule = "per_part" if not context.extras else entry.content.scoring_rule
    entry.content = replace(entry.content, choices=choices or pairs_as_choices(pairs, context.language), scoring_rule=rule)
    if sum(choice.group == "left" for choice in entry.content.choices) < 2 and not context.extras:
        entry.refuse(_("A matching question needs at least two pairs."))


def _truth(entry: Entry, answer: str, context: Context) -> None:
    word, *feedback = answer.split("#")
    for text in feedback:
        note_feedback(entry, literal(text))
    entry.type = "true_false"
    choices = true_false(_TRUTH[word.strip().upper()], context.language)
    words, keys = context.extras.get("words"), context.extras.get("keys")
    if (
        isinstance(words, list)
        and isinstance(keys, list)
        and len(words) == len(keys)
        and all(isinstance(w, str) for w in words)
    ):
        choices = tuple(
            Choice({context.language: word} if word else {}, key is True) for word, key in zip(words, keys, strict=True)
        )
    entry.content = replace(entry.content, choices=choices, keep_option_order=not context.extras)


def _short(entry: Entry, answer: str, context: Context) -> None:
    entry.type = "short_text"
    parts = _parts(entry, answer, "=")
    if isinstance(context.extras.get("key"), dict):
        return
    accepted = accepted_texts(entry, [(literal(text), percent) for _sign, percent, text in parts])
    entry.content = replace(entry.content, key={"accepted": {context.language: accepted}})


def _essay(entry: Entry, context: Context) -> None:
    entry.type = "short_text" if context.extras.get("type") == "short_text" else "essay"
    if not context.extras:
        entry.content = replace(entry.content, key={"rubric": []}, presentation={"words": [None, None]})


def _number(entry: Entry, answer: str, context: Context) -> None:
    entry.type = "numeric"
    answers: list[tuple[Decimal, Decimal, Decimal]] = []
    stripped = answer.strip()
    if stripped.startswith(("=", "~")):
        parts = _parts(entry, stripped, "=~")
    else:
        percent, text = percent_of(_feedback(entry, stripped))
        parts = [("=", Decimal(100) if percent is None else percent, text)]
    for sign, percent, text in parts:
        if sign == "~" and not text:
            continue
        read = _interval(literal(text))
        if read is None:
            entry.refuse(_("This is no number with a tolerance: “%(text)s”.") % {"text": quoted(literal(text))})
            return
        answers.append((*read, percent))
    key: dict[str, Any] = one_number(entry, answers)
    if not context.extras.get("key"):
        entry.content = replace(entry.content, key=key)


def _interval(text: str) -> tuple[Decimal, Decimal] | None:
    """`3.14:0.01`, `3..4` or `3`, as value and tolerance."""
    if ".." in text:
        least, most = (number_of(part) for part in text.split("..", 1))
        if least is None or most is None or most < least:
            return None
        return (least + most) / 2, (most - least) / 2
    value_text, _colon, tolerance_text = text.partition(":")
    value, tolerance = number_of(value_text), number_of(tolerance_text or "0")
    return (value, tolerance) if value is not None and tolerance is not None and tolerance >= 0 else None
