"""The table: every type comes back the same, no cell is a formula, and a broken row is named."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.exports import DANGEROUS
from exams.errors import FileRefused
from exams.interchange.formats import FORMATS
from exams.interchange.record import KEPT, REFUSED, canonical
from tests.exams.interchange.records import LANGUAGES, PICTURE, TYPES, contents, entry_of

CSV = FORMATS["csv"]


@pytest.mark.parametrize("type", TYPES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_again(type, data):
    made = [entry_of(type, data.draw(contents(type)), f"Q-{n}") for n in range(2)]
    written = CSV.write(made, {PICTURE.sha256: PICTURE}, "bank", LANGUAGES)

    read = CSV.read(written.data, "en").entries

    assert [entry.line()["notes"] for entry in read] == [[], []]
    assert [(entry.code, entry.type, entry.place) for entry in read] == [
        (entry.code, entry.type, entry.place) for entry in made
    ]
    assert [canonical(entry.content) for entry in read] == [entry.content for entry in made]


@settings(max_examples=25, deadline=None)
@given(content=contents("short_text"))
def test_no_cell_is_a_formula(content):
    written = CSV.write([entry_of("short_text", content)], {}, "bank", LANGUAGES)

    for row in csv.reader(io.StringIO(written.data.decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell.lstrip(" ").startswith(DANGEROUS)]


HEADER = "type,code,stem,key,option_1,option_2,option_3\n"


def read(rows: str, header: str = HEADER):
    return CSV.read((header + rows).encode(), "en")


def test_a_table_somebody_typed():
    entries = read("single_choice,A,AT&T or <b>IBM</b>?,2,AT&T,IBM,\nnumeric,B,How cold?,,,,\n", HEADER).entries

    assert entries[0].content.wordings["en"].stem == "AT&T or <b>IBM</b>?"
    assert [(c.texts["en"], c.is_key) for c in entries[0].content.choices] == [("AT&amp;T", False), ("IBM", True)]
    assert (entries[0].status, entries[1].status) == (KEPT, REFUSED)
    assert (entries[1].at, entries[1].refusal) == ("line 3", "This is no number with a tolerance: “”.")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("single_choice,A,Q,9,a,b,", "The key names an option that is not there: “9”."),
        ('single_choice,A,"=HYPERLINK(""http://x"")",1,a,b,', "The cell “stem_en” is a formula"),
        ("single_choice,A,Q,1,+cmd|' /C calc'!A0,b,", "The cell “option_1_en” is a formula"),
        ("single_choice,A,Q,1,@SUM(1),b,", "The cell “option_1_en” is a formula"),
        ("matching,A,Q,L1,a,b,", "The key needs one mark for each option"),
        ("single_choice,A,Q,1,a,b,c,d,e", "The row has more cells"),
    ],
)
def test_a_row_that_cannot_be_kept_says_why(row, reason):
    (entry,) = read(row + "\n").entries
    assert entry.refusal.startswith(reason)


def test_signs_before_numbers_and_words_are_no_formulas():
    (entry,) = read("single_choice,A,Q,1,-5,+3 °C,- none\n").entries
    assert (entry.status, entry.content.choices[0].texts["en"]) == (KEPT, "-5")


@pytest.mark.parametrize(
    ("rows", "header", "reason"),
    [
        ('single_choice,A,"Q,1,a,b,\n' + "x\n" * 50, HEADER, "Line 2: the quotation marks of this row do not fit"),
        ("single_choice,A," + "x" * 9_900_000 + ",1,a,b,\n", HEADER, "Line 2: a cell has more than 131,072 characters."),
        ("a,b\n", "name,question\n", "The first row has to name the columns"),
        ("", "type,stem,stem_en\n", "Two columns have the same name: stem_en."),
        ("," * 1000 + "\n", HEADER, "Line 2: the row has more than 600 cells."),
    ],
)
def test_a_table_that_cannot_be_read_gets_a_sentence(rows, header, reason):
    with pytest.raises(FileRefused) as refusal:
        read(rows, header)
    assert str(refusal.value.text).startswith(reason)


def test_columns_we_do_not_know_are_named():
    assert read("single_choice,Q,hard\n", "type,stem,difficulty\n").notes == ["Column not kept: “difficulty”."]
