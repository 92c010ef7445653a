"""A text that a person marks by a rubric: `{"text": "…"}`. Too long or too short is shown, never refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.item_types.contract import ItemType, Key, Response, Shape, only_field, public_stem
from exams.item_types.rubric import rubric_problems
from exams.item_types.short_text import read_text

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

# In any script fewer bytes than a save may weigh (exams.saving.MOST_BYTES).
MOST_CHARACTERS = 15_000
MOST_WORDS = 5_000


class Essay(ItemType):
    code: ClassVar[str] = "essay"
    label: ClassVar[_StrOrPromise] = _("essay")
    needs_marker = True

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        least, most = (version.presentation or {}).get("words") or (None, None)
        return {**public_stem(version, language), "words": {"least": least, "most": most}}

    def parse(self, body: Response, shape: Shape) -> Response:
        return {"text": read_text(only_field(body, "text"), most=MOST_CHARACTERS)}

    def score(self, key: Key, response: Response | None) -> Decimal | None:
        """None: a person marks it. Nothing written earns nothing, and nobody needs to look at it."""
        return None if response and response.get("text", "").strip() else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        problems = rubric_problems(key)
        words = key.presentation.get("words")
        if words is not None and not _are_limits(words):
            problems.append(_("The least and the most words must be whole numbers, the least not above the most."))
        return problems


def _are_limits(words: Any) -> bool:
    """[least, most], either of them None for no limit."""
    if not isinstance(words, list | tuple) or len(words) != 2:
        return False
    given = [number for number in words if number is not None]
    return all(type(number) is int and 0 < number <= MOST_WORDS for number in given) and given == sorted(given)


TYPE = Essay()
