"""What a file may cost, and how its bytes become text (security.md T24). A refusal is a sentence about the file."""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from exams.errors import FileRefused

MOST_BYTES = 20_000_000
MOST_TEXT_BYTES = 10_000_000  # of a file that is text: as characters it may take four times that
MOST_ENTRIES = 10_000
MOST_CHARACTERS = 200_000  # of one text
MOST_MEMBERS = 2_000
MOST_UNPACKED = 200_000_000
MOST_RATIO = 100
MOST_MEMBER = 20_000_000
# Below this size a member may be packed as tightly as it likes: a page of spaces is no bomb.
RATIO_FROM = 1_000_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")


def check_size(data: bytes, most: int = MOST_BYTES) -> None:
    if len(data) > most:
        raise FileRefused(
            _("The file has %(size)s MB; at most %(most)s MB are read. Split it.")
            % {"size": -(-len(data) // 1_000_000), "most": most // 1_000_000}
        )
    if not data.strip():
        raise FileRefused(_("The file is empty."))


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark; line ends become one newline."""
    check_size(data, MOST_TEXT_BYTES)
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            _("Line %(line)s is not written in UTF-8. Save the file in UTF-8 and upload it again.") % {"line": line}
        ) from error
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise FileRefused(
            _("Line %(line)s holds a character that no text has (%(code)s). Is this the right kind of file?")
            % {"line": line, "code": f"U+{ord(found[0]):04X}"}
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text with their ends, one at a time: millions of short ones must not lie in memory together."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def is_package(data: bytes) -> bool:
    return data.startswith(b"PK\x03\x04")


class Package:
    """A ZIP whose members are read one at a time, by name, never unpacked onto a disk."""

    def __init__(self, data: bytes) -> None:
        check_size(data)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise FileRefused(_("The package is damaged: it is not a ZIP file that can be opened.")) from error
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise FileRefused(
                _("The package has %(count)s files; at most %(most)s are read.") % {"count": len(members), "most": MOST_MEMBERS}
            )
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._admit(member)
        if sum(member.file_size for member in self._members.values()) > MOST_UNPACKED:
            raise FileRefused(
                _("Unpacked, the package would have more than %(most)s MB.") % {"most": MOST_UNPACKED // 1_000_000}
            )

    def _admit(self, member: zipfile.ZipInfo) -> None:
        name = member.filename
        if name.endswith("/"):
            return
        named = {"name": name[:120]}
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/"):
            raise FileRefused(_("The package names a place outside itself: “%(name)s”.") % named)
        if (member.external_attr >> 16) & 0o170000 == 0o120000:
            raise FileRefused(_("The package holds a link instead of a file: “%(name)s”.") % named)
        if member.flag_bits & 0x1:
            raise FileRefused(_("A file of the package is locked with a password: “%(name)s”.") % named)
        bomb = member.file_size > RATIO_FROM and member.file_size > MOST_RATIO * max(member.compress_size, 1)
        if member.file_size > MOST_MEMBER or bomb:
            raise FileRefused(_("A file of the package is too large, or packed too tightly: “%(name)s”.") % named)
        if name in self._members:
            raise FileRefused(_("The package holds two files with one name: “%(name)s”.") % named)
        self._members[name] = member

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a member; what its directory claims about the size is held against what comes out."""
        member = self._members[name]
        try:
            with self._zip.open(member) as file:
                data = file.read(member.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            raise FileRefused(_("A file of the package is damaged: “%(name)s”.") % {"name": name[:120]}) from error
        if len(data) > member.file_size:
            raise FileRefused(_("A file of the package is damaged: “%(name)s”.") % {"name": name[:120]})
        return data


def check_length(value: Any, at: str) -> None:
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        raise FileRefused(_("%(at)s: a text has more than %(most)s characters.") % {"at": at, "most": f"{MOST_CHARACTERS:,}"})


def check_count(count: int) -> None:
    if count > MOST_ENTRIES:
        raise FileRefused(_("The file has more than %(most)s questions. Split it.") % {"most": f"{MOST_ENTRIES:,}"})
