"""What a bank knows of an item and a format has no place for, as one small JSON object that travels beside it.

GIFT carries it in a comment line, Moodle XML in an element of its own, QTI in the manifest; other programs skip it.
It says only what the format itself does not, so that a file edited elsewhere means what it says. Whoever wrote the
file, every value is checked.
"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from exams.content import VersionContent, Wording
from exams.interchange.record import Entry, Place
from exams.models import ItemVersion

MARK = "touchstone"
MOST = 100_000  # characters


def extras_of(entry: Entry, language: str, **more: Any) -> dict[str, Any]:
    """The object for one entry in one language; `more` is what the writer adds. Nothing that is as by default."""
    content, place = entry.content, entry.place
    wording = content.wordings.get(language, Wording())
    values: dict[str, Any] = {
        "kind": entry.kind if entry.kind != "item" else None,
        "type": entry.type,
        "language": language,
        "reference": wording.reference,
        "unit": wording.unit,
        "rule": str(content.scoring_rule) if entry.type else None,
        "points": content.points if content.points != 1 else None,
        "minutes": str(content.minutes) if content.minutes != Decimal("1.0") else None,
        "keep_order": content.keep_option_order,
        "presentation": content.presentation,
        "stimulus": content.stimulus,
        "competence": place.competence,
        "area": place.area,
        "level": place.level,
        "edition": place.edition,
        **more,
    }
    return {name: value for name, value in values.items() if value or (value == 0 and value is not False)}


def as_text(extras: dict[str, Any]) -> str:
    """On one line, in ASCII: no comment, no encoding and no trimming can break it."""
    return json.dumps(extras, ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def read_extras(text: str) -> dict[str, Any]:
    """The object again; empty when it is none."""
    if len(text) > MOST:
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def apply_extras(entry: Entry, extras: dict[str, Any]) -> None:
    """Put what the object says into an entry that the format has been read into; what it cannot mean becomes a note."""
    if not extras:
        return
    content = entry.content
    for language, wording in content.wordings.items():
        changed = replace(
            wording,
            reference=_text(extras, "reference", 300) or wording.reference,
            unit=_text(extras, "unit", 30) or wording.unit,
        )
        content = replace(content, wordings={**content.wordings, language: changed})
    content = _scoring(entry, content, extras)
    if isinstance(extras.get("presentation"), dict):
        content = replace(content, presentation={**content.presentation, **extras["presentation"]})
    if isinstance(extras.get("key"), dict):
        content = replace(content, key=extras["key"])
    entry.content = replace(
        content,
        keep_option_order=extras.get("keep_order") is True or content.keep_option_order,
        stimulus=_text(extras, "stimulus", 40),
    )
    area = extras.get("area")
    entry.place = Place(
        _text(extras, "competence", 10),
        area if type(area) is int and 0 < area < 100 else None,
        _text(extras, "level", 20),
        _text(extras, "edition", 80),
    )


def _scoring(entry: Entry, content: VersionContent, extras: dict[str, Any]) -> VersionContent:
    rule, points = extras.get("rule"), extras.get("points")
    if rule in ItemVersion.ScoringRule.values:
        content = replace(content, scoring_rule=rule)
    elif rule is not None:
        entry.note(_("There is no scoring rule “%(rule)s”.") % {"rule": str(rule)[:40]})
    if type(points) is int and 0 <= points <= 1000:
        content = replace(content, points=points)
    try:
        minutes = Decimal(str(extras.get("minutes", content.minutes)))
    except InvalidOperation:
        return content
    return replace(content, minutes=minutes) if minutes.is_finite() and 0 <= minutes < 1000 else content


def _text(extras: dict[str, Any], name: str, most: int) -> str:
    value = extras.get(name)
    return value[:most] if isinstance(value, str) else ""
