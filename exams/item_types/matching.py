"""Each left goes with one right: `{"pairs": {left id: right id}}`; a left without an answer is left out.

Several lefts may go with one right (they carry its pair number); rights without a number are distractors.
"""

from __future__ import annotations

from collections import Counter
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

LEFT, RIGHT = "left", "right"


class Matching(ItemType):
    code: ClassVar[str] = "matching"
    label: ClassVar[_StrOrPromise] = _("matching")
    has_options = True
    order_is_key = True
    rules = (ALL_OR_NOTHING, PER_PART)

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        return {
            **public_stem(version, language),
            "left": public_options(version, language, group=LEFT),
            "right": without_order(public_options(version, language, group=RIGHT)),
        }

    def parse(self, body: Response, shape: Shape) -> Response:
        pairs = only_field(body, "pairs")
        if type(pairs) is not dict or not pairs.keys() <= shape.left:
            raise InvalidResponse
        if any(type(right) is not str or right not in shape.right for right in pairs.values()):
            raise InvalidResponse
        return {"pairs": pairs}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """`all_or_nothing`: all points when every left is right. `per_part`: each of them earns its share."""
        rights = {part.token: part.pair for part in key.parts if part.group == RIGHT}
        lefts = {part.token: part.pair for part in key.parts if part.group == LEFT}
        pairs = response.get("pairs", {}) if response else {}
        found = [pair for left, pair in lefts.items() if pair is not None and rights.get(pairs.get(left, "")) == pair]
        return by_parts(key, len(found), len(lefts))

    def problems(self, key: Key) -> list[_StrOrPromise]:
        lefts = [part.pair for part in key.parts if part.group == LEFT]
        rights = Counter(part.pair for part in key.parts if part.group == RIGHT and part.pair is not None)
        problems: list[_StrOrPromise] = []
        if len(lefts) + sum(1 for part in key.parts if part.group == RIGHT) != len(key.parts):
            problems.append(_("Every part stands on the left or on the right."))
        if len(lefts) < 2:
            problems.append(_("Write at least two parts on the left."))
        if sum(1 for part in key.parts if part.group == RIGHT) < 2:
            problems.append(_("Write at least two parts on the right."))
        if any(pair is None or pair not in rights for pair in lefts):
            problems.append(_("Every part on the left needs the part on the right that goes with it."))
        if any(number > 1 for number in rights.values()):
            problems.append(_("Only one part on the right may go with a part on the left."))
        return problems


TYPE = Matching()
