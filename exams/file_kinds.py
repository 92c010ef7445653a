"""Which files candidates may hand in, and whether one is what its name says: by its bytes, never by what is claimed.

Only kinds that carry no program of their own when a marker opens them; office files with macros are refused.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

MOST_ENTRIES = 2_000
SNIFFED = 4_096


@dataclass(frozen=True)
class Kind:
    media_type: str
    looks_right: Callable[[BinaryIO], bool]


def begins_with(*starts: bytes) -> Callable[[BinaryIO], bool]:
    def look(file: BinaryIO) -> bool:
        file.seek(0)
        return file.read(32).startswith(starts)

    return look


def is_text(file: BinaryIO) -> bool:
    """UTF-8 without control characters, read to its end in pieces."""
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while piece := file.read(1 << 16):
            if any(character < " " and character not in "\t\n\r\f" for character in decoder.decode(piece)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def holds(member: str) -> Callable[[BinaryIO], bool]:
    """A zip with that member and without macros. Only its table of contents is read: nothing is unpacked."""

    def look(file: BinaryIO) -> bool:
        file.seek(0)
        if file.read(4) != b"PK\x03\x04":
            return False
        try:
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError):
            return False
        macros = any("vbaproject" in name.lower() or name.startswith(("Basic/", "Scripts/")) for name in names)
        return member in names and len(names) <= MOST_ENTRIES and not macros

    return look


_WORD = "application/vnd.openxmlformats-officedocument."
KINDS = {
    ".pdf": Kind("application/pdf", begins_with(b"%PDF-")),
    ".png": Kind("image/png", begins_with(b"\x89PNG\r\n\x1a\n")),
    ".jpg": Kind("image/jpeg", begins_with(b"\xff\xd8\xff")),
    ".jpeg": Kind("image/jpeg", begins_with(b"\xff\xd8\xff")),
    ".docx": Kind(f"{_WORD}wordprocessingml.document", holds("word/document.xml")),
    ".xlsx": Kind(f"{_WORD}spreadsheetml.sheet", holds("xl/workbook.xml")),
    ".pptx": Kind(f"{_WORD}presentationml.presentation", holds("ppt/presentation.xml")),
    ".odt": Kind("application/vnd.oasis.opendocument.text", holds("content.xml")),
    ".txt": Kind("text/plain", is_text),
    ".md": Kind("text/markdown", is_text),
    ".csv": Kind("text/csv", is_text),
}
