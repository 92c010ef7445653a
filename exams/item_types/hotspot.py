"""A place in a picture: `{"point": [x, y]}`, both in 0..1 of its width and height.

The key is `{"areas": [[[x, y], …], …]}`: simple polygons in the same measure; a point on an edge is inside.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import ItemType, Key, Response, Shape, only_field, public_stem
from exams.wording import picture_named

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

Point = tuple[Fraction, Fraction]
# A pointer is not finer than this, and the same point sent twice is the same text.
DIGITS = 5
MOST_AREAS, MOST_CORNERS = 20, 60


class Hotspot(ItemType):
    code: ClassVar[str] = "hotspot"
    label: ClassVar[_StrOrPromise] = _("place in a picture")

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        """The source is still the picture's name; exams.rendering puts address and size in its place."""
        presentation = version.presentation or {}
        return {
            **public_stem(version, language),
            "image": {"src": f"picture:{presentation['picture']}", "alt": presentation["alt"][language]},
        }

    def parse(self, body: Response, shape: Shape) -> Response:
        point = only_field(body, "point")
        if type(point) is not list or len(point) != 2 or any(type(value) not in (int, float) for value in point):
            raise InvalidResponse
        if not all(0 <= value <= 1 for value in point):
            raise InvalidResponse
        return {"point": [round(float(value), DIGITS) + 0.0 for value in point]}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """All points inside one of the areas, edges included. Exact fractions: no rounding decides."""
        if response is None:
            return Decimal(0)
        point = _point(response["point"])
        inside = any(is_inside(point, [_point(corner) for corner in area]) for area in key.answer.get("areas", ()))
        return key.points if inside else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        problems: list[_StrOrPromise] = []
        if not picture_named(f"picture:{key.presentation.get('picture')}"):
            problems.append(_("Choose the picture."))
        areas = key.answer.get("areas")
        if not isinstance(areas, list) or not 1 <= len(areas) <= MOST_AREAS:
            return [*problems, _("Draw at least one area that counts as right.")]
        if not all(_is_area(area) for area in areas):
            problems.append(_("An area has 3 to 60 corners within the picture, and its edges do not cross."))
        return problems

    def problems_in(self, language: str, stem: str, key: Key) -> list[_StrOrPromise]:
        alt = key.presentation.get("alt")
        if not isinstance(alt, dict) or not isinstance(alt.get(language), str) or not alt[language].strip():
            return [_("Describe the picture in words, for those who cannot see it.")]
        return []


def is_inside(point: Point, corners: list[Point]) -> bool:
    """True inside the polygon and on its edges; by counting the edges that a ray to the right crosses."""
    inside = False
    for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
        if _on_edge(point, a, b):
            return True
        if (a[1] > point[1]) != (b[1] > point[1]):
            crossing = a[0] + (point[1] - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
            inside ^= point[0] < crossing
    return inside


def _point(pair: Any) -> Point:
    """From the decimal digits that were written, not from their nearest binary fraction."""
    return Fraction(str(pair[0])), Fraction(str(pair[1]))


def _turn(a: Point, b: Point, c: Point) -> int:
    """1 when a → b → c turns one way, -1 the other way, 0 on a straight line."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _on_edge(point: Point, a: Point, b: Point) -> bool:
    between = all(min(a[axis], b[axis]) <= point[axis] <= max(a[axis], b[axis]) for axis in (0, 1))
    return between and _turn(a, b, point) == 0


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """True when the edges a-b and c-d have a point in common."""
    if _turn(a, b, c) != _turn(a, b, d) and _turn(c, d, a) != _turn(c, d, b):
        return True
    return any((_on_edge(c, a, b), _on_edge(d, a, b), _on_edge(a, c, d), _on_edge(b, c, d)))


def _is_area(area: Any) -> bool:
    """A simple polygon within the picture; `area` may be anything that JSON can say."""
    if not isinstance(area, list) or not 3 <= len(area) <= MOST_CORNERS:
        return False
    if not all(isinstance(corner, list | tuple) and len(corner) == 2 and all(map(_in_picture, corner)) for corner in area):
        return False
    corners = [_point(corner) for corner in area]
    edges = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    if len(set(corners)) < len(corners) or all(_turn(corners[0], corners[1], corner) == 0 for corner in corners):
        return False
    spikes = zip(corners, [*corners[1:], corners[0]], [*corners[2:], *corners[:2]], strict=True)
    if any(_turn(a, b, c) == 0 and not _on_edge(b, a, c) for a, b, c in spikes):
        return False
    apart = [(i, j) for i, j in combinations(range(len(edges)), 2) if j - i > 1 and (i, j) != (0, len(edges) - 1)]
    return not any(_cross(*edges[i], *edges[j]) for i, j in apart)


def _in_picture(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and 0 <= value <= 1


TYPE = Hotspot()
