"""One right option among several: `{"choice": id}`."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import (
    ALL_OR_NOTHING,
    PENALTY,
    THOUSANDTH,
    ItemType,
    Key,
    Response,
    Shape,
    only_field,
    public_options,
    public_stem,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion


class SingleChoice(ItemType):
    code: ClassVar[str] = "single_choice"
    label: ClassVar[_StrOrPromise] = _("single choice")
    has_options = True
    rules = (ALL_OR_NOTHING, PENALTY)

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        return {**public_stem(version, language), "options": public_options(version, language)}

    def parse(self, body: Response, shape: Shape) -> Response:
        choice = only_field(body, "choice")
        if type(choice) is not str or choice not in shape.tokens:
            raise InvalidResponse
        return {"choice": choice}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """All points for the key, none for no answer. By the rule `penalty` a wrong option costs
        points ÷ (options − 1), so that guessing blindly earns nothing on average; otherwise it earns nothing."""
        if response is None:
            return Decimal(0)
        if response.get("choice") in key.right:
            return key.points
        if key.rule == PENALTY and response.get("choice") in key.wrong:
            return -cost_of_a_wrong_pick(key)
        return Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        problems: list[_StrOrPromise] = []
        if len(key.right) != 1:
            problems.append(_("Mark exactly one option as the key."))
        if len(key.right) + len(key.wrong) < 2:
            problems.append(_("Write at least two options."))
        return problems


def cost_of_a_wrong_pick(key: Key) -> Decimal:
    """points ÷ (options − 1), to a thousandth (formula scoring; docs/item_types.md)."""
    others = len(key.right) + len(key.wrong) - 1
    return (key.points / others).quantize(THOUSANDTH, ROUND_HALF_UP) if others > 0 else Decimal(0)


TYPE = SingleChoice()
