"""The fonts of the project and what they can draw. WeasyPrint gets them by `common.typesetting`."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings

from common.typesetting import own_fontconfig, use_own_fonts

__all__ = ["characters_without_glyph", "covered_characters", "ems", "font_files", "own_fontconfig", "use_own_fonts"]

FOLDER = Path(settings.FONT_FOLDER)


@cache
def font_files() -> tuple[Path, ...]:
    return tuple(sorted([*FOLDER.glob("*.ttf"), *FOLDER.glob("*.otf")]))


@cache
def covered_characters() -> frozenset[int]:
    """Every code point that all our styles together can draw: the plain faces, since italic is only decoration."""
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for file in font_files():
        if "Italic" not in file.name:
            with TTFont(file, lazy=True) as font:
                covered.update(font.getBestCmap())
    return frozenset(covered)


@cache
def _advances() -> tuple[dict[int, int], int]:
    """How far each letter of the serif face moves the pen, and the units in its em."""
    from fontTools.ttLib import TTFont

    with TTFont(FOLDER / "TouchstoneSerif-Regular.ttf") as font:
        metrics = font["hmtx"].metrics
        return {code: metrics[glyph][0] for code, glyph in font.getBestCmap().items()}, font["head"].unitsPerEm


def ems(text: str) -> float:
    """How wide a text is set, in ems: what the serif face lacks is a Han character, one em wide."""
    advances, units = _advances()
    return sum(advances.get(ord(character), units) for character in unicodedata.normalize("NFC", text)) / units


def characters_without_glyph(text: str) -> list[str]:
    """The characters of a text that we could only print as an empty box, in order, each once."""
    composed = unicodedata.normalize("NFC", text)
    return [
        character
        for character in dict.fromkeys(composed)
        if ord(character) not in covered_characters() and not _is_invisible(character)
    ]


def _is_invisible(character: str) -> bool:
    # Variation selectors and joiners choose a shape; nothing of their own is drawn.
    return character.isspace() or unicodedata.category(character) == "Cf" or 0xFE00 <= ord(character) <= 0xFE0F
