"""Rosters in Excel workbooks (XLSX): measured before they are unpacked, read as text."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from partners.errors import RosterUnreadable
from partners.rosters.tables import MOST_COLUMNS, MOST_ROWS, Formula, Line, Table, too_many_rows

# Security.md T24, tighter where a list of people needs less.
MOST_MEMBERS = 500
MOST_UNPACKED = 60 * 1024 * 1024
HIGHEST_RATIO = 100
# Small members compress absurdly well without harm.
RATIO_MATTERS_FROM = 1024 * 1024
MOST_BLANK_ROWS = 20_000
MOST_SHEETS = 30


def read_workbook(content: bytes) -> list[Table]:
    """One table per visible sheet that holds something."""
    from openpyxl import load_workbook  # brings numpy along, which a web worker has no other use for

    measure_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:MOST_SHEETS]
        tables = [_read_sheet(sheet) for sheet in sheets]
    except RosterUnreadable:
        raise
    except Exception as error:  # a damaged or hostile workbook makes openpyxl raise nearly anything
        raise RosterUnreadable(
            _("The workbook is damaged and cannot be opened. Open it in your spreadsheet program and save it again as XLSX.")
        ) from error
    return [table for table in tables if table.lines]


def measure_archive(content: bytes) -> None:
    """Refuse what would unpack into far more than it weighs, before unpacking anything."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise RosterUnreadable(_("The file is damaged: it looks like a workbook but cannot be opened.")) from error
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        raise RosterUnreadable(_("This archive is not an Excel workbook (XLSX). Upload a CSV or XLSX file."))
    unpacked = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > RATIO_MATTERS_FROM and member.file_size > HIGHEST_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or bomb:
        raise RosterUnreadable(
            _("The workbook unpacks into far too much for a list of people. Copy the list into a new workbook.")
        )


def _read_sheet(sheet: Any) -> Table:
    # What a sheet says about its own size may be a lie; the rows are counted as they come.
    sheet.reset_dimensions()
    table = Table(name=sheet.title)
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        texts = [_text(cell) for cell in cells]
        if not any(text.strip() for text in texts):
            blank += 1
            if blank > MOST_BLANK_ROWS:
                break
            continue
        if len(table.lines) > MOST_ROWS + 20:
            raise RosterUnreadable(too_many_rows())
        table.lines.append(Line(number, texts))
    return table


def _text(cell: Any) -> str:
    """A cell as a person reads it. Student numbers typed as numbers keep the zeros their format shows."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e") or not isinstance(value, str | int | float | bool | date | datetime):
        return Formula(str(value))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        width = _zeros(cell.number_format)
        return str(value).zfill(width)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _zeros(number_format: str | None) -> int:
    return len(number_format) if number_format and set(number_format) == {"0"} else 0
