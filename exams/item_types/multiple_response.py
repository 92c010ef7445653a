"""Several right options: `{"choices": [id…]}`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import Key, Response, Shape, only_field, public_options, public_stem

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

THOUSANDTH = Decimal("0.001")


class MultipleResponse:
    code = "multiple_response"
    label: _StrOrPromise = _("multiple response")
    has_options = True

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        return {**public_stem(version, language), "options": public_options(version, language)}

    def parse(self, body: Response, shape: Shape) -> Response:
        """Sorted, so that the same ticks in another order are the same answer. Twice the same tick is refused."""
        choices = only_field(body, "choices")
        if type(choices) is not list or len(choices) > len(shape.tokens):
            raise InvalidResponse
        if any(type(choice) is not str or choice not in shape.tokens for choice in choices):
            raise InvalidResponse
        if len(set(choices)) != len(choices):
            raise InvalidResponse
        return {"choices": sorted(choices)}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """`all_or_nothing`: all points when the ticks are exactly the key.
        `partial_credit`: points × (right ticks − wrong ticks) ÷ keys, never below zero, to a thousandth."""
        chosen = frozenset(response.get("choices", ())) if response else frozenset()
        if not key.right:
            return Decimal(0)
        if key.rule == "partial_credit":
            net = max(len(chosen & key.right) - len(chosen & key.wrong), 0)
            return (key.points * net / len(key.right)).quantize(THOUSANDTH, ROUND_HALF_UP)
        return key.points if chosen == key.right else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        problems: list[_StrOrPromise] = []
        if not key.right:
            problems.append(_("Mark at least one option as a key."))
        if not key.wrong:
            problems.append(_("Leave at least one option that is not a key."))
        if len(key.right) + len(key.wrong) < 3:
            problems.append(_("Write at least three options."))
        return problems


TYPE = MultipleResponse()
