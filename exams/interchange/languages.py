"""One item in several languages where a format has one language per question: entries of one code are one item."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice, VersionContent
from exams.interchange.record import Entry


def merge_languages(entries: list[Entry]) -> list[Entry]:
    """Entries with one code and different stated languages become one, where the first of them stands; what cannot
    be one item is refused, with both places named."""
    merged: list[Entry] = []
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        place = (entry.kind, entry.code)
        known = first.get(place) if entry.code else None
        if known is None or not entry.language or not known.language:
            first.setdefault(place, entry)
            merged.append(entry)
        elif entry.language in known.content.wordings:
            entry.refuse(_("The file has this code twice in one language, first at %(at)s.") % {"at": known.at})
            merged.append(entry)
        else:
            _join(known, entry)
    return merged


def _join(known: Entry, other: Entry) -> None:
    known.notes += [note for note in other.notes if note not in known.notes]
    known.at = f"{known.at}, {other.at}"
    if other.refusal:
        known.refuse(other.refusal)
        return
    content = joined(known.content, other.content)
    if known.type != other.type or content is None:
        known.refuse(_("Its languages differ in more than words: type, number of options, key and points must be the same."))
        return
    known.content = content


def joined(one: VersionContent, other: VersionContent) -> VersionContent | None:
    """Both languages as one content; None when they are not one item."""
    key = _joined_key(one.key, other.key)
    if key is None or len(one.choices) != len(other.choices):
        return None
    presentation = _joined_presentation(one.presentation, other.presentation)
    choices = []
    for a, b in zip(one.choices, other.choices, strict=True):
        if (a.is_key, a.group, a.pair) != (b.is_key, b.group, b.pair):
            return None
        choices.append(Choice({**a.texts, **b.texts}, a.is_key, a.group, a.pair))
    whole = replace(
        one, wordings={**one.wordings, **other.wordings}, choices=tuple(choices), key=key, presentation=presentation
    )
    return whole if _rest(one) == _rest(other) else None


def _rest(content: VersionContent) -> tuple[Any, ...]:
    return (str(content.scoring_rule), content.points, content.minutes, content.keep_option_order, content.stimulus)


def _joined_key(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any] | None:
    """Accepted answers side by side by language; everything else must be equal."""
    if one == other:
        return one
    if set(one) != set(other):
        return None
    key: dict[str, Any] = {}
    for name in one:
        if name == "accepted" and isinstance(one[name], dict) and isinstance(other[name], dict):
            key[name] = {**one[name], **other[name]}
        elif name == "gaps" and isinstance(one[name], dict) and isinstance(other[name], dict):
            gaps = {gap: _joined_key(one[name][gap], other[name].get(gap) or {}) for gap in one[name]}
            if set(one[name]) != set(other[name]) or any(gap is None for gap in gaps.values()):
                return None
            key[name] = gaps
        elif one[name] != other[name]:
            return None
        else:
            key[name] = one[name]
    return key


def _joined_presentation(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    alt = {**(one.get("alt") or {}), **(other.get("alt") or {})}
    return {**other, **one, **({"alt": alt} if alt else {})}
