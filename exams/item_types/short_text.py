"""A few words compared with a list of accepted ones: `{"text": "…"}`."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import Key, Response, Shape, only_field, public_stem

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

MOST_CHARACTERS = 500
# Around an answer these carry no meaning, whichever keyboard typed them.
IGNORED_AT_THE_ENDS = " .,;:!?\"'()[]。，；：！？、“”‘’（）【】《》「」"


def comparable(text: str) -> str:
    """The text without what does not matter: case, width, runs of space, hyphens, punctuation at the ends."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for hyphen in "-\u2010\u2011\u2012\u2013\u2014":
        folded = folded.replace(hyphen, " ")
    return " ".join(folded.split()).strip(IGNORED_AT_THE_ENDS)


class ShortText:
    code = "short_text"
    label: _StrOrPromise = _("short text")
    has_options = False

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        return public_stem(version, language)

    def parse(self, body: Response, shape: Shape) -> Response:
        """As typed; NUL and lone surrogates are refused, since no database stores them."""
        text = only_field(body, "text")
        if type(text) is not str or len(text) > MOST_CHARACTERS:
            raise InvalidResponse
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
            raise InvalidResponse
        return {"text": text}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """All points for any accepted text of any language: an English term in a Chinese answer is still right."""
        given = comparable(response.get("text", "")) if response else ""
        accepted = {comparable(text) for texts in key.answer.get("accepted", {}).values() for text in texts}
        return key.points if given and given in accepted else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        accepted = key.answer.get("accepted")
        if not isinstance(accepted, dict) or not any(
            isinstance(texts, list) and any(isinstance(text, str) and comparable(text) for text in texts)
            for texts in accepted.values()
        ):
            return [_("Give at least one accepted answer.")]
        return []


TYPE = ShortText()
