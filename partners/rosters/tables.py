"""A roster file as rows of cells, whatever program wrote it. Nothing in it is ever evaluated."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from partners.errors import RosterUnreadable

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
SEPARATORS = (",", ";", "\t")
# An OLE container: Excel before 2007, or a workbook with a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OTHER_FORMATS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"{\\rtf": "RTF", b"GIF8": "GIF"}


class Formula(str):
    """A cell that computes instead of saying something; kept as the text it is, to be refused by its row."""


@dataclass(frozen=True)
class Line:
    """One row that holds something: where it stands in the file, and its cells."""

    number: int
    cells: list[str]


@dataclass
class Table:
    """All rows of one sheet or text file."""

    lines: list[Line] = field(default_factory=list)
    name: str = ""


def read_tables(content: bytes) -> list[Table]:
    """Every table of a file: one for text, one per visible sheet of a workbook. The file's name is not trusted."""
    from partners.rosters.workbooks import read_workbook

    if len(content) > MOST_BYTES:
        raise RosterUnreadable(_("The file is larger than 5 MB. Split it, or remove pictures and other sheets."))
    if not content.strip():
        raise RosterUnreadable(_("The file is empty."))
    if content.startswith(OLE):
        raise RosterUnreadable(
            _("This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password.")
        )
    if content.startswith(b"PK"):
        return read_workbook(content)
    for start, name in OTHER_FORMATS.items():
        if content.startswith(start):
            raise RosterUnreadable(_("This is a %(format)s file. Upload a CSV or XLSX file.") % {"format": name})
    return read_text(decode(content))


def read_text(text: str) -> list[Table]:
    """The same text cut at each separator; the caller keeps the cut that has a header."""
    tables = []
    failure: RosterUnreadable | None = None
    for separator in SEPARATORS:
        if separator not in text and separator != ",":
            continue
        try:
            tables.append(_cut(text, separator))
        except RosterUnreadable as error:
            failure = failure or error
    if not tables and failure:
        raise failure
    return tables


def decode(content: bytes) -> str:
    """UTF-8 and UTF-16 with or without a mark, or GB 18030. Guessing further would turn names into rubbish."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    if content.startswith(b"\xef\xbb\xbf"):
        return _decoded(content, "utf-8-sig")
    if b"\x00" in content:
        return _decoded(content, _unmarked_utf16(content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    text = _decoded(content, "gb18030")
    if not _reads_like_chinese(text):
        raise RosterUnreadable(_encoding_sentence())
    return text


def _cut(text: str, separator: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    table, start = Table(), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(table.lines) > MOST_ROWS + 20:
                    raise RosterUnreadable(too_many_rows())
                table.lines.append(Line(start, cells[:MOST_COLUMNS]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise RosterUnreadable(
            _("The file breaks off or is malformed at line %(line)s: a quotation mark there is not closed, or text follows it.")
            % {"line": start}
        ) from error
    return table


def too_many_rows() -> str:
    return _("The file has more than %(rows)s rows. Split it into several files.") % {"rows": MOST_ROWS}


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RosterUnreadable(_encoding_sentence()) from error


def _encoding_sentence() -> str:
    return _("The characters of this file cannot be read. Save it as “CSV UTF-8” or as XLSX; UTF-16 and GB 18030 work too.")


def _unmarked_utf16(content: bytes) -> str:
    """Separators, digits and addresses are ASCII: in UTF-16 their zero bytes stand on one side of each pair."""
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if max(even, odd) < len(content) // 20 or len(content) % 2:
        raise RosterUnreadable(_encoding_sentence())
    return "utf-16-be" if even > odd else "utf-16-le"


def _reads_like_chinese(text: str) -> bool:
    """Whether bytes read as GB 18030 were that. A Western European file read so turns “ña” into rare characters
    outside GB 2312, whereas nearly every character of a real Chinese list is inside it."""
    foreign = [character for character in text if ord(character) > 127]
    common = sum(1 for character in foreign if _in_gb2312(character))
    return common * 2 >= len(foreign)


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
