"""A number within a tolerance: `{"value": "3.14"}`. Decimal from end to end: no float ever touches a score."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import Key, Response, Shape, only_field, public_stem, wording_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

# A point is the decimal sign; a comma is refused, since 1,234 means two different numbers in two countries.
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")
MOST_CHARACTERS = 40


class Numeric:
    code = "numeric"
    label: _StrOrPromise = _("number")
    has_options = False

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        shown = public_stem(version, language)
        unit = wording_of(version, language).unit
        return {**shown, "unit": unit} if unit else shown

    def parse(self, body: Response, shape: Shape) -> Response:
        """Full-width digits and the minus sign of a Chinese or mathematical keyboard are read as what they mean."""
        value = only_field(body, "value")
        if type(value) is not str or len(value) > MOST_CHARACTERS:
            raise InvalidResponse
        text = unicodedata.normalize("NFKC", value).replace("\u2212", "-").replace("。", ".").strip()
        if not NUMBER.fullmatch(text):
            raise InvalidResponse
        return {"value": text}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """All points when |answer − key| ≤ tolerance, the edge included."""
        if response is None:
            return Decimal(0)
        try:
            answer = Decimal(response["value"])
            target, tolerance = Decimal(str(key.answer["value"])), Decimal(str(key.answer.get("tolerance") or "0"))
        except (InvalidOperation, KeyError):
            return Decimal(0)
        return key.points if abs(answer - target) <= tolerance else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        try:
            value, tolerance = Decimal(str(key.answer["value"])), Decimal(str(key.answer.get("tolerance") or "0"))
        except (InvalidOperation, KeyError):
            return [_("Give the right number, and a tolerance that is a number.")]
        if not value.is_finite() or not tolerance.is_finite() or tolerance < 0:
            return [_("The number must be finite and the tolerance must not be negative.")]
        return []


TYPE = Numeric()
