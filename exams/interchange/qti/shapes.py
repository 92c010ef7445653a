"""Shapes on a picture, in its pixels, as polygons in shares of its sides, and back."""

from __future__ import annotations

from math import cos, pi, sin

from exams.interchange.parts import number_of

CORNERS = 32
Area = list[list[float]]


def polygon(shape: str, coords: str, width: int, height: int) -> tuple[Area, bool] | None:
    """(corners, whether the shape was round); None for what is no shape."""
    numbers = [number_of(part.strip().removesuffix("%")) for part in coords.split(",") if part.strip()]
    if width <= 0 or height <= 0 or any(number is None for number in numbers):
        return None
    values = [float(number) for number in numbers if number is not None]
    if shape == "default":
        return [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], False
    if shape == "rect" and len(values) == 4:
        left, top, right, bottom = values
        return _shares([(left, top), (right, top), (right, bottom), (left, bottom)], width, height), False
    if shape in ("circle", "ellipse") and len(values) in (3, 4):
        x, y, across, up = (*values, values[-1])[:4]
        turns = [2 * pi * number / CORNERS for number in range(CORNERS)]
        return _shares([(x + across * cos(turn), y + up * sin(turn)) for turn in turns], width, height), True
    if shape == "poly" and len(values) >= 6 and len(values) % 2 == 0:
        points = list(zip(values[::2], values[1::2], strict=True))
        return _shares(points[:-1] if points[0] == points[-1] and len(points) > 3 else points, width, height), False
    return None


def _shares(points: list[tuple[float, float]], width: int, height: int) -> Area:
    return [[_share(x / width), _share(y / height)] for x, y in points]


def _share(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 6)


def coordinates(area: Area, width: int, height: int) -> str:
    return ",".join(str(round(number)) for x, y in area for number in (x * width, y * height))
