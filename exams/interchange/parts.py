"""The parts that several formats read and write in the same way: true and false, pairs, weights, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice
from exams.interchange.record import Entry, quoted
from exams.item_types.numeric import NUMBER

TRUE_FALSE = {"en": ("True", "False"), "zh-hans": ("正确", "错误")}
MOST_ANSWERS = 500
Structure = list[tuple[str, int | None]]


def true_false(is_true: bool, language: str) -> tuple[Choice, ...]:
    words = TRUE_FALSE.get(language, TRUE_FALSE["en"])
    return (Choice({language: words[0]}, is_true), Choice({language: words[1]}, not is_true))


def number_of(text: str) -> Decimal | None:
    """The number, as the exam room reads numbers; None when it is none. A comma is no decimal sign."""
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def plain_number(number: Decimal) -> str:
    """Digits without an exponent and without zeros that mean nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def pairs_as_choices(pairs: Sequence[tuple[str, str]], language: str) -> tuple[Choice, ...]:
    """Lefts in order, then rights in order of first appearance; equal rights are one, a right alone is a distractor."""
    rights: dict[str, int | None] = {}
    lefts: list[Choice] = []
    for left, right in pairs:
        if left and right and rights.get(right) is None:
            rights[right] = sum(pair is not None for pair in rights.values()) + 1
        rights.setdefault(right, None)
        if left:
            lefts.append(Choice({language: left}, group="left", pair=rights[right]))
    rights.pop("", None)
    return (*lefts, *(Choice({language: right}, group="right", pair=pair) for right, pair in rights.items()))


def choices_as_pairs(choices: Sequence[Choice], language: str) -> list[tuple[str, str]]:
    """A line per left with the right of its pair, then a line per right that no left leads to."""
    lefts = [choice for choice in choices if choice.group == "left"]
    rights = [choice for choice in choices if choice.group == "right"]
    by_pair: dict[int | None, Choice] = {}
    for right in rights:
        if right.pair is not None:
            by_pair.setdefault(right.pair, right)
    shown = [by_pair.get(left.pair) if left.pair is not None else None for left in lefts]
    lines = [
        (left.texts.get(language, ""), right.texts.get(language, "") if right else "")
        for left, right in zip(lefts, shown, strict=True)
    ]
    used = {id(right) for right in shown if right}
    return lines + [("", right.texts.get(language, "")) for right in rights if id(right) not in used]


def structure_of(choices: Sequence[Choice]) -> Structure:
    return [(choice.group, choice.pair) for choice in choices]


def choices_by_structure(pairs: Sequence[tuple[str, str]], structure: Any, language: str) -> tuple[Choice, ...] | None:
    """The choices of `choices_as_pairs` again, in the order the bank had them; None when the lines do not fit."""
    if not isinstance(structure, list) or not all(_is_place(place) for place in structure):
        return None
    lefts = [pair for group, pair in structure if group == "left"]
    lines, alone = pairs[: len(lefts)], iter([right for _left, right in pairs[len(lefts) :]])
    by_pair = {pair: right for pair, (_left, right) in zip(lefts, lines, strict=False) if pair is not None}
    left_texts = iter([left for left, _right in lines])
    choices, shown = [], set()
    try:
        for group, pair in structure:
            if group == "left":
                text = next(left_texts)
            elif pair in by_pair and pair not in shown:
                shown.add(pair)
                text = by_pair[pair]
            else:
                text = next(alone)
            choices.append(Choice({language: text} if text else {}, group=group, pair=pair))
    except StopIteration:
        return None
    return tuple(choices) if next(alone, None) is None and next(left_texts, None) is None else None


def _is_place(place: Any) -> bool:
    return (
        isinstance(place, list | tuple)
        and len(place) == 2
        and place[0] in ("left", "right")
        and (place[1] is None or (type(place[1]) is int and 0 <= place[1] < 10_000))
    )


def note_feedback(entry: Entry, feedback: str) -> None:
    """Feedback belongs to one option or outcome; items here have one rationale for all."""
    if quoted(feedback):
        entry.note(_("Feedback on an answer is not kept: “%(text)s”.") % {"text": quoted(feedback)})


def note_share(entry: Entry, text: str, percent: Decimal) -> None:
    entry.note(
        _("A share of the points for one answer is not kept: %(percent)s %% for “%(text)s”.")
        % {"percent": plain_number(percent), "text": quoted(text)}
    )


def accepted_texts(entry: Entry, answers: Sequence[tuple[str, Decimal]]) -> list[str]:
    """The texts that earn all points; shares and wildcards are named."""
    accepted: list[str] = []
    if len(answers) > MOST_ANSWERS:
        entry.refuse(_("It has more than %(most)s answers.") % {"most": MOST_ANSWERS})
        return []
    for text, percent in answers:
        if percent < 100:
            if percent > 0:
                note_share(entry, text, percent)
            elif text.strip("* "):
                entry.note(_("An answer expected to be wrong is not kept: “%(text)s”.") % {"text": quoted(text)})
            continue
        literal = text.replace("\\*", "\0")
        if "*" in literal:
            entry.note(_("Wildcards are not kept: “%(text)s” is accepted without its stars.") % {"text": quoted(text)})
            literal = " ".join(literal.replace("*", " ").split())
        literal = literal.replace("\0", "*")
        if literal and literal not in accepted:
            accepted.append(literal)
    if not accepted:
        entry.refuse(_("No answer earns all the points."))
    return accepted


def one_number(entry: Entry, answers: Sequence[tuple[Decimal, Decimal, Decimal]]) -> dict[str, str]:
    """The key from (value, tolerance, percent): one number that earns all points; shares are named."""
    full = [(value, tolerance) for value, tolerance, percent in answers if percent >= 100]
    for value, tolerance, percent in answers:
        interval = f"{plain_number(value)} ± {plain_number(tolerance)}"
        if 0 < percent < 100:
            note_share(entry, interval, percent)
        elif percent <= 0:
            entry.note(_("An answer expected to be wrong is not kept: “%(text)s”.") % {"text": interval})
    if len(set(full)) > 1:
        entry.refuse(_("Several numbers are right; an item here has one number with a tolerance."))
    if not full:
        entry.refuse(_("No answer earns all the points."))
        return {}
    return {"value": plain_number(full[0][0]), "tolerance": plain_number(full[0][1])}


def natural_number(key: dict[str, Any]) -> dict[str, str] | None:
    """The key as formats spell a number with a tolerance; None when it holds no number."""
    value, tolerance = number_of(str(key.get("value", ""))), number_of(str(key.get("tolerance") or "0"))
    if value is None or tolerance is None or tolerance < 0:
        return None
    return {"value": plain_number(value), "tolerance": plain_number(tolerance)}


def choices_in_order(choices: Sequence[Choice], structure: Any) -> tuple[Choice, ...] | None:
    """Choices of the same sides and partners in the order, and with the numbers, that the bank had; `structure` lists
    (side, number) with the place each had among the choices given. None when it does not fit."""
    if not isinstance(structure, list) or len(structure) != len(choices):
        return None
    if not all(isinstance(place, list) and len(place) == 3 and _is_place(place[:2]) for place in structure):
        return None
    if sorted(str(place[2]) for place in structure) != sorted(str(number) for number in range(len(choices))):
        return None
    return tuple(Choice(choices[at].texts, group=group, pair=pair) for group, pair, at in structure)
