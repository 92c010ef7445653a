"""What lies under the words: ivory ground, guilloche border, corner stones, a rosette, the touchstone.

Drawn by us with curves only. Repeated parts are drawn once and placed often, so the sheet stays a few kilobytes.
"""

from __future__ import annotations

from math import pi

from certificates.rendering.drawing import POINTS_PER_MM, Drawing

WIDTH, HEIGHT = 297.0, 210.0

IVORY, PAPER = "#fbf7ec", "#fffdf8"
INK, STONE = "#1b2422", "#1c2426"
JADE, JADE_FAINT = "#0b5d56", "#7fa8a1"
GOLD, GOLD_LIGHT = "#a87a1f", "#d8b25a"

# The band of the border: its middle line, and where the corner stones end and begin.
EDGE, MIDDLE, CORNER = 8.0, 14.5, 21.0
PERIOD = 15.0
# Wreaths of the watermark and the ring around the emblem: radius, depth, petals, strands, colour, width, smoothness.
WREATHS = {
    "Outer": (58.0, 8.5, 24, 5, "#e9eee6", 0.18, 6),
    "Middle": (41.0, 9.5, 16, 5, "#f1e9d3", 0.18, 6),
    "Inner": (23.0, 8.5, 12, 5, "#e9eee6", 0.18, 6),
    "Ring": (10.6, 0.54, 36, 4, GOLD, 0.16, 4),
}
STONE_PATH = (
    "M12 7.5Q15.5 4 22 4l11.5 1.2Q41 6.3 43 14l1.7 14.5Q45.3 38 37.5 41.5L22.5 44.2Q11 45.5 6.8 37L3.8 24.5Q2.3 15 12 7.5Z"
)
STREAK_PATH = "M11.6 34.7 31.2 9.9q2.6-2.3 4.7.2t.1 4.9L14 36.4q-2.3.8-2.4-1.7Z"
SECOND_STREAK_PATH = "M22 38.2 38.8 19.5"


def forms() -> dict[str, tuple[tuple[float, float, float, float], bytes]]:
    """The parts that are placed many times: name → (bounding box, content)."""
    wreaths = {
        name: ((-r - d - 1, -r - d - 1, r + d + 1, r + d + 1), _wreath(r, d, petals, colour, width, per_petal))
        for name, (r, d, petals, _strands, colour, width, per_petal) in WREATHS.items()
    }
    return {"Wave": ((-1, -6, PERIOD + 1, 6), _wave_tile()), "Corner": ((-8, -8, 8, 8), _corner()), **wreaths}


def content() -> bytes:
    """The whole background in PDF operators; the names it places are the forms above."""
    sheet = Drawing()
    sheet.push()
    # Millimetres from the top left, as everybody thinks of a sheet.
    sheet.transform(POINTS_PER_MM, 0, 0, -POINTS_PER_MM, 0, HEIGHT * POINTS_PER_MM)
    sheet.fill_with(PAPER)
    sheet.rectangle(0, 0, WIDTH, HEIGHT, "f")
    sheet.fill_with(IVORY)
    sheet.rectangle(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE, "f")
    _rosette(sheet)
    _border(sheet)
    _emblem(sheet, 148.5, 38.4, 15.5)
    sheet.pop()
    return sheet.content()


def _wave_tile() -> bytes:
    """One period of the border: families of strands that cross."""
    tile = Drawing()
    for family, amplitude, periods, strands in ((JADE, 4.9, 1, 6), (GOLD, 3.1, 2, 4), (JADE_FAINT, 1.7, 1, 6)):
        tile.stroke_with(family, 0.13)
        for strand in range(strands):
            phase = 2 * pi * strand / strands
            points = Drawing()
            points.wave(PERIOD, amplitude, periods, phase)
            tile.operators += points.operators
    return tile.content()


def _border(sheet: Drawing) -> None:
    sheet.stroke_with(INK, 0.55)
    sheet.rectangle(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE)
    sheet.stroke_with(GOLD, 0.22)
    sheet.rectangle(EDGE + 0.9, EDGE + 0.9, WIDTH - 2 * EDGE - 1.8, HEIGHT - 2 * EDGE - 1.8)
    inner = CORNER - 0.2
    sheet.stroke_with(GOLD, 0.22)
    sheet.rectangle(inner, inner, WIDTH - 2 * inner, HEIGHT - 2 * inner)
    sheet.stroke_with(INK, 0.4)
    sheet.rectangle(inner + 0.9, inner + 0.9, WIDTH - 2 * inner - 1.8, HEIGHT - 2 * inner - 1.8)
    across, down = WIDTH - 2 * CORNER, HEIGHT - 2 * CORNER
    for y in (MIDDLE, HEIGHT - MIDDLE):
        _run_of_waves(sheet, CORNER, y, across, 17, turned=False)
    for x in (MIDDLE, WIDTH - MIDDLE):
        _run_of_waves(sheet, x, CORNER, down, 11, turned=True)
    for x in (MIDDLE, WIDTH - MIDDLE):
        for y in (MIDDLE, HEIGHT - MIDDLE):
            sheet.push()
            sheet.translate(x, y)
            sheet.add("/Corner Do")
            sheet.pop()


def _run_of_waves(sheet: Drawing, x: float, y: float, length: float, periods: int, *, turned: bool) -> None:
    period = length / periods
    for index in range(periods):
        sheet.push()
        sheet.translate(x, y)
        if turned:
            sheet.rotate(pi / 2)
        sheet.translate(index * period, 0)
        sheet.scale(period / PERIOD, 1)
        sheet.add("/Wave Do")
        sheet.pop()


def _corner() -> bytes:
    """A square of stone with a rosette of gold lines and the streak."""
    corner = Drawing()
    corner.fill_with(STONE)
    corner.rectangle(-5.6, -5.6, 11.2, 11.2, "f")
    corner.stroke_with(GOLD, 0.25)
    corner.rectangle(-5.0, -5.0, 10.0, 10.0)
    corner.stroke_with(GOLD_LIGHT, 0.1)
    for ring in range(5):
        corner.petal_ring(2.7, 1.5, 8, 2 * pi * ring / 5)
    corner.fill_with(STONE)
    corner.circle(0, 0, 1.15, "f")
    corner.fill_with(GOLD_LIGHT)
    corner.circle(0, 0, 0.75, "f")
    return corner.content()


def _wreath(radius: float, depth: float, petals: int, colour: str, width: float, per_petal: int) -> bytes:
    """One line of a wreath; turned a little and placed again, it becomes the wreath."""
    line = Drawing()
    line.stroke_with(colour, width)
    line.petal_ring(radius, depth, petals, 0, per_petal=per_petal)
    return line.content()


def _place_wreath(sheet: Drawing, name: str) -> None:
    petals, strands = WREATHS[name][2:4]
    for strand in range(strands):
        sheet.push()
        sheet.rotate(2 * pi * strand / strands / petals)
        sheet.add(f"/{name} Do")
        sheet.pop()


def _rosette(sheet: Drawing) -> None:
    """The watermark: three wreaths of fine lines, light enough to read over."""
    sheet.push()
    sheet.translate(WIDTH / 2, 113)
    for name in ("Outer", "Middle", "Inner"):
        _place_wreath(sheet, name)
    sheet.pop()


def _emblem(sheet: Drawing, x: float, y: float, size: float) -> None:
    """The stone and the streak, as on the site; the drawing of the logo is 48 units wide."""
    sheet.push()
    sheet.translate(x, y)
    sheet.fill_with(IVORY)
    sheet.circle(0, 0, size * 0.72, "f")
    _place_wreath(sheet, "Ring")
    sheet.scale(size / 48)
    sheet.translate(-24, -24)
    sheet.fill_with(STONE)
    sheet.svg_path(STONE_PATH)
    sheet.fill_with(GOLD_LIGHT)
    sheet.svg_path(STREAK_PATH)
    sheet.stroke_with("#9d8348", 1.5)
    sheet.add("1 J")
    sheet.svg_path(SECOND_STREAK_PATH, "S")
    sheet.pop()
