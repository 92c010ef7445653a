"""Rosters as real programs write them."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from partners.errors import RosterUnreadable
from partners.rosters.reading import column_of, read_roster
from partners.rosters.tables import decode, read_tables
from tests.factories.partners import xlsx

PLAIN = "Name,Email,Student number,Language\nAda Lovelace,Ada@Uni.Example ,000123,en\n李明,li@uni.example,000124,中文\n"
EXPECTED = [("Ada Lovelace", "ada@uni.example", "000123", "en"), ("李明", "li@uni.example", "000124", "zh-hans")]


def people(content: bytes) -> list[tuple[str, str, str, str]]:
    return [
        (entry["full_name"], entry["email"], entry["external_id"], entry["language"]) for entry in read_roster(content).entries
    ]


def errors(content: bytes) -> dict[int, list[str]]:
    return {
        entry["line"]: [code for code, _facts in entry["errors"]] for entry in read_roster(content).entries if entry["errors"]
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end(encoding, separator, newline):
    content = PLAIN.replace(",", separator).replace("\n", newline).encode(encoding)

    assert people(content) == EXPECTED


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("E-mail", "email"),
        ("EMAIL ADDRESS *", "email"),
        ("邮箱", "email"),
        ("电子邮件", "email"),
        ("邮箱（必填）", "email"),
        ("Email 邮箱", "email"),
        ("Ｅｍａｉｌ", "email"),
        ("姓名", "full_name"),
        ("Full name", "full_name"),
        ("姓", "family_name"),
        ("Last name", "family_name"),
        ("名", "given_name"),
        ("学号/工号", "external_id"),
        ("Candidate ID", "external_id"),
        ("student_number", "external_id"),
        ("语言", "language"),
        ("Secondary Email", None),
        ("Password", None),
        ("", None),
    ],
)
def test_headers_in_both_languages(header, column):
    assert column_of(header) == column


def test_columns_in_any_order_and_unknown_ones_are_told():
    roster = read_roster("备注,学号,邮箱,姓名\n转专业,007,w@uni.example,王芳\n".encode())

    assert roster.ignored_columns == ["备注"]
    assert [(e["full_name"], e["email"], e["external_id"]) for e in roster.entries] == [("王芳", "w@uni.example", "007")]


def test_given_and_family_names_are_joined_as_each_language_does():
    roster = read_roster("姓,名,邮箱\n欧阳,修,o@uni.example\nPeña Núñez,Ana,a@uni.example\n".encode())

    assert [(e["full_name"], e["family_name"]) for e in roster.entries] == [
        ("欧阳修", "欧阳"),
        ("Ana Peña Núñez", "Peña Núñez"),
    ]


def test_title_rows_blank_rows_and_line_numbers():
    content = "2026 级学员名单,,\n,,\n姓名,邮箱,学号\n\n李明,li@uni.example,1\n ,,\n王芳,w@uni.example,2\n".encode()

    assert [(e["line"], e["email"]) for e in read_roster(content).entries] == [(5, "li@uni.example"), (7, "w@uni.example")]


def test_a_line_break_in_quotes_is_part_of_the_cell_and_lines_are_those_of_the_file():
    content = b'Name,Email\n"Ada\nLovelace",ada@uni.example\nBen,ben(at)uni\n'

    entries = read_roster(content).entries
    assert [(e["line"], e["full_name"]) for e in entries] == [(2, "Ada Lovelace"), (4, "Ben")]


def test_full_width_addresses_are_normalised_and_told():
    entry = read_roster("姓名,邮箱\n李明,ｌｉ＠ｕｎｉ。ｅｘａｍｐｌｅ\n".encode()).entries[0]

    assert entry["email"] == "li@uni.example"
    assert [code for code, _facts in entry["notes"]] == ["full_width"]
    assert entry["errors"] == []


def test_invisible_characters_and_wide_spaces_vanish():
    entry = read_roster("Name,Email\nJosé\u00a0Luis\u3000García\u200b,\ufeffj@uni.example\u200b\n".encode()).entries[0]

    assert (entry["full_name"], entry["email"], entry["errors"]) == ("José Luis García", "j@uni.example", [])


def test_an_unknown_language_is_a_note_not_an_error():
    entry = read_roster(b"Name,Email,Language\nAda,ada@uni.example,Latin\n").entries[0]

    assert (entry["language"], entry["notes"], entry["errors"]) == ("", [["language_unknown", {"text": "Latin"}]], [])


def test_what_is_wrong_with_rows():
    rows = [
        "Name,Email,ID",
        "Ada,,1",
        "Ada,ada(at)uni.example,1",
        ",a@uni.example,1",
        "=cmd|' /C calc'!A0,b@uni.example,1",
        "Ada,c@uni.example,+49",
        "@SUM(A1),d@uni.example,1",
        f"Ada,e@uni.example,{'9' * 61}",
        f"{'A' * 2001},f@uni.example,1",
        "A\ada,g@uni.example,1",
        "－1+1,h@uni.example,1",
        "Ada,i@uni.example,-",
    ]
    assert errors("\n".join(rows).encode()) == {
        2: ["email_missing"],
        3: ["email_invalid"],
        4: ["name_missing"],
        5: ["formula_looking"],
        6: ["formula_looking"],
        7: ["formula_looking"],
        8: ["too_long"],
        9: ["cell_too_long"],
        10: ["control_character"],
        11: ["formula_looking"],
    }


def test_a_formula_in_a_column_nobody_reads_harms_nobody():
    assert errors(b'Name,Email,Note\nAda,ada@uni.example,"=HYPERLINK(""http://evil.example"")"\n') == {}


def test_workbook_cells_are_read_as_people_see_them():
    book = Workbook()
    sheet = book.active
    sheet.append(["姓名", "邮箱", "学号"])
    sheet.append(["李明", "li@uni.example", 123])
    sheet["C2"].number_format = "000000"
    sheet.append(["王芳", "w@uni.example", 20260001.0])
    sheet.append(["Ada", "ada@uni.example", date(2026, 1, 2)])
    sheet.append(["Ben", "ben@uni.example", "000777"])
    buffer = io.BytesIO()
    book.save(buffer)

    assert [(e["full_name"], e["external_id"]) for e in read_roster(buffer.getvalue()).entries] == [
        ("李明", "000123"),
        ("王芳", "20260001"),
        ("Ada", "2026-01-02"),
        ("Ben", "000777"),
    ]


def test_formulas_in_a_workbook_are_refused_unevaluated():
    content = xlsx(["Name", "Email"], ["=1+1", "ada@uni.example"], ["Ben", '=HYPERLINK("mailto:b@uni.example")'])

    assert errors(content) == {2: ["formula"], 3: ["formula"]}


def test_the_sheet_with_the_list_is_found():
    content = xlsx(["Read me"], List=[["Name", "Email"], ["Ada", "ada@uni.example"]])
    assert [entry["email"] for entry in read_roster(content).entries] == ["ada@uni.example"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"Name,Phone\nAda,1\n", "No header row"),
        (b"a@uni.example,Ada\nb@uni.example,Ben\n", "No header row"),
        (b"Email\nada@uni.example\n", "No column with names"),
        (b"Name,Email\n", "no people"),
        (b"Name,Email,E-mail\nAda,a@uni.example,b@uni.example\n", "Two columns"),
        (b'Name,Email\n"Ada,ada@uni.example\nBen,ben@uni.example\n', "line 2"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", ".xls"),
        (b"PK\x03\x04 broken", "damaged"),
        ("Name,Email\nJosé Peña Núñez,a@uni.example\n".encode("cp1252"), "cannot be read"),
        (b"Name,Email\n\x81\xff\xff", "cannot be read"),
        (b"\x00\x01\x02\x03Name,Email of a program with some text in it", "cannot be read"),
        (b"\xff\xfeN\x00a", "cannot be read"),
        (xlsx(["Phone"], ["1"]), "No sheet of this workbook (Sheet)"),
        (xlsx(["Name", "Email"], ["A", "a@x.example"], Two=[["Name", "Email"], ["B", "b@x.example"]]), "More than one sheet"),
    ],
)
def test_files_that_cannot_be_used_get_one_sentence(content, words):
    with pytest.raises(RosterUnreadable) as refusal:
        read_roster(content)

    assert words in str(refusal.value.text)
    assert "\n" not in str(refusal.value.text)


def test_limits_of_size_and_rows():
    with pytest.raises(RosterUnreadable, match="5 MB"):
        read_roster(b"Name,Email\n" + b"x" * 5 * 1024 * 1024)
    rows = "\n".join(f"P{n},p{n}@uni.example" for n in range(5_001))
    with pytest.raises(RosterUnreadable, match="5000 rows"):
        read_roster(f"Name,Email\n{rows}\n".encode())
    rows = rows.rsplit("\n", 1)[0]
    assert len(read_roster(f"Name,Email\n{rows}\n".encode()).entries) == 5_000


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def test_an_archive_that_is_no_workbook():
    with pytest.raises(RosterUnreadable, match="not an Excel workbook"):
        read_roster(archive(readme=b"hello"))


@pytest.mark.parametrize(
    "bomb",
    [
        archive(xl__workbook_xml=b"<x/>", xl__sharedStrings_xml=b" " * 40_000_000),
        archive(xl__workbook_xml=b"<x/>", **{f"member{n}": b"" for n in range(501)}),
        archive(xl__workbook_xml=b"<x/>", **{f"m{n}": bytes(900_000) for n in range(80)}),
    ],
)
def test_a_zip_bomb_is_measured_before_it_is_unpacked(bomb, monkeypatch):
    monkeypatch.setattr("openpyxl.load_workbook", pytest.fail)

    with pytest.raises(RosterUnreadable, match="unpacks into far too much"):
        read_roster(bomb)


def test_entities_in_a_workbook_are_refused():
    good = xlsx(["Name", "Email"], ["Ada", "ada@uni.example"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member == "xl/worksheets/sheet1.xml":
                bomb = b'<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
                content = bomb + content.split(b"?>")[-1].replace(b"Ada", b"&b;")
            new.writestr(member, content)

    with pytest.raises(RosterUnreadable, match="damaged"):
        read_roster(buffer.getvalue())


def test_a_sheet_that_lies_about_its_size_is_counted_as_it_comes():
    good = xlsx(["Name", "Email"], ["Ada", "ada@uni.example"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member == "xl/worksheets/sheet1.xml":
                assert b"A1:B2" in content
                content = content.replace(b"A1:B2", b"A1:XFD1048576").replace(b'<row r="2"', b'<row r="1048570"')
                content = content.replace(b'r="A2"', b'r="A1048570"').replace(b'r="B2"', b'r="B1048570"')
            new.writestr(member, content)

    with pytest.raises(RosterUnreadable, match="no people"):
        read_roster(buffer.getvalue())


def test_csv_text_is_not_cut_wrong_by_a_separator_in_a_quoted_cell():
    assert people(b'Name;Email;ID\n"Lovelace, Ada";ada@uni.example;1\n')[0][0] == "Lovelace, Ada"


def test_decode_keeps_rare_family_names_in_gb18030():
    text = "姓名,邮箱\n陶喆,t@uni.example\n李镕,l@uni.example\n"
    assert decode(text.encode("gb18030")) == text


def test_read_tables_keeps_cells_as_they_are():
    assert [line.cells for line in read_tables(b'a,b\n1,"ha ""ha"" ha"\n')[0].lines] == [["a", "b"], ["1", 'ha "ha" ha']]
