"""Makes the fonts of this folder again. For developers; nothing runs it on a server.

    python certificates/fonts/build.py NotoSerifCJK-Regular.ttc FOLDER_OF_FONTSOURCE_EB_GARAMOND

Touchstone Serif      EB Garamond 400, 500 and 400 italic: the Latin, Greek and Cyrillic parts of the npm package
                      @fontsource/eb-garamond merged into one file each.
Touchstone Song       Noto Serif CJK SC Regular: the characters of GB 2312 as TrueType outlines. WeasyPrint subsets
                      it for each certificate, and small TrueType is what makes that quick.
Touchstone Song Rare  every other Han character of that face, as TrueType too; asked only for what Song lacks.

Renamed, because the licence of the sources reserves their names for unmodified versions.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

HERE = Path(__file__).parent
GARAMOND_PARTS = ("latin", "latin-ext", "vietnamese", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
GARAMOND_STYLES = {("400", "normal"): "Regular", ("500", "normal"): "Medium", ("400", "italic"): "Italic"}
PUNCTUATION = {0xB7, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026}
SPACES = {0x20, 0xA0}
MOST_ERROR = 1.0  # of a thousandth of the em, from cubic to quadratic outlines


def is_han(code_point: int) -> bool:
    return 0x3400 <= code_point < 0xA000 or 0xF900 <= code_point < 0xFB00 or code_point >= 0x20000


def gb2312() -> set[int]:
    decoded: set[int] = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            decoded.update(map(ord, bytes([high, low]).decode("gb2312", "ignore")))
    return decoded


def rename(font: TTFont, family: str, style: str) -> None:
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in (0, 13, 14)]
    full = f"{family} {style}"
    for name_id, text in ((1, family), (2, style), (3, f"Touchstone: {full}"), (4, full), (6, full.replace(" ", ""))):
        names.setName(text, name_id, 3, 1, 0x409)
    if style == "Medium":  # one family with three faces, not two families
        names.setName("Regular", 2, 3, 1, 0x409)
        names.setName(f"{family} Medium", 1, 3, 1, 0x409)
        names.setName(family, 16, 3, 1, 0x409)
        names.setName("Medium", 17, 3, 1, 0x409)


def build_serif(folder: Path) -> None:
    for (weight, slope), style in GARAMOND_STYLES.items():
        parts = []
        for part in GARAMOND_PARTS:
            font = TTFont(folder / f"eb-garamond-{part}-{weight}-{slope}.woff2")
            font.flavor = None
            font.save(HERE / f"{part}.part")
            parts.append(HERE / f"{part}.part")
        merged = Merger().merge([str(part) for part in parts])
        merged["name"].setName((folder.parent / "LICENSE").read_text().splitlines()[0], 0, 3, 1, 0x409)
        rename(merged, "Touchstone Serif", style)
        merged.save(HERE / f"TouchstoneSerif-{style}.ttf")
        for written in parts:
            written.unlink()


def build_song(collection: Path) -> None:
    number = next(
        number
        for number, font in enumerate(TTCollection(str(collection), lazy=True).fonts)
        if font["name"].getDebugName(4) == "Noto Serif CJK SC"
    )
    covered = set(TTFont(collection, fontNumber=number).getBestCmap())
    wide = {code for code in gb2312() if is_han(code) or 0x3000 <= code < 0x3040 or 0xFF00 <= code < 0xFFF0}
    common = (wide | PUNCTUATION | SPACES) & covered
    rare = {code for code in covered if is_han(code) or 0x2E80 <= code < 0x2FE0 or 0x3040 <= code < 0x3100} - common
    first = cut(collection, number, common)
    as_truetype(first)
    rename(first, "Touchstone Song", "Regular")
    first.save(HERE / "TouchstoneSong-Regular.ttf")
    second = cut(collection, number, rare | SPACES)
    as_truetype(second)
    rename(second, "Touchstone Song Rare", "Regular")
    second.save(HERE / "TouchstoneSongRare-Regular.ttf")


def cut(collection: Path, number: int, code_points: set[int]) -> TTFont:
    font = TTFont(collection, fontNumber=number)
    options = subset.Options(layout_features=[], notdef_outline=True, hinting=False)
    options.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14]
    options.drop_tables += ["DSIG", "VORG", "vhea", "vmtx", "BASE"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=code_points)
    subsetter.subset(font)
    return font


def as_truetype(font: TTFont) -> None:
    """Cubic outlines redrawn as quadratic ones."""
    order, drawn, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, MOST_ERROR, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for name in order:
        glyphs[name].recalcBounds(font["glyf"])
    font["hmtx"].metrics = {n: (font["hmtx"].metrics[n][0], getattr(glyphs[n], "xMin", 0)) for n in order}
    profile = font["maxp"]
    profile.tableVersion, profile.maxZones = 0x00010000, 1
    for field in (
        "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
        "maxSizeOfInstructions", "maxComponentElements",
    ):  # fmt: skip
        setattr(profile, field, 0)
    post = font["post"]
    post.formatType, post.extraNames, post.mapping = 3.0, [], {}
    del font["CFF "]
    font.sfntVersion = "\000\001\000\000"


if __name__ == "__main__":
    build_serif(Path(sys.argv[2]))
    build_song(Path(sys.argv[1]))
