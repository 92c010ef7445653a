"""Each interaction of QTI into the item type it is like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice
from exams.interchange.choices import Picked, read_choices
from exams.interchange.parts import MOST_ANSWERS, note_share, number_of, plain_number
from exams.interchange.qti.bodies import html_of
from exams.interchange.qti.declarations import Declaration
from exams.interchange.qti.names import attribute, children, descendants, text
from exams.interchange.qti.shapes import polygon
from exams.interchange.record import Entry, quoted
from exams.interchange.xml import Element

HUNDRED = Decimal(100)
ACCEPTS = {
    "application/pdf": [".pdf"],
    "text/plain": [".txt"],
    "application/zip": [".zip"],
    "image/png": [".png"],
    "image/jpeg": [".jpg", ".jpeg"],
}


@dataclass
class Asked:
    """An interaction with what was declared about its response. `size` tells a picture's width and height in pixels."""

    entry: Entry
    element: Element
    declaration: Declaration
    language: str
    extras: dict[str, Any]
    size: Callable[[str], tuple[int, int] | None]
    by_correct: bool = False  # marked by comparing with the whole right response

    def nothing_right(self) -> None:
        self.entry.refuse(_("It declares no right answer, or works it out by a rule of its own."))

    def keep(self, **changes: Any) -> None:
        self.entry.content = replace(self.entry.content, **changes)


def choice(asked: Asked) -> None:
    options = children(asked.element, "simpleChoice")
    asked.keep(keep_option_order=attribute(asked.element, "shuffle") != "true" and not asked.extras)
    if any(attribute(option, "fixed") == "true" for option in options) and attribute(asked.element, "shuffle") == "true":
        asked.entry.note(_("Options that stay in their place while others are shuffled are not kept so."))
    _options(asked, [(attribute(option, "identifier"), html_of(option, without_feedback)) for option in options])


def without_feedback(element: Element) -> str | None:
    from exams.interchange.qti.names import name

    return "" if name(element) in ("feedbackInline", "feedbackBlock") else None


def hottext(asked: Asked) -> None:
    found = list(descendants(asked.element, "hottext"))
    asked.entry.note(_("Words to be marked in the text became options below it."))
    _options(asked, [(attribute(each, "identifier"), html_of(each)) for each in found])


def _options(asked: Asked, options: list[tuple[str, str]]) -> None:
    declaration = asked.declaration
    right = set(declaration.right)
    if not right and not asked.extras:
        asked.nothing_right()
    several = declaration.cardinality != "single"
    stated = asked.extras.get("type")
    if stated in ("single_choice", "multiple_response", "true_false"):
        choices = tuple(Choice({asked.language: words} if words else {}, name in right) for name, words in options)
        asked.entry.type = stated
        asked.keep(choices=choices)
        return
    picked = [Picked(words, _percent(declaration, name, right, asked.by_correct)) for name, words in options]
    read_choices(asked.entry, picked, asked.language, several=several)
    if several and (asked.by_correct or not declaration.mapping):
        asked.keep(scoring_rule="all_or_nothing")


def _percent(declaration: Declaration, name: str, right: set[str], by_correct: bool) -> Decimal:
    """What an option earns, in percent of all points."""
    if declaration.mapping and not by_correct:
        total = sum((earns for earns in declaration.mapping.values() if earns > 0), Decimal(0))
        whole = max(declaration.mapping.values()) if declaration.cardinality == "single" else total
        if (
            whole > 0 and right == {name for name, earns in declaration.mapping.items() if earns > 0}
        ) or declaration.cardinality == "single":
            return (
                declaration.mapping.get(name, declaration.default) * HUNDRED / whole if whole > 0 else HUNDRED * (name in right)
            )
    if declaration.cardinality == "single":
        return HUNDRED if name in right else Decimal(0)
    return HUNDRED / len(right) if name in right else -HUNDRED / max(len(right), 1)


def order(asked: Asked) -> None:
    texts = {attribute(each, "identifier"): html_of(each) for each in children(asked.element, "simpleChoice")}
    asked.entry.type = "ordering"
    right = asked.declaration.correct
    if sorted(right) != sorted(texts):
        asked.nothing_right()
        return
    choices = tuple(Choice({asked.language: texts[name]} if texts[name] else {}) for name in right)
    asked.keep(choices=choices, scoring_rule="all_or_nothing")


def match(asked: Asked) -> None:
    asked.entry.type = "matching"
    sets = children(asked.element, "simpleMatchSet")
    if len(sets) != 2:
        asked.entry.refuse(_("A matching question has two lists."))
        return
    lefts, rights = (
        [(attribute(e, "identifier"), html_of(e)) for e in children(each, "simpleAssociableChoice")] for each in sets
    )
    pairs: dict[str, str] = {}
    for pair in asked.declaration.right:
        left, _space, right = pair.partition(" ")
        if left in pairs and not asked.extras:
            asked.entry.refuse(_("One place of the first list has several right partners; here it has one."))
        pairs[left] = right.strip()
    if not pairs and not asked.extras:
        asked.nothing_right()
    _by_number(asked, lefts, rights, pairs)
    if not asked.extras and any(earns < 0 for earns in asked.declaration.mapping.values()):
        asked.entry.note(_("A wrong pair costs points in the file; here it earns nothing."))


def _by_number(asked: Asked, lefts: list[tuple[str, str]], rights: list[tuple[str, str]], pairs: dict[str, str]) -> None:
    from exams.interchange.parts import choices_in_order

    numbers: dict[str, int] = {}
    for name, _words in lefts:
        if name in pairs:
            numbers.setdefault(pairs[name], len(numbers) + 1)
    language = asked.language
    choices = [
        *(Choice({language: w} if w else {}, group="left", pair=numbers.get(pairs.get(name, ""))) for name, w in lefts),
        *(Choice({language: w} if w else {}, group="right", pair=numbers.get(name)) for name, w in rights),
    ]
    arranged = choices_in_order(choices, asked.extras.get("structure"))
    asked.keep(choices=arranged or tuple(choices), scoring_rule="all_or_nothing" if asked.by_correct else "per_part")


def gap_match(asked: Asked) -> None:
    """Words dragged into gaps; the gaps already stand in the stem as markers."""
    from exams.interchange.qti.names import name

    asked.entry.type = "cloze"
    words = [(attribute(e, "identifier"), html_of(e)) for e in children(asked.element, "gapText", "gapImg")]
    gaps = [attribute(gap, "identifier") for gap in asked.element.iter() if isinstance(gap.tag, str) and name(gap) == "gap"]
    right = {pair.split()[-1]: pair.split()[0] for pair in asked.declaration.right if len(pair.split()) == 2}
    if set(right) != set(gaps):
        asked.nothing_right()
        return
    asked.entry.note(_("Words dragged or chosen into gaps became a choice at every gap, which may use a word twice."))
    choices = tuple(
        Choice({asked.language: words_here}, right[gap] == word, f"g{number}")
        for number, gap in enumerate(gaps, 1)
        for word, words_here in words
    )
    key = {"gaps": {f"g{number}": {"kind": "choice"} for number in range(1, len(gaps) + 1)}}
    asked.keep(choices=choices, key=key, scoring_rule="per_part")


def place(asked: Asked) -> None:
    """hotspotInteraction and selectPointInteraction: one place on a picture."""
    from exams.interchange.qti.names import name

    asked.entry.type = "hotspot"
    picture = next(iter(descendants(asked.element, "object", "img")), None)
    if picture is None:
        asked.entry.refuse(_("It shows no picture."))
        return
    source = attribute(picture, "data") or attribute(picture, "src")
    size = _size(picture) or asked.size(source)
    if name(asked.element) == "hotspotInteraction":
        right = set(asked.declaration.right)
        if len(right) > 1 and asked.declaration.cardinality != "single":
            asked.entry.refuse(_("Several places have to be found; an item here asks for one."))
        spots = children(asked.element, "hotspotChoice")
        shapes = [(attribute(s, "shape"), attribute(s, "coords")) for s in spots if attribute(s, "identifier") in right]
    else:
        if asked.declaration.cardinality != "single" and attribute(asked.element, "maxChoices", "1") != "1":
            asked.entry.refuse(_("Several places have to be found; an item here asks for one."))
        shapes = [(area.shape, area.coords) for area in asked.declaration.areas if area.value > 0]
    areas = [polygon(shape, coords, *size) for shape, coords in shapes] if size else []
    if not areas or None in areas:
        asked.entry.refuse(_("The right place on the picture cannot be read."))
        return
    if any(area and area[1] for area in areas):
        asked.entry.note(_("A round place became a polygon of 32 corners."))
    alt = text(picture) or attribute(picture, "alt")
    presentation = {"picture": source, "alt": {asked.language: alt} if alt else {}}
    asked.keep(key={"areas": [area[0] for area in areas if area]}, presentation=presentation)


def _size(picture: Element) -> tuple[int, int] | None:
    width, height = attribute(picture, "width"), attribute(picture, "height")
    return (int(width), int(height)) if width.isdigit() and height.isdigit() and len(width + height) < 12 else None


def extended(asked: Asked) -> None:
    asked.entry.type = "essay"
    asked.keep(key={"rubric": []}, presentation={"words": [None, None]})
    if asked.declaration.correct and not asked.extras:
        words = quoted("; ".join(asked.declaration.correct))
        asked.entry.note(_("A model answer is not kept: “%(text)s”.") % {"text": words})


def upload(asked: Asked) -> None:
    asked.entry.type = "file_upload"
    wanted = attribute(asked.element, "type")
    if wanted and wanted not in ACCEPTS and not asked.extras:
        asked.entry.note(_("Files of the type “%(type)s” cannot be asked for; PDF is.") % {"type": quoted(wanted)})
    asked.keep(key={"rubric": []}, presentation={"accepts": ACCEPTS.get(wanted, [".pdf"]), "most_bytes": 10_000_000})


def slider(asked: Asked) -> None:
    asked.entry.note(_("A slider became a number to be typed."))
    entry_of_text(asked)


def entry_of_text(asked: Asked) -> None:
    """One textEntryInteraction: a number or a few words."""
    gap = gap_of(asked)
    kind = gap.pop("kind", "")
    asked.entry.type = "numeric" if kind == "number" else "short_text"
    if not asked.extras.get("key"):
        asked.keep(key=gap)


def gap_of(asked: Asked) -> dict[str, Any]:
    """A text entry as a gap of a cloze."""
    declaration = asked.declaration
    if declaration.base in ("integer", "float"):
        value = number_of(declaration.right[0]) if declaration.right else None
        if value is None:
            asked.nothing_right()
            return {"kind": "number", "value": "0", "tolerance": "0"}
        tolerance = abs(value) * declaration.tolerance / HUNDRED if declaration.relative else declaration.tolerance
        return {"kind": "number", "value": plain_number(value), "tolerance": plain_number(tolerance)}
    if declaration.cardinality == "record" or not declaration.right:
        asked.nothing_right()
    if declaration.by_case:
        asked.entry.note(_("Upper and lower case counted in the file; here they never do."))
    if len(declaration.mapping) + len(declaration.correct) > MOST_ANSWERS:
        asked.entry.refuse(_("It has more than %(most)s answers.") % {"most": MOST_ANSWERS})
        return {"kind": "text", "accepted": {asked.language: []}}
    most = declaration.most
    accepted = list(declaration.correct)
    for words, earns in declaration.mapping.items():
        if earns >= most > 0 and words not in accepted:
            accepted.append(words)
        elif 0 < earns < most:
            note_share(asked.entry, words, earns * HUNDRED / most)
    return {"kind": "text", "accepted": {asked.language: accepted}}


def inline_choice(asked: Asked, gap: str) -> list[Choice]:
    right = asked.declaration.right
    options = children(asked.element, "inlineChoice")
    if len(right) != 1:
        asked.nothing_right()
    choices = [
        Choice({asked.language: words} if (words := html_of(option)) else {}, attribute(option, "identifier") in right, gap)
        for option in options
    ]
    # A first line without words is how some programs show that nothing is chosen yet; ours shows that by itself.
    worded = [choice for choice in choices if choice.texts or choice.is_key]
    if len(worded) < len(choices):
        asked.entry.note(_("A choice without words is left out."))
    return worded


KINDS: dict[str, Callable[[Asked], None]] = {
    "choiceInteraction": choice,
    "hottextInteraction": hottext,
    "orderInteraction": order,
    "matchInteraction": match,
    "gapMatchInteraction": gap_match,
    "hotspotInteraction": place,
    "selectPointInteraction": place,
    "extendedTextInteraction": extended,
    "uploadInteraction": upload,
    "sliderInteraction": slider,
    "textEntryInteraction": entry_of_text,
}
INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
