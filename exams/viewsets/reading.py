"""A version as its reviewer reads it: everything in one language, with what is right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice, VersionContent
from exams.queries.keys import readable_gap, readable_key
from exams.queries.readiness import language_name
from exams.rendering import public_source


def reading(content: VersionContent, language: str, type: str) -> dict[str, Any]:
    """One column of the page. What a type does not have is empty."""
    return {
        "code": language,
        "name": language_name(language),
        "wording": content.wordings.get(language),
        "is_ordering": type == "ordering",
        "choices": [_spoken(choice, language) for choice in content.choices if not choice.group],
        **_pairs(content, language),
        "gaps": _gaps(content, language),
        "picture": _picture(content, language),
        "rubric": _rubric(content, language),
    }


def _spoken(choice: Choice, language: str) -> dict[str, Any]:
    return {"text": choice.texts.get(language, ""), "is_key": choice.is_key}


def _pairs(content: VersionContent, language: str) -> dict[str, Any]:
    rights = {choice.pair: choice for choice in content.choices if choice.group == "right" and choice.pair is not None}
    lefts = [choice for choice in content.choices if choice.group == "left"]
    named = {choice.pair for choice in lefts}
    return {
        "pairs": [
            {
                "left": left.texts.get(language, ""),
                "right": rights[left.pair].texts.get(language, "") if left.pair in rights else "",
            }
            for left in lefts
        ],
        "distractors": [
            choice.texts.get(language, "")
            for choice in content.choices
            if choice.group == "right" and (choice.pair is None or choice.pair not in named)
        ],
    }


def _gaps(content: VersionContent, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "answer": "" if gap.get("kind") == "choice" else readable_gap(gap),
            "choices": [_spoken(choice, language) for choice in content.choices if choice.group == name],
        }
        for name, gap in (content.key.get("gaps") or {}).items()
    ]


def _picture(content: VersionContent, language: str) -> dict[str, Any] | None:
    uuid = content.presentation.get("picture")
    if not uuid:
        return None
    areas = content.key.get("areas") or []
    return {
        "src": public_source(uuid),
        "alt": (content.presentation.get("alt") or {}).get(language, ""),
        "areas": [" ".join(f"{x * 100:.5g},{y * 100:.5g}" for x, y in area) for area in areas],
    }


def _rubric(content: VersionContent, language: str) -> list[dict[str, Any]]:
    suffix = "_zh" if language.startswith("zh") else ""
    return [
        {
            "title": criterion.get(f"title{suffix}", ""),
            "points": criterion.get("points"),
            "bands": [
                {"points": band.get("points"), "text": band.get(f"text{suffix}", "")} for band in criterion.get("bands", ())
            ],
        }
        for criterion in content.key.get("rubric") or ()
    ]


def facts(content: VersionContent) -> list[tuple[str, str]]:
    """What is the same in every language, beside points and minutes."""
    shown = content.presentation
    least, most = shown.get("words") or (None, None)
    said = [
        (_("Key"), "" if {"gaps", "areas", "rubric"} & set(content.key) else readable_key(content.key)),
        (_("Words asked for"), f"{least or '–'} … {most or '–'}" if least or most else ""),
        (_("Accepted files"), ", ".join(shown.get("accepts") or ())),
        (_("At most, in MB"), f"{shown['most_bytes'] / 1_000_000:g}" if "most_bytes" in shown else ""),
    ]
    return [(name, text) for name, text in said if text]
