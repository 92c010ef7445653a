"""Cells of a spreadsheet: never a formula, and HTML only where it is HTML."""

from __future__ import annotations

import re

from common.exports import DANGEROUS
from exams.interchange.texts import block_of, line_of

HTML_MARK = "<!--html-->"
_HTML = re.compile(r"<[a-zA-Z/!]|&#?\w{1,10};")
_NUMBER = re.compile(r"[+\-＋－]?[\d.,]+\s*\S{0,12}")


def guarded(text: str) -> str:
    """The text as a spreadsheet may hold it: what it would run gets an apostrophe, and so does one that is text."""
    return f"'{text}" if text.startswith("'") or text.lstrip(" ").startswith(DANGEROUS) else text


def unguarded(cell: str) -> str:
    rest = cell[1:]
    is_guard = cell.startswith("'") and (rest.startswith("'") or rest.lstrip(" ").startswith(DANGEROUS))
    return rest if is_guard else cell


def is_formula(cell: str) -> bool:
    """Would a spreadsheet run it? A number with its sign, or a dash before words, is no formula."""
    text = cell.strip()
    if text.startswith(("=", "@", "＝", "＠")):
        return True
    return (
        text.startswith(("+", "-", "＋", "－")) and not _NUMBER.fullmatch(text) and bool(re.search(r"[(|!]|[A-Za-z]+\d", text))
    )


def html_in(cell: str, *, line: bool) -> str:
    """A cell as HTML: as it stands when it has markup, otherwise plain text."""
    if cell.startswith(HTML_MARK):
        return cell[len(HTML_MARK) :]
    if not cell or _HTML.search(cell):
        return cell
    return line_of(cell) if line else block_of(cell)


def cell_of(markup: str, *, line: bool) -> str:
    """The cell that `html_in` reads as this HTML."""
    return markup if html_in(markup, line=line) == markup else HTML_MARK + markup


def split_list(cell: str) -> list[str]:
    r"""Texts that stand in one cell, apart by |; a bar that is text is \|."""
    parts = re.split(r"(?<!\\)((?:\\\\)*)\|", cell)
    texts = [parts[n] + (parts[n + 1] if n + 1 < len(parts) else "") for n in range(0, len(parts), 2)]
    return [re.sub(r"\\([\\|])", r"\1", text).strip() for text in texts if text.strip()]


def joined_list(texts: list[str]) -> str:
    return " | ".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)
