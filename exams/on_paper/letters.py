"""How an answer is written on a sheet, and read back: letters for options, squares for places, words as they stand.

Letters follow the order in which the sealed rendering has its options, which is that of the booklet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.errors import InvalidResponse
from exams.item_types import REGISTRY, shape_of
from exams.item_types.contract import Response

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# A picture is printed under so many columns and rows; an answer is the middle of its square.
SQUARES = 20
_SQUARE = re.compile(r"([A-T])\s*([0-9]{1,2})")
NOT_ON_PAPER = ("file_upload",)
HINTS: dict[str, _StrOrPromise] = {
    "single_choice": gettext_lazy("one letter"),
    "true_false": gettext_lazy("one letter"),
    "multiple_response": gettext_lazy("letters"),
    "ordering": gettext_lazy("letters in order"),
    "matching": gettext_lazy("one letter"),
    "hotspot": gettext_lazy("a square, such as C7"),
    "numeric": gettext_lazy("a number"),
}


@dataclass(frozen=True)
class Field:
    """One thing to key in: its name in the form, what the sheet calls it, and a hint."""

    name: str
    label: str
    hint: _StrOrPromise = ""
    is_long: bool = False


def letter(index: int) -> str:
    """A, B, … Z, AA, AB, …"""
    return ascii_uppercase[index] if index < 26 else ascii_uppercase[index // 26 - 1] + ascii_uppercase[index % 26]


def fields_of(position: dict[str, Any]) -> list[Field]:
    """What a sheet has for this position of a rendering; none where it cannot be answered on paper."""
    kind, number = position["type"], position["position"]
    name = f"p{number}"
    if kind in NOT_ON_PAPER:
        return []
    if kind == "matching":
        count = len(position["left"])
        return [Field(f"{name}-{n}", f"{number}.{n}", HINTS[kind]) for n in range(1, count + 1)]
    if kind == "cloze":
        hints = {"choice": HINTS["single_choice"], "number": HINTS["numeric"]}
        return [Field(f"{name}-{n}", f"{number}.{n}", hints.get(gap["kind"], "")) for n, gap in enumerate(position["gaps"], 1)]
    return [Field(name, str(number), HINTS.get(kind, ""), is_long=kind == "essay")]


def read_position(position: dict[str, Any], said: Mapping[str, str]) -> Response | None:
    """The contract's body for what was keyed in; None when the sheet has nothing there. Raises InvalidResponse with
    a sentence."""
    given = {field.name: said.get(field.name, "").strip() for field in fields_of(position)}
    if not any(given.values()):
        return None
    body = _READERS[position["type"]](position, list(given.values()))
    try:
        return REGISTRY[position["type"]].parse(body, shape_of(position))
    except InvalidResponse:
        raise InvalidResponse(_("This is not an answer to a question of this type.")) from None


def written_position(position: dict[str, Any], body: Response | None) -> dict[str, str]:
    """What was keyed in, as it stands in the form's fields: the way back from `read_position`."""
    fields = fields_of(position)
    if body is None:
        return {field.name: "" for field in fields}
    values = _WRITERS[position["type"]](position, body)
    return {field.name: value for field, value in zip(fields, values, strict=True)}


# --- Reading ------------------------------------------------------------------------------------


def _letters(text: str) -> list[str]:
    """The letters of an entry, with or without anything between them; full-width ones too."""
    plain = unicodedata.normalize("NFKC", text).upper()
    if re.search(r"[^A-Z,;、.\s]", plain):
        raise InvalidResponse(_("Only letters are expected here."))
    return re.findall(r"[A-Z]", plain)


def _tokens(options: list[dict[str, str]], text: str) -> list[str]:
    by_letter = {letter(index): option["id"] for index, option in enumerate(options)}
    unknown = [each for each in _letters(text) if each not in by_letter]
    if unknown:
        raise InvalidResponse(_("There is no option %(letter)s.") % {"letter": unknown[0]})
    return [by_letter[each] for each in _letters(text)]


def _one(options: list[dict[str, str]], text: str) -> str:
    tokens = _tokens(options, text)
    if len(tokens) != 1:
        raise InvalidResponse(_("One letter is expected here."))
    return tokens[0]


def _several(position: dict[str, Any], said: list[str]) -> Response:
    tokens = _tokens(position["options"], said[0])
    if len(set(tokens)) < len(tokens):
        raise InvalidResponse(_("A letter stands there twice."))
    return {"choices": tokens}


def _order(position: dict[str, Any], said: list[str]) -> Response:
    tokens = _tokens(position["options"], said[0])
    if sorted(tokens) != sorted(option["id"] for option in position["options"]):
        raise InvalidResponse(_("Every letter is expected here, once each, in order."))
    return {"order": tokens}


def _pairs(position: dict[str, Any], said: list[str]) -> Response:
    lefts = [left["id"] for left in position["left"]]
    return {"pairs": {left: _one(position["right"], text) for left, text in zip(lefts, said, strict=True) if text}}


def _gaps(position: dict[str, Any], said: list[str]) -> Response:
    gaps = {}
    for gap, text in zip(position["gaps"], said, strict=True):
        if text:
            gaps[gap["id"]] = _one(gap["options"], text) if gap["kind"] == "choice" else text
    return {"gaps": gaps}


def _square(position: dict[str, Any], said: list[str]) -> Response:
    found = _SQUARE.fullmatch(unicodedata.normalize("NFKC", said[0]).upper())
    if not found or not 1 <= int(found[2]) <= SQUARES:
        raise InvalidResponse(_("A square is a letter from A to T and a number from 1 to 20, such as C7."))
    column, row = ascii_uppercase.index(found[1]), int(found[2]) - 1
    return {"point": [(column + 0.5) / SQUARES, (row + 0.5) / SQUARES]}


_READERS = {
    "single_choice": lambda position, said: {"choice": _one(position["options"], said[0])},
    "true_false": lambda position, said: {"choice": _one(position["options"], said[0])},
    "multiple_response": _several,
    "ordering": _order,
    "matching": _pairs,
    "cloze": _gaps,
    "hotspot": _square,
    "numeric": lambda position, said: {"value": said[0]},
    "short_text": lambda position, said: {"text": said[0]},
    "essay": lambda position, said: {"text": said[0]},
}


# --- Writing ------------------------------------------------------------------------------------


def _named(options: list[dict[str, str]], tokens: list[str]) -> str:
    names = {option["id"]: letter(index) for index, option in enumerate(options)}
    return " ".join(names[token] for token in tokens)


def _written_gaps(position: dict[str, Any], body: Response) -> list[str]:
    given = body["gaps"]
    return [
        _named(gap["options"], [given[gap["id"]]])
        if gap["kind"] == "choice" and gap["id"] in given
        else given.get(gap["id"], "")
        for gap in position["gaps"]
    ]


def _written_square(position: dict[str, Any], body: Response) -> list[str]:
    column, row = (int(value * SQUARES) for value in body["point"])
    return [f"{ascii_uppercase[min(column, SQUARES - 1)]}{min(row, SQUARES - 1) + 1}"]


_WRITERS = {
    "single_choice": lambda position, body: [_named(position["options"], [body["choice"]])],
    "true_false": lambda position, body: [_named(position["options"], [body["choice"]])],
    "multiple_response": lambda position, body: [_named(position["options"], sorted(body["choices"], key=_place_in(position)))],
    "ordering": lambda position, body: [_named(position["options"], body["order"])],
    "matching": lambda position, body: [
        _named(position["right"], [body["pairs"][left["id"]]] if left["id"] in body["pairs"] else [])
        for left in position["left"]
    ],
    "cloze": _written_gaps,
    "hotspot": _written_square,
    "numeric": lambda position, body: [body["value"]],
    "short_text": lambda position, body: [body["text"]],
    "essay": lambda position, body: [body["text"]],
}


def _place_in(position: dict[str, Any]) -> Any:
    places = {option["id"]: index for index, option in enumerate(position["options"])}
    return places.__getitem__
