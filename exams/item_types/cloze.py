"""A text with gaps: `{"gaps": {gap: value or option id}}`; an empty gap is left out.

The stem names each gap once, `[[g1]]`. The key says per gap what it is: `{"kind": "text", "accepted": {…}}`,
`{"kind": "number", "value", "tolerance"}`, or `{"kind": "choice"}` with options whose group is the gap. Words and
numbers are read and compared exactly as in the types short_text and numeric.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types import numeric, short_text
from exams.item_types.contract import (
    ALL_OR_NOTHING,
    PER_PART,
    Gap,
    ItemType,
    Key,
    Response,
    Shape,
    by_parts,
    only_field,
    public_options,
    public_stem,
)
from exams.wording import gap_names, with_gap_spans

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

NAME = re.compile(r"[A-Za-z0-9_-]{1,20}")
TEXT, NUMBER, CHOICE = "text", "number", "choice"
MOST_GAPS = 40


class Cloze(ItemType):
    code: ClassVar[str] = "cloze"
    label: ClassVar[_StrOrPromise] = _("text with gaps")
    rules = (ALL_OR_NOTHING, PER_PART)

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        """Of the key only the names and kinds of gaps are shown, which a candidate sees anyway."""
        shown = public_stem(version, language)
        kinds = {name: gap["kind"] for name, gap in ((version.key or {}).get("gaps") or {}).items()}
        gaps = [self._public_gap(version, language, name, kinds[name]) for name in gap_names(shown["stem"]) if name in kinds]
        return {**shown, "stem": with_gap_spans(shown["stem"], kinds), "gaps": gaps}

    def _public_gap(self, version: ItemVersion, language: str, name: str, kind: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": name, "kind": kind}
        return {**shown, "options": public_options(version, language, group=name)} if kind == CHOICE else shown

    def parse(self, body: Response, shape: Shape) -> Response:
        gaps = only_field(body, "gaps")
        if type(gaps) is not dict or not gaps.keys() <= shape.gaps.keys():
            raise InvalidResponse
        read = {name: _read(value, shape.gaps[name]) for name, value in gaps.items()}
        return {"gaps": {name: value for name, value in read.items() if value}}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """`all_or_nothing`: all points when every gap is right. `per_part`: each of them earns its share."""
        gaps = key.answer.get("gaps", {})
        given = response.get("gaps", {}) if response else {}
        right = sum(1 for name, gap in gaps.items() if name in given and _is_right(name, gap, given[name], key))
        return by_parts(key, right, len(gaps))

    def problems(self, key: Key) -> list[_StrOrPromise]:
        gaps = key.answer.get("gaps")
        if not isinstance(gaps, dict) or not gaps:
            return [_("Write at least one gap, for example [[g1]], and what belongs there.")]
        if len(gaps) > MOST_GAPS:
            return [_("Write at most 40 gaps.")]
        problems = [sentence for name, gap in gaps.items() for sentence in _problems_of(name, gap, key)]
        choices = {name for name, gap in gaps.items() if isinstance(gap, dict) and gap.get("kind") == CHOICE}
        if any(part.group not in choices for part in key.parts):
            problems.append(_("An option belongs to no gap."))
        return problems

    def problems_in(self, language: str, stem: str, key: Key) -> list[_StrOrPromise]:
        """Every gap of the key stands once in the stem, and no other gap does."""
        gaps = key.answer.get("gaps")
        if not isinstance(gaps, dict) or sorted(gap_names(stem)) != sorted(gaps):
            return [_("The gaps of the text and the gaps of the key are not the same, or one stands there twice.")]
        return []


def _read(value: Any, gap: Gap) -> str:
    if value == "":
        return ""
    if gap.kind == NUMBER:
        return numeric.read_number(value)
    if gap.kind == TEXT:
        return short_text.read_text(value)
    if type(value) is not str or value not in gap.tokens:
        raise InvalidResponse
    return value


def _is_right(name: str, gap: dict[str, Any], value: str, key: Key) -> bool:
    if gap["kind"] == NUMBER:
        return numeric.is_within(value, gap)
    if gap["kind"] == TEXT:
        return short_text.is_accepted(value, gap)
    return any(part.token == value and part.group == name and part.is_key for part in key.parts)


def _problems_of(name: str, gap: Any, key: Key) -> list[_StrOrPromise]:
    """Of one gap; `name` and `gap` may be anything that JSON can say."""
    if not NAME.fullmatch(name) or not isinstance(gap, dict):
        return [_("A gap is named with letters and digits, for example g1.")]
    kind = gap.get("kind")
    found: list[_StrOrPromise]
    if kind == NUMBER:
        found = numeric.problems_of(gap)
    elif kind == TEXT:
        found = short_text.problems_of(gap)
    elif kind == CHOICE:
        options = [part for part in key.parts if part.group == name]
        one_of_several = len(options) >= 2 and sum(1 for part in options if part.is_key) == 1
        found = [] if one_of_several else [_("Write at least two options, exactly one of them the key.")]
    else:
        found = [_("A gap takes words, a number, or one of several options.")]
    return [f"[[{name}]]: {sentence}" for sentence in found]


TYPE = Cloze()
