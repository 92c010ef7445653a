"""What a person marks by: `{"rubric": [{"id", "title", "title_zh", "points", "bands": [{"points", "text", "text_zh"}]}]}`.

Each criterion earns up to its points; its bands say in words what earns how many. The criteria add up to the item's
points. No candidate is ever sent any of it.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.item_types.contract import Key

WORDS = ("title", "title_zh")
BAND_WORDS = ("text", "text_zh")
MOST_CRITERIA = 20


def criteria_of(key: Key) -> list[dict[str, Any]]:
    """The criteria in their order; empty when the key has none that can be read."""
    rubric = key.answer.get("rubric")
    return [criterion for criterion in rubric if isinstance(criterion, dict)] if isinstance(rubric, list) else []


def rubric_problems(key: Key) -> list[_StrOrPromise]:
    """What keeps a rubric from being marked by; the key may hold anything that JSON can say."""
    criteria = criteria_of(key)
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        return [_("Write a rubric with at least one criterion.")]
    problems: list[_StrOrPromise] = []
    names = [criterion.get("id") for criterion in criteria]
    if not all(isinstance(name, str) and name.strip() for name in names) or len({str(name) for name in names}) < len(names):
        problems.append(_("Every criterion needs a name of its own, for example c1."))
    if not all(_says(criterion, WORDS) for criterion in criteria):
        problems.append(_("Every criterion needs a title in every language."))
    points = [_points(criterion.get("points")) for criterion in criteria]
    if any(number is None or number <= 0 for number in points) or sum(number or 0 for number in points) != key.points:
        problems.append(_("The points of the criteria must add up to the points of the item."))
    if not all(_has_good_bands(criterion, most) for criterion, most in zip(criteria, points, strict=True)):
        problems.append(
            _("Every criterion needs at least two bands with words in every language, one of them worth all its points.")
        )
    return problems


def _has_good_bands(criterion: dict[str, Any], most: Decimal | None) -> bool:
    bands = criterion.get("bands")
    if not isinstance(bands, list) or len(bands) < 2 or not all(isinstance(band, dict) for band in bands):
        return False
    points = [_points(band.get("points")) for band in bands]
    if any(number is None or most is None or not 0 <= number <= most for number in points):
        return False
    return len(set(points)) == len(points) and most in points and all(_says(band, BAND_WORDS) for band in bands)


def _says(part: dict[str, Any], names: tuple[str, ...]) -> bool:
    return all(isinstance(part.get(name), str) and part[name].strip() for name in names)


def _points(value: Any) -> Decimal | None:
    """A finite number as JSON or text says it, or None."""
    if type(value) not in (int, float, str):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
