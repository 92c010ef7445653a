"""What every item type answers, and the two views of a version it works on.

`Shape` is what a saved answer is checked against: the type and the option tokens, as delivered. `Key` is what an
answer is scored against. Nothing that delivers ever builds a `Key`, so nothing that delivers can leak one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from exams.errors import InvalidResponse
from exams.wording import clean_html

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion, ItemWording

Response = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """All the save path knows about a position."""

    type: str
    tokens: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Key:
    """All that scoring knows about a version."""

    type: str
    points: Decimal = Decimal(1)
    rule: str = "all_or_nothing"
    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    answer: dict[str, Any] = field(default_factory=dict)


class ItemType(Protocol):
    """`public` shows, `parse` reads, `score` scores, `problems` says what keeps a version from being used."""

    code: str
    label: _StrOrPromise
    has_options: bool

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        """The version as a candidate sees it. Has no key field and reads none."""
        ...

    def parse(self, body: Response, shape: Shape) -> Response:
        """The answer in canonical form, or InvalidResponse. Unknown fields are refused."""
        ...

    def score(self, key: Key, response: Response | None) -> Decimal:
        """The points, from the key and the answer alone: same in, same out."""
        ...

    def problems(self, key: Key) -> list[_StrOrPromise]:
        """What is missing before this version can be used, in words for its author; empty when nothing is."""
        ...


def wording_of(version: ItemVersion, language: str) -> ItemWording:
    """The version's wording in that language; LookupError when there is none."""
    for wording in version.wordings.all():
        if wording.language == language:
            return wording
    raise LookupError(f"{version} has no wording in {language}")


def public_stem(version: ItemVersion, language: str) -> dict[str, Any]:
    return {"type": version.item.type, "stem": clean_html(wording_of(version, language).stem)}


def public_options(version: ItemVersion, language: str) -> list[dict[str, str]]:
    """Tokens and texts in the author's order; delivery shuffles them per attempt."""
    return [
        {"id": option.token, "text": clean_html(_option_text(option, language))}
        for option in sorted(version.options.all(), key=lambda option: option.position)
    ]


def _option_text(option: Any, language: str) -> str:
    for wording in option.wordings.all():
        if wording.language == language:
            return wording.text
    raise LookupError(f"{option} has no wording in {language}")


def only_field(body: Response, name: str) -> Any:
    """The value of the one field an answer may have."""
    if type(body) is not dict or len(body) != 1 or name not in body:
        raise InvalidResponse
    return body[name]


def shape_of(position: dict[str, Any]) -> Shape:
    """The shape of a delivered position, read from the sealed rendering."""
    return Shape(position["type"], frozenset(option["id"] for option in position.get("options", ())))


def key_of(version: ItemVersion) -> Key:
    """The key of a version; one query for its options unless they are prefetched."""
    options = list(version.options.all())
    return Key(
        type=version.item.type,
        points=Decimal(version.points),
        rule=version.scoring_rule,
        right=frozenset(option.token for option in options if option.is_key),
        wrong=frozenset(option.token for option in options if not option.is_key),
        answer=version.key or {},
    )


def canonical(response: Response | None) -> str | None:
    """The text an answer is stored and recognised as; None for a cleared one."""
    if response is None:
        return None
    return json.dumps(response, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
