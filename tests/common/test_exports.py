"""Exports that no spreadsheet runs as a formula."""

from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from common.exports import safe_cell, write_csv, xlsx_bytes

FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "  =1+1", "＝1+1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-3, 2.5, True, "plain", "a=b", "陈"])
def test_what_is_harmless_stays_as_it_is(value):
    assert safe_cell(value) == value


def test_csv_quotes_and_defuses():
    out = write_csv(StringIO(), ["name", "=evil"], [['Ada "A", Lovelace', "=cmd|' /C calc'!A0"], [None, 3]])

    assert out.getvalue() == ("name,'=evil\r\n" + '"Ada ""A"", Lovelace",' + "'=cmd|' /C calc'!A0\r\n" + ",3\r\n")


def test_workbook_stores_text_as_text():
    content = xlsx_bytes(["name", "at"], [["=1+1", datetime(2026, 11, 23, 12, tzinfo=UTC)], ["bell\x07", 4]])

    sheet = load_workbook(BytesIO(content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["name", "at"],
        ["'=1+1", datetime(2026, 11, 23, 12)],
        ["bell", 4],
    ]
    assert sheet["A2"].data_type == "s"
