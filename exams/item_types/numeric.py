"""A number within a tolerance: `{"value": "3.14"}`. Decimal from end to end: no float ever touches a score."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import ItemType, Key, Response, Shape, only_field, public_stem, wording_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

# A point is the decimal sign; a comma is refused, since 1,234 means two different numbers in two countries.
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")
MOST_CHARACTERS = 40


def read_number(value: Any) -> str:
    """The number as text, or InvalidResponse. Full-width digits and the minus sign of a Chinese or mathematical
    keyboard are read as what they mean."""
    if type(value) is not str or len(value) > MOST_CHARACTERS:
        raise InvalidResponse
    text = unicodedata.normalize("NFKC", value).replace("\u2212", "-").replace("。", ".").strip()
    if not NUMBER.fullmatch(text):
        raise InvalidResponse
    return text


def is_within(value: str, answer: dict[str, Any]) -> bool:
    """|value − answer["value"]| ≤ answer["tolerance"], the edge included."""
    try:
        given, target, tolerance = Decimal(value), *_target(answer)
    except (InvalidOperation, KeyError):
        return False
    return abs(given - target) <= tolerance


def problems_of(answer: dict[str, Any]) -> list[_StrOrPromise]:
    try:
        value, tolerance = _target(answer)
    except (InvalidOperation, KeyError):
        return [_("Give the right number, and a tolerance that is a number.")]
    if not value.is_finite() or not tolerance.is_finite() or tolerance < 0:
        return [_("The number must be finite and the tolerance must not be negative.")]
    return []


def _target(answer: dict[str, Any]) -> tuple[Decimal, Decimal]:
    return Decimal(str(answer["value"])), Decimal(str(answer.get("tolerance") or "0"))


class Numeric(ItemType):
    code: ClassVar[str] = "numeric"
    label: ClassVar[_StrOrPromise] = _("number")

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        shown = public_stem(version, language)
        unit = wording_of(version, language).unit
        return {**shown, "unit": unit} if unit else shown

    def parse(self, body: Response, shape: Shape) -> Response:
        return {"value": read_number(only_field(body, "value"))}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """All points for a number within the tolerance."""
        given = response.get("value", "") if response else ""
        return key.points if given and is_within(given, key.answer) else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        return problems_of(key.answer)


TYPE = Numeric()
