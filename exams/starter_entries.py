"""An entry of a starter file as content: Markdown becomes HTML, the answer becomes the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from exams.content import Choice, VersionContent, Wording
from exams.item_types.matching import LEFT, RIGHT
from exams.item_types.true_false import choices_for
from exams.markdown import block_html, line_html
from exams.models import ItemVersion

# The files say "zh"; the site says which Chinese.
LANGUAGE = {"en": "en", "zh": "zh-hans"}
Entry = dict[str, Any]


def content_from(entry: Entry, pictures: Mapping[str, str] | None = None) -> VersionContent:
    """What the entry says; `pictures` are the bank's by file name. docs/item_types.md has the fields of each type."""
    wordings = {
        LANGUAGE[short]: Wording(
            stem=block_html(entry["stem"][short]),
            rationale=block_html(entry["rationale"][short]),
            reference=entry["reference"][short],
            unit=(entry.get("unit") or {}).get(short, ""),
        )
        for short in LANGUAGE
    }
    return VersionContent(
        wordings,
        tuple(_choices(entry)),
        _key(entry),
        scoring_rule=ItemVersion.ScoringRule(entry["scoring"]),
        minutes=Decimal(str(entry["minutes"])),
        presentation=_presentation(entry, pictures or {}),
        stimulus=entry.get("stimulus", ""),
    ).cleaned()


def texts_from(words: Entry) -> dict[str, str]:
    return {LANGUAGE[short]: block_html(words[short]) for short in LANGUAGE}


def _presentation(entry: Entry, pictures: Mapping[str, str]) -> dict[str, Any]:
    if entry["type"] != "hotspot":
        return {}
    return {"picture": pictures[entry["picture"]], "alt": {LANGUAGE[short]: entry["alt"][short] for short in LANGUAGE}}


def _choices(entry: Entry) -> Iterator[Choice]:
    if entry["type"] == "true_false":
        yield from choices_for(entry["answer"])
    for option in entry.get("options", ()):
        yield _choice(option)
    pairs = list(enumerate(entry.get("pairs", ()), 1))
    for number, pair in pairs:
        yield _choice(pair["left"], LEFT, number)
    for number, pair in pairs:
        yield _choice(pair["right"], RIGHT, number)
    for distractor in entry.get("distractors", ()):
        yield _choice(distractor, RIGHT)
    for name, gap in entry.get("gaps", {}).items():
        for option in gap.get("options", ()):
            yield _choice(option, name)


def _choice(words: Entry, group: str = "", pair: int | None = None) -> Choice:
    texts = {LANGUAGE[short]: line_html(words[short]) for short in LANGUAGE}
    return Choice(texts, bool(words.get("key")), group, pair)


def _key(entry: Entry) -> dict[str, Any]:
    if entry["type"] == "numeric":
        return {"value": entry["answer"], "tolerance": entry["tolerance"]}
    if entry["type"] == "short_text":
        return {"accepted": _accepted(entry)}
    if entry["type"] == "hotspot":
        return {"areas": entry["areas"]}
    if entry["type"] == "cloze":
        return {"gaps": {name: _gap(gap) for name, gap in entry["gaps"].items()}}
    return {}


def _gap(gap: Entry) -> dict[str, Any]:
    if gap["kind"] == "text":
        return {"kind": "text", "accepted": _accepted(gap)}
    return {name: value for name, value in gap.items() if name != "options"}


def _accepted(entry: Entry) -> dict[str, list[str]]:
    return {LANGUAGE[short]: texts for short, texts in entry["accepted"].items()}


def content_described(values: dict[str, Any]) -> VersionContent:
    """The content that `VersionContent.as_values` described."""
    return VersionContent(
        **{
            **values,
            "wordings": {language: Wording(**wording) for language, wording in values["wordings"].items()},
            "choices": tuple(Choice(**choice) for choice in values["choices"]),
            "minutes": Decimal(values["minutes"]),
        }
    )
