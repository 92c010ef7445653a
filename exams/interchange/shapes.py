"""Is a key, a presentation, a set of options of the shape its type has? Files may say anything; pages, papers and
scoring rely on these shapes (docs/interchange.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from exams.content import VersionContent
from exams.interchange.parts import number_of


def shape_problem(type: str, content: VersionContent) -> str:
    """A sentence about what does not fit; empty when everything does."""
    key_fits = KEYS.get(type, _is_empty)
    if not key_fits(content.key):
        return _("Its key is not one of this type.")
    if not PRESENTATIONS.get(type, _is_empty)(content.presentation):
        return _("What it shows beside its words does not fit this type.")
    groups = {choice.group for choice in content.choices}
    if type == "matching" and not groups <= {"left", "right"}:
        return _("Its options belong to no side.")
    if type == "cloze" and not groups <= set(content.key.get("gaps", {})):
        return _("Its options belong to no gap.")
    if type not in ("matching", "cloze") and groups - {""}:
        return _("Its options are grouped, which this type does not know.")
    if type in WITHOUT_OPTIONS and content.choices:
        return _("It has options, which this type does not know.")
    if len(content.choices) > 200:
        return _("It has too many options.")
    return ""


def _is_empty(value: Any) -> bool:
    return value == {}


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and number_of(value) is not None


def _numeric(key: Any) -> bool:
    return (
        set(key) <= {"value", "tolerance"}
        and _is_number(key.get("value"))
        and (key.get("tolerance") in ("", None) or _is_number(key["tolerance"]))
    ) or key == {}


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(language, str) and isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        for language, texts in value.items()
    )


def _short(key: Any) -> bool:
    return key == {} or (set(key) == {"accepted"} and _texts(key["accepted"]))


def _cloze(key: Any) -> bool:
    gaps = key.get("gaps")
    return set(key) == {"gaps"} and isinstance(gaps, dict) and all(_gap(gap) for gap in gaps.values())


def _gap(gap: Any) -> bool:
    if not isinstance(gap, dict):
        return False
    rest = {name: value for name, value in gap.items() if name != "kind"}
    if gap.get("kind") == "text":
        return set(rest) == {"accepted"} and _texts(rest["accepted"])
    return (gap.get("kind") == "number" and bool(rest) and _numeric(rest)) or (gap.get("kind") == "choice" and not rest)


def _hotspot(key: Any) -> bool:
    areas = key.get("areas")
    return set(key) == {"areas"} and isinstance(areas, list) and len(areas) <= 100 and all(_area(area) for area in areas)


def _area(area: Any) -> bool:
    return isinstance(area, list) and 3 <= len(area) <= 500 and all(_point(point) for point in area)


def _point(point: Any) -> bool:
    return isinstance(point, list | tuple) and len(point) == 2 and all(type(n) in (int, float) and 0 <= n <= 1 for n in point)


def _rubric(key: Any) -> bool:
    lines = key.get("rubric", [])
    return set(key) <= {"rubric"} and isinstance(lines, list) and all(_line(line) for line in lines)


def _line(line: Any) -> bool:
    return (
        isinstance(line, dict)
        and set(line) <= {"id", "title", "title_zh", "points", "bands"}
        and isinstance(line.get("bands", []), list)
        and all(isinstance(band, dict) and set(band) <= {"points", "text", "text_zh"} for band in line.get("bands", []))
    )


def _words(presentation: Any) -> bool:
    words = presentation.get("words", [None, None])
    return (
        set(presentation) <= {"words"}
        and isinstance(words, list)
        and len(words) == 2
        and all(word is None or (type(word) is int and 0 <= word < 100_000) for word in words)
    )


def _upload(presentation: Any) -> bool:
    accepts = presentation.get("accepts", [])
    return (
        set(presentation) <= {"accepts", "most_bytes"}
        and isinstance(accepts, list)
        and all(isinstance(name, str) and name.startswith(".") for name in accepts)
        and type(presentation.get("most_bytes", 1)) is int
    )


def _image(presentation: Any) -> bool:
    return (
        set(presentation) <= {"picture", "alt"}
        and isinstance(presentation.get("picture"), str)
        and isinstance(presentation.get("alt", {}), dict)
        and all(isinstance(text, str) for text in presentation.get("alt", {}).values())
    )


def _units(presentation: Any) -> bool:
    units = presentation.get("units", [])
    return set(presentation) <= {"units"} and isinstance(units, list) and all(isinstance(unit, str) for unit in units)


WITHOUT_OPTIONS = frozenset({"numeric", "short_text", "hotspot", "essay", "file_upload"})
Fits = Callable[[Any], bool]
KEYS: dict[str, Fits] = {
    "numeric": _numeric,
    "short_text": _short,
    "cloze": _cloze,
    "hotspot": _hotspot,
    "essay": _rubric,
    "file_upload": _rubric,
}
PRESENTATIONS: dict[str, Fits] = {"numeric": _units, "hotspot": _image, "essay": _words, "file_upload": _upload}
