"""What a rule of item writing looks at, and what it finds. Rules are pure functions: same words in, same findings out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

SERIOUS, MINOR = "serious", "minor"


@dataclass(frozen=True)
class Said:
    """An option in one language: its number on the page, its words without marks, whether it is a key."""

    number: int
    text: str
    is_key: bool


@dataclass(frozen=True)
class Subject:
    """A version in one language as the rules read it. `html` has stem and options as written, `stem` no marks.

    `options` are those a candidate picks from (choice types only); `keeps_order`: they stand as written."""

    type: str
    language: str
    stem: str
    stem_html: str = ""
    options: tuple[Said, ...] = ()
    undescribed_pictures: int = 0
    keeps_order: bool = False

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")

    @property
    def keys(self) -> list[Said]:
        return [option for option in self.options if option.is_key]

    @property
    def distractors(self) -> list[Said]:
        return [option for option in self.options if not option.is_key]

    @property
    def has_distractors(self) -> bool:
        return bool(self.keys and self.distractors)


@dataclass(frozen=True)
class Finding:
    """A broken rule: which, in which language, and what its sentence needs. `option` of the details says where."""

    rule: str
    language: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """`find` yields the details of each breach. `sentence` has places for them; `source` says who asks for it."""

    id: str
    name: _StrOrPromise
    severity: str
    sentence: _StrOrPromise
    find: Callable[[Subject], Iterator[dict[str, Any]]]
    source: str


def digest_of(subjects: list[Subject]) -> str:
    """SHA-256 of all that the rules read: a waiver holds for these words."""
    said = [
        [each.type, each.language, each.stem_html, each.keeps_order, each.undescribed_pictures]
        + [[option.text, option.is_key] for option in each.options]
        for each in subjects
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
