"""A pencil for PDF: just enough operators to draw borders and rosettes, with (0, 0) at the top left and millimetres."""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, sin

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

POINTS_PER_MM = 72 / 25.4
Point = tuple[float, float]
Colour = tuple[float, float, float]


def rgb(code: str) -> Colour:
    return (int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255)


def number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


class Drawing:
    """A growing list of PDF operators."""

    def __init__(self) -> None:
        self.operators: list[str] = []

    def add(self, *parts: float | str) -> None:
        self.operators.append(" ".join(part if isinstance(part, str) else number(part) for part in parts))

    def content(self) -> bytes:
        return "\n".join(self.operators).encode()

    # --- state
    def push(self) -> None:
        self.add("q")

    def pop(self) -> None:
        self.add("Q")

    def transform(self, a: float, b: float, c: float, d: float, e: float, f: float) -> None:
        self.operators.append(" ".join([*(f"{value:.5f}" for value in (a, b, c, d, e, f)), "cm"]))

    def translate(self, x: float, y: float) -> None:
        self.transform(1, 0, 0, 1, x, y)

    def rotate(self, angle: float) -> None:
        self.transform(cos(angle), sin(angle), -sin(angle), cos(angle), 0, 0)

    def scale(self, x: float, y: float | None = None) -> None:
        self.transform(x, 0, 0, x if y is None else y, 0, 0)

    def stroke_with(self, colour: str, width: float) -> None:
        self.add(*rgb(colour), "RG")
        self.add(width, "w")

    def fill_with(self, colour: str) -> None:
        self.add(*rgb(colour), "rg")

    # --- shapes
    def rectangle(self, x: float, y: float, width: float, height: float, paint: str = "S") -> None:
        self.add(x, y, width, height, "re", paint)

    def line(self, start: Point, end: Point) -> None:
        self.add(*start, "m", *end, "l", "S")

    def circle(self, x: float, y: float, radius: float, paint: str = "S") -> None:
        handle = radius * 0.5523
        self.add(x + radius, y, "m")
        for (ax, ay), (bx, by) in (((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1)), ((0, -1), (1, 0))):
            self.add(
                x + ax * radius + bx * handle, y + ay * radius + by * handle,
                x + bx * radius + ax * handle, y + by * radius + ay * handle,
                x + bx * radius, y + by * radius, "c",
            )  # fmt: skip
        self.add(paint)

    def curve(self, points: list[Point], slopes: list[Point]) -> None:
        """A smooth line through the points with these tangents (Hermite, drawn as Bézier)."""
        self.add(*points[0], "m")
        for (p, q), (s, t) in zip(pairwise(points), pairwise(slopes), strict=True):
            self.add(p[0] + s[0] / 3, p[1] + s[1] / 3, q[0] - t[0] / 3, q[1] - t[1] / 3, *q, "c")
        self.add("S")

    def svg_path(self, path: str, paint: str = "f") -> None:
        """A path as SVG writes it, such as the one of the site's logo."""
        parse_path(path, SvgPen(self))
        self.add(paint)

    # --- wave patterns
    def wave(self, length: float, amplitude: float, periods: float, phase: float) -> None:
        """A sine from x = 0 to `length`, by a curve per eighth of a period."""
        steps = max(4, round(periods * 8))
        turn = 2 * pi * periods / steps
        rise = amplitude * turn
        points = [(length * i / steps, amplitude * sin(phase + turn * i)) for i in range(steps + 1)]
        slopes = [(length / steps, rise * cos(phase + turn * i)) for i in range(steps + 1)]
        self.curve(points, slopes)

    def petal_ring(self, radius: float, depth: float, petals: int, phase: float, per_petal: int = 6) -> None:
        """A closed wave around a circle: one line of a rosette."""
        steps = petals * per_petal
        step = 2 * pi / steps
        points, slopes = [], []
        for i in range(steps + 1):
            angle = i * step
            r, dr = radius + depth * cos(petals * angle + phase), -depth * petals * sin(petals * angle + phase)
            points.append((r * cos(angle), r * sin(angle)))
            slopes.append(((dr * cos(angle) - r * sin(angle)) * step, (dr * sin(angle) + r * cos(angle)) * step))
        self.curve(points, slopes)


class SvgPen(BasePen):
    """Puts an SVG path into a Drawing."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__(None)
        self.drawing = drawing

    def _moveTo(self, point: Point) -> None:
        self.drawing.add(*point, "m")

    def _lineTo(self, point: Point) -> None:
        self.drawing.add(*point, "l")

    def _curveToOne(self, first: Point, second: Point, end: Point) -> None:
        self.drawing.add(*first, *second, *end, "c")

    def _closePath(self) -> None:
        self.drawing.add("h")
