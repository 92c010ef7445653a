"""Parts to be put in order: `{"order": [every id once]}`. The author writes them in the right order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import (
    ALL_OR_NOTHING,
    PER_PART,
    ItemType,
    Key,
    Response,
    Shape,
    by_parts,
    only_field,
    public_options,
    public_stem,
    without_order,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion


class Ordering(ItemType):
    code: ClassVar[str] = "ordering"
    label: ClassVar[_StrOrPromise] = _("ordering")
    has_options = True
    order_is_key = True
    rules = (ALL_OR_NOTHING, PER_PART)

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        return {**public_stem(version, language), "options": without_order(public_options(version, language))}

    def parse(self, body: Response, shape: Shape) -> Response:
        order = only_field(body, "order")
        if type(order) is not list or len(order) != len(shape.tokens):
            raise InvalidResponse
        if any(type(token) is not str for token in order) or set(order) != shape.tokens:
            raise InvalidResponse
        return {"order": order}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """`all_or_nothing`: all points for the whole order. `per_part`: each option at its right place earns its
        share, to a thousandth of the sum."""
        right_order = [part.token for part in key.parts]
        order = response.get("order", ()) if response else ()
        in_place = sum(1 for token, right in zip(order, right_order, strict=False) if token == right)
        return by_parts(key, in_place, len(right_order))

    def problems(self, key: Key) -> list[_StrOrPromise]:
        if len(key.parts) < 3:
            return [_("Write at least three parts, in the right order.")]
        return []


TYPE = Ordering()
