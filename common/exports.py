"""Tables for spreadsheets. A cell that a spreadsheet would run as a formula is made text first."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What makes Excel, LibreOffice or WPS read a cell as a formula. The full-width forms are folded by some of them.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
CELL_LIMIT = 32_767  # characters Excel accepts in one cell


def safe_cell(value: Any) -> Any:
    """The value as a spreadsheet may hold it: numbers, dates and booleans stay, dangerous text gets an apostrophe."""
    if isinstance(value, datetime):
        # Spreadsheets know no time zones: the reader's own clock, as on the page.
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0) if timezone.is_aware(value) else value
    if value is None:
        return ""
    if isinstance(value, bool | int | float | date):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text


def csv_response(name: str) -> HttpResponse:
    """An empty CSV download of this file name, with the mark by which Excel knows UTF-8."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")
    return response


def xlsx_response(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    response = HttpResponse(xlsx_bytes(header, rows), content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def write_csv(response: Any, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Any:
    """Write a header and rows to anything with `write`, every cell safe. Returns what it was given."""
    writer = csv.writer(response)
    writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
    return response


def xlsx_bytes(header: Sequence[Any], rows: Iterable[Sequence[Any]], *, title: str = "Sheet1") -> bytes:
    """A workbook of one sheet. Text is stored as text, so that nothing becomes a formula on opening or saving."""
    from openpyxl import Workbook  # brings numpy along, which a web worker has no other use for

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, cell, bold=True) for cell in header])
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    safe = safe_cell(value)
    if isinstance(safe, str):
        safe = ILLEGAL_CHARACTERS_RE.sub("", safe)[:CELL_LIMIT]
    cell = WriteOnlyCell(sheet, value=safe)
    if isinstance(safe, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
