"""Keys and presentations in words, for writers and reviewers. No candidate's page asks here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from exams.queries.readiness import language_name


def readable_key(key: Mapping[str, Any]) -> str:
    """The key of a type as lines of text; empty for types whose options say it."""
    if "gaps" in key:
        return "\n".join(f"[[{name}]] {readable_gap(gap)}" for name, gap in key["gaps"].items())
    if "areas" in key:
        return "\n".join(readable_area(area) for area in key["areas"])
    if "rubric" in key:
        return "\n".join(line for criterion in key["rubric"] for line in _criterion_lines(criterion))
    return _readable_answer(key)


def readable_gap(gap: Mapping[str, Any]) -> str:
    return _("one of its options") if gap.get("kind") == "choice" else _readable_answer(gap)


def _readable_answer(key: Mapping[str, Any]) -> str:
    if "value" in key:
        return f"{key['value']} ± {key.get('tolerance') or 0}"
    accepted = key.get("accepted") or {}
    return "; ".join(f"{language_name(language)}: {', '.join(texts)}" for language, texts in accepted.items())


def readable_area(area: list[list[float]]) -> str:
    """The corners in per cent of the picture, for example `10,20 40,20 40,55`."""
    return " ".join(",".join(f"{share * 100:.4g}" for share in corner) for corner in area)


def _criterion_lines(criterion: Mapping[str, Any]) -> list[str]:
    title = " / ".join(filter(None, (criterion.get("title"), criterion.get("title_zh"))))
    bands = [
        f"  {band.get('points')}: {' / '.join(filter(None, (band.get('text'), band.get('text_zh'))))}"
        for band in criterion.get("bands", ())
    ]
    return [f"{title} ({criterion.get('points')})", *bands]


def readable_presentation(presentation: Mapping[str, Any]) -> str:
    """As stored: it is compared, not read aloud."""
    return json.dumps(presentation, ensure_ascii=False, sort_keys=True) if presentation else ""
