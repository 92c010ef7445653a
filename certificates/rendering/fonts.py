"""The fonts of the project, in a fontconfig of their own: no certificate depends on what a machine has installed."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(__file__).resolve().parent.parent / "fonts"

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{cache}</cachedir>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


@contextmanager
def own_fontconfig() -> Iterator[None]:
    """Fontconfig reads its configuration where FONTCONFIG_FILE says, when WeasyPrint asks. Only meanwhile is it set:
    a browser that this process starts keeps the fonts of the system."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_configuration_file())
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def _configuration_file() -> Path:
    folder = Path(settings.VAR_DIR) / "fontconfig"
    wanted = CONFIGURATION.format(folder=FOLDER, cache=folder / "cache")
    file = folder / "fonts.conf"
    if not file.exists() or file.read_text() != wanted:
        folder.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once: each writes its own and renames.
        unfinished = folder / f"fonts.{os.getpid()}.conf"
        unfinished.write_text(wanted)
        unfinished.replace(file)
    return file


def use_own_fonts() -> Any:
    """Import WeasyPrint with our fonts. Imported here and nowhere else: it costs a second, and a web process
    never prints."""
    with own_fontconfig():
        import weasyprint

    return weasyprint


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
