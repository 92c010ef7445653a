"""A few words compared with a list of accepted ones: `{"text": "…"}`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import ItemType, Key, Response, Shape, only_field, public_stem

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

MOST_CHARACTERS = 500
UNSTORABLE = re.compile("[\ud800-\udfff]")
# Around an answer these carry no meaning, whichever keyboard typed them.
IGNORED_AT_THE_ENDS = " .,;:!?\"'()[]。，；：！？、“”‘’（）【】《》「」"


def comparable(text: str) -> str:
    """The text without what does not matter: case, width, runs of space, hyphens, punctuation at the ends."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for hyphen in "-\u2010\u2011\u2012\u2013\u2014":
        folded = folded.replace(hyphen, " ")
    return " ".join(folded.split()).strip(IGNORED_AT_THE_ENDS)


def read_text(text: Any, *, most: int = MOST_CHARACTERS) -> str:
    """As typed, or InvalidResponse; NUL and lone surrogates are refused, since no database stores them."""
    if type(text) is not str or len(text) > most:
        raise InvalidResponse
    if "\0" in text or UNSTORABLE.search(text):
        raise InvalidResponse
    return text


def is_accepted(text: str, answer: dict[str, Any]) -> bool:
    """Any accepted text of any language: an English term in a Chinese answer is still right."""
    given = comparable(text)
    return bool(given) and any(
        given == comparable(accepted) for texts in answer.get("accepted", {}).values() for accepted in texts
    )


def problems_of(answer: dict[str, Any]) -> list[_StrOrPromise]:
    accepted = answer.get("accepted")
    if not isinstance(accepted, dict) or not all(isinstance(texts, list) for texts in accepted.values()):
        return [_("Give at least one accepted answer.")]
    texts = [text for texts in accepted.values() for text in texts]
    if not all(isinstance(text, str) for text in texts) or not any(comparable(text) for text in texts):
        return [_("Give at least one accepted answer.")]
    return []


class ShortText(ItemType):
    code: ClassVar[str] = "short_text"
    label: ClassVar[_StrOrPromise] = _("short text")

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        return public_stem(version, language)

    def parse(self, body: Response, shape: Shape) -> Response:
        return {"text": read_text(only_field(body, "text"))}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """All points for an accepted text."""
        return key.points if response and is_accepted(response.get("text", ""), key.answer) else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        return problems_of(key.answer)


TYPE = ShortText()
