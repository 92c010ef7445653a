"""What every item type answers, and the two views of a version it works on.

`Shape` is what a saved answer is checked against: the type and the tokens, as delivered. `Key` is what an
answer is scored against. Nothing that delivers ever builds a `Key`, so nothing that delivers can leak one.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from exams.errors import InvalidResponse
from exams.wording import clean_html

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion, ItemWording, Option

Response = dict[str, Any]
THOUSANDTH = Decimal("0.001")
ALL_OR_NOTHING, PARTIAL_CREDIT, PER_PART, PENALTY = "all_or_nothing", "partial_credit", "per_part", "penalty"


@dataclass(frozen=True)
class Gap:
    """A gap as delivered: "text", "number" or "choice", and for a choice its option tokens."""

    kind: str
    tokens: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shape:
    """All the save path knows about a position. Matching has `left` and `right`, a cloze `gaps`, a file its limits."""

    type: str
    tokens: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    right: frozenset[str] = frozenset()
    gaps: dict[str, Gap] = field(default_factory=dict)
    accepts: tuple[str, ...] = ()
    most_bytes: int = 0


@dataclass(frozen=True)
class Part:
    """An option with all that a key knows of it, in the author's order."""

    token: str
    is_key: bool = False
    group: str = ""
    pair: int | None = None


@dataclass(frozen=True)
class Key:
    """All that scoring knows about a version. `parts` is `right` and `wrong` with their order, groups and pairs;
    `presentation` is not scored by, only checked."""

    type: str
    points: Decimal = Decimal(1)
    rule: str = ALL_OR_NOTHING
    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    answer: dict[str, Any] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    presentation: dict[str, Any] = field(default_factory=dict)


class ItemType(ABC):
    """`public` shows, `parse` reads, `score` scores, `problems` says what keeps a version from being used."""

    code: ClassVar[str]
    label: ClassVar[_StrOrPromise]
    # Made of options that its writer words.
    has_options: ClassVar[bool] = False
    # The options stand as written, whatever the version says.
    keeps_order: ClassVar[bool] = False
    # The order in which its writer has the options is the key, or gives it away: never kept, whatever the version says.
    order_is_key: ClassVar[bool] = False
    # `score` may answer None: a person marks.
    needs_marker: ClassVar[bool] = False
    # The scoring rules a version may name.
    rules: ClassVar[tuple[str, ...]] = (ALL_OR_NOTHING,)

    @abstractmethod
    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        """The version as a candidate sees it. Has no key field and reads none; LookupError when a word is missing."""

    @abstractmethod
    def parse(self, body: Response, shape: Shape) -> Response:
        """The answer in canonical form, or InvalidResponse. Unknown fields are refused."""

    @abstractmethod
    def score(self, key: Key, response: Response | None) -> Decimal | None:
        """The points, from the key and the answer alone: same in, same out. None: a person has to mark it."""

    @abstractmethod
    def problems(self, key: Key) -> list[_StrOrPromise]:
        """What is missing before this version can be used, in words for its author; empty when nothing is."""

    def problems_in(self, language: str, stem: str, key: Key) -> list[_StrOrPromise]:
        """The same for what has to hold in each language."""
        return []


def wording_of(version: ItemVersion, language: str) -> ItemWording:
    """The version's wording in that language; LookupError when there is none."""
    for wording in version.wordings.all():
        if wording.language == language:
            return wording
    raise LookupError(f"{version} has no wording in {language}")


def public_stem(version: ItemVersion, language: str) -> dict[str, Any]:
    return {"type": version.item.type, "stem": clean_html(wording_of(version, language).stem)}


def public_options(version: ItemVersion, language: str, *, group: str | None = None) -> list[dict[str, str]]:
    """Tokens and texts in the author's order, of one group on request; delivery shuffles them per attempt."""
    return [
        {"id": option.token, "text": clean_html(_option_text(option, language))}
        for option in sorted(version.options.all(), key=lambda option: option.position)
        if group is None or option.group == group
    ]


def without_order(options: list[dict[str, str]]) -> list[dict[str, str]]:
    """By their random tokens: where the author's order is the key, it is left out of the document itself."""
    return sorted(options, key=lambda option: option["id"])


def _option_text(option: Option, language: str) -> str:
    for wording in option.wordings.all():
        if wording.language == language:
            return wording.text
    raise LookupError(f"{option} has no wording in {language}")


def only_field(body: Response, name: str) -> Any:
    """The value of the one field an answer may have."""
    if type(body) is not dict or len(body) != 1 or name not in body:
        raise InvalidResponse
    return body[name]


def share(points: Decimal, right: int, of: int) -> Decimal:
    """points × right ÷ of, to a thousandth, half up; never below zero."""
    return (points * max(right, 0) / of).quantize(THOUSANDTH, ROUND_HALF_UP) if of else Decimal(0)


def by_parts(key: Key, right: int, of: int) -> Decimal:
    """What so many right parts of so many earn: all or nothing, or by the rule `per_part` each its share."""
    if key.rule == PER_PART:
        return share(key.points, right, of)
    return key.points if of and right == of else Decimal(0)


def shape_of(position: dict[str, Any]) -> Shape:
    """The shape of a delivered position, read from the sealed rendering."""
    return Shape(
        type=position["type"],
        tokens=_ids(position.get("options")),
        left=_ids(position.get("left")),
        right=_ids(position.get("right")),
        gaps={gap["id"]: Gap(gap["kind"], _ids(gap.get("options"))) for gap in position.get("gaps", ())},
        accepts=tuple(position.get("accepts", ())),
        most_bytes=position.get("most_bytes", 0),
    )


def _ids(options: Iterable[dict[str, str]] | None) -> frozenset[str]:
    return frozenset(option["id"] for option in options or ())


def key_of(version: ItemVersion) -> Key:
    """The key of a version; one query for its options unless they are prefetched."""
    options = sorted(version.options.all(), key=lambda option: option.position)
    return Key(
        type=version.item.type,
        points=Decimal(version.points),
        rule=version.scoring_rule,
        right=frozenset(option.token for option in options if option.is_key),
        wrong=frozenset(option.token for option in options if not option.is_key),
        answer=version.key or {},
        parts=tuple(Part(option.token, option.is_key, option.group, option.pair) for option in options),
        presentation=version.presentation or {},
    )


def canonical(response: Response | None) -> str | None:
    """The text an answer is stored and recognised as; None for a cleared one."""
    if response is None:
        return None
    return json.dumps(response, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
