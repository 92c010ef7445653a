"""Several right options: `{"choices": [id…]}`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import (
    ALL_OR_NOTHING,
    PARTIAL_CREDIT,
    PENALTY,
    ItemType,
    Key,
    Response,
    Shape,
    only_field,
    public_options,
    public_stem,
    share,
)
from exams.item_types.single_choice import cost_of_a_wrong_pick

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion


class MultipleResponse(ItemType):
    code: ClassVar[str] = "multiple_response"
    label: ClassVar[_StrOrPromise] = _("multiple response")
    has_options = True
    rules = (ALL_OR_NOTHING, PARTIAL_CREDIT, PENALTY)

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
        `partial_credit`: points × (right ticks − wrong ticks) ÷ keys, never below zero, to a thousandth.
        `penalty`: each right tick earns points ÷ keys, each wrong one costs points ÷ (options − 1), never below zero."""
        chosen = frozenset(response.get("choices", ())) if response else frozenset()
        if not key.right:
            return Decimal(0)
        right, wrong = len(chosen & key.right), len(chosen & key.wrong)
        if key.rule == PARTIAL_CREDIT:
            return share(key.points, right - wrong, len(key.right))
        if key.rule == PENALTY:
            return max(share(key.points, right, len(key.right)) - wrong * cost_of_a_wrong_pick(key), Decimal(0))
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
