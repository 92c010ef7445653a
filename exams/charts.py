"""Pictures of figures as inline SVG, made on the server: no script, no style attribute, and never the only place of a
figure: a table beside each says the same. Colours come from the page (currentColor), differences from shape and dashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from exams.statistics.flags import EASY, HARD, LOW_DISCRIMINATION

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 16, 44
DASHES = ("8 3", "2 3", "10 3 2 3", "5 5", "1 4", "12 4")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Frame:
    """A picture's plane: from figures to places on it."""

    def __init__(self, width: int, height: int, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.width, self.height, self.x, self.y = width, height, x, y

    def across(self, value: float) -> float:
        share = (value - self.x[0]) / (self.x[1] - self.x[0])
        return round(LEFT + share * (self.width - LEFT - RIGHT), 1)

    def down(self, value: float) -> float:
        share = (value - self.y[0]) / (self.y[1] - self.y[0])
        return round(self.height - BOTTOM - share * (self.height - TOP - BOTTOM), 1)

    def picture(self, label: str, parts: Iterable[SafeString]) -> SafeString:
        return format_html(
            '<svg class="chart" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
            self.width,
            self.height,
            self.width,
            self.height,
            label,
            format_html_join("", "{}", ((part,) for part in parts)),
        )

    def axes(self, across: str, down: str, x_marks: Sequence[tuple[float, str]], y_marks: Sequence[float]) -> list[SafeString]:
        """Lines, marks and names of both axes."""
        floor, left, right = self.height - BOTTOM, LEFT, self.width - RIGHT
        parts = [
            format_html(
                '<path class="chart__axis" d="M{} {}V{}H{}" fill="none" stroke="currentColor"/>', left, TOP, floor, right
            )
        ]
        for value, name in x_marks:
            parts.append(_text(self.across(value), floor + 18, name, "middle"))
        for value in y_marks:
            parts.append(_line(left, self.down(value), right, self.down(value), "0.15"))
            parts.append(_text(left - 6, self.down(value) + 4, f"{value:g}", "end"))
        parts.append(_text((left + right) / 2, self.height - 6, across, "middle"))
        middle = (TOP + floor) / 2
        parts.append(
            format_html(
                '<text class="chart__text" x="14" y="{}" font-size="13" fill="currentColor" text-anchor="middle"'
                ' transform="rotate(-90 14 {})">{}</text>',
                middle,
                middle,
                down,
            )
        )
        return parts


def item_map(items: Sequence[Mapping[str, Any]]) -> SafeString:
    """Facility across, discrimination up; a circle for a scored item, a square for one on trial, filled when unfit."""
    placed = [item for item in items if item.get("facility") is not None and item.get("discrimination") is not None]
    lowest = min([-0.2, *(item["discrimination"] - 0.05 for item in placed)])
    highest = max([0.6, *(item["discrimination"] + 0.05 for item in placed)])
    frame = Frame(WIDTH, HEIGHT, (0, 1), (lowest, highest))
    shares = [(step / 5, f"{step / 5:g}") for step in range(6)]
    y_marks = [step / 5 for step in range(-5, 6) if lowest <= step / 5 <= highest]
    parts = frame.axes(_("Facility"), _("Discrimination"), shares, y_marks)
    for limit in (HARD, EASY):
        parts.append(_line(frame.across(limit), TOP, frame.across(limit), frame.height - BOTTOM, "0.6", "4 4"))
    limit_y = frame.down(LOW_DISCRIMINATION)
    parts.append(_line(LEFT, limit_y, frame.width - RIGHT, limit_y, "0.6", "4 4"))
    parts += [_mark(frame, item) for item in placed]
    return frame.picture(
        _("Map of %(count)s items by facility and discrimination; the table of items has every value.")
        % {"count": len(placed)},
        parts,
    )


def _mark(frame: Frame, item: Mapping[str, Any]) -> SafeString:
    x, y = frame.across(item["facility"]), frame.down(item["discrimination"])
    tone = f"chart__mark chart__mark--{item['verdict']}"
    fill = "currentColor" if item["verdict"] == "unfit" else "none"
    shape = (
        format_html(
            '<circle class="{}" cx="{}" cy="{}" r="5" fill="{}" stroke="currentColor" stroke-width="1.5"/>', tone, x, y, fill
        )
        if item["is_scored"]
        else format_html(
            '<rect class="{}" x="{}" y="{}" width="9" height="9" fill="{}" stroke="currentColor" stroke-width="1.5"/>',
            tone,
            round(x - 4.5, 1),
            round(y - 4.5, 1),
            fill,
        )
    )
    return format_html("{}{}", shape, _text(x + 8, y + 4, str(item["position"]), "start", 11))


def option_plot(item: Mapping[str, Any]) -> SafeString:
    """Who chose what, from the weakest fifth to the strongest: the key as a thick line, wrong options dashed."""
    frame = Frame(360, 240, (0, 4), (0, 1))
    groups = [(group, str(group + 1)) for group in range(5)]
    parts = frame.axes(_("Fifth of candidates, weakest to strongest"), _("Share"), groups, [0, 0.25, 0.5, 0.75, 1])
    lines = [(option, _places(frame, option)) for option in item["options"] if option["option"] >= 0]
    parts += [_option_line(option, places) for option, places in lines if places]
    parts += _letters([(places[-1][1], letter_of(option["option"])) for option, places in lines if places], frame.across(4))
    return frame.picture(
        _("Shares of the options of position %(position)s by fifth of ability; the table beside it has every value.")
        % {"position": item["position"]},
        parts,
    )


def _places(frame: Frame, option: Mapping[str, Any]) -> list[tuple[float, float]]:
    return [(frame.across(group), frame.down(share)) for group, share in enumerate(option["groups"]) if share is not None]


def _option_line(option: Mapping[str, Any], places: list[tuple[float, float]]) -> SafeString:
    return format_html(
        '<polyline class="chart__option{}" points="{}" fill="none" stroke="currentColor" stroke-width="{}"'
        ' stroke-dasharray="{}"/>',
        " chart__option--key" if option["is_key"] else "",
        " ".join(f"{x},{y}" for x, y in places),
        3 if option["is_key"] else 1.5,
        "none" if option["is_key"] else DASHES[option["option"] % len(DASHES)],
    )


def _letters(ends: list[tuple[float, str]], x: float) -> list[SafeString]:
    """A letter at the end of each line, moved down where two would lie on each other."""
    parts, free = [], 0.0
    for y, name in sorted(ends):
        free = max(y, free)
        parts.append(_text(x + 4, free + 4, name, "start", 12))
        free += 12
    return parts


def letter_of(option: int) -> str:
    """A, B, C … as the author's order has them; a dash for no answer."""
    return LETTERS[option] if 0 <= option < len(LETTERS) else "–" if option < 0 else str(option + 1)


def _text(x: float, y: float, words: str, anchor: str, size: int = 13) -> SafeString:
    return format_html(
        '<text class="chart__text" x="{}" y="{}" font-size="{}" fill="currentColor" text-anchor="{}">{}</text>',
        round(x, 1), round(y, 1), size, anchor, words,
    )  # fmt: skip


def _line(x1: float, y1: float, x2: float, y2: float, strength: str, dash: str = "none") -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor" stroke-opacity="{}" stroke-dasharray="{}"/>',
        x1, y1, x2, y2, strength, dash,
    )  # fmt: skip
