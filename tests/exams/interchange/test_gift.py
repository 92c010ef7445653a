"""GIFT: what comes out is what went in, what cannot be kept has a name, and Moodle's reading is ours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.interchange.gift_reader import read_gift
from exams.interchange.gift_writer import TYPES, write_gift
from exams.interchange.record import CHANGED, KEPT, REFUSED, canonical
from tests.exams.interchange.records import LANGUAGES, contents, entry_of


def only(text: str):
    (entry,) = read_gift(text, "en").entries
    return entry


@pytest.mark.parametrize("type", sorted(TYPES))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_again(type, data):
    made = [entry_of(type, data.draw(contents(type)), f"Q-{n}]") for n in range(2)]

    text = write_gift(made, "bank", LANGUAGES)
    read = read_gift(text, "en").entries

    assert [entry.line()["notes"] for entry in read] == [[], []]
    assert sorted((entry.code, entry.type, entry.place) for entry in read) == sorted(
        (entry.code, entry.type, entry.place) for entry in made
    )
    by_code = {entry.code: canonical(entry.content) for entry in read}
    assert [by_code[entry.code] for entry in made] == [entry.content for entry in made]


def test_a_type_gift_does_not_have_is_refused_by_name():
    entry = entry_of("ordering", canonical(entry_of("ordering", _any("ordering")).content))

    write_gift([entry], "bank", LANGUAGES)

    assert (entry.status, entry.refusal) == (REFUSED, "GIFT has no questions of this type.")


def _any(type: str):
    from exams.content import Choice, VersionContent, Wording

    return VersionContent({"en": Wording("<p>x</p>")}, (Choice({"en": "a"}), Choice({"en": "b"})))


def test_escapes_formats_and_the_gap_in_the_middle():
    entry = only("::T\\:1:: [html]<p>a \\= b</p>\\nnext {=x\\~y#no ~z} end.")

    assert entry.title == "T:1"
    assert entry.content.wordings["en"].stem == "<p>a = b</p>\nnext _____ end."
    assert [(choice.texts["en"], choice.is_key) for choice in entry.content.choices] == [("x~y", True), ("z", False)]
    assert (entry.status, entry.notes) == (CHANGED, ["Feedback on an answer is not kept: “no”."])


def test_general_feedback_is_the_rationale():
    entry = only("Q {=a ~b ####because}")

    assert entry.content.wordings["en"].rationale == "<p>because</p>"
    assert entry.status == KEPT


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Q {=a ~b", "An answer needs both braces"),
        ("Q {=a ~b} and {=c ~d}", "A second pair of braces"),
        ("Q {~a ~b}", "No option is marked as the right one."),
        ("Q {#one}", "This is no number with a tolerance: “one”."),
        ("Q {#1,5}", "This is no number with a tolerance: “1,5”."),
        ("Q {#=-7 =4}", "Several numbers are right"),
        ("Q {=a -> b =c}", "Every pair is written"),
        ("Q {loose words =a}", "Every answer begins with = or ~"),
    ],
)
def test_what_cannot_be_kept_says_why(text, reason):
    entry = only(f"Before.{{T}}\n\n{text}\n".split("\n\n")[1])

    assert entry.status == REFUSED
    assert entry.refusal.startswith(reason)


def test_places_are_lines_of_the_file():
    text = "// a comment\n\n$CATEGORY: x/y\n\nOne{T}\n\n\n// [id:second] [tags:hard]\nTwo{F}\n"
    reading = read_gift(text, "en")

    assert [(entry.at, entry.code, entry.notes) for entry in reading.entries] == [
        ("line 5", "", []),
        ("line 9", "second", ["Tag not kept: “hard”."]),
    ]
    assert reading.notes == ["Category not kept: “x/y”."]


def test_a_code_twice_in_one_language_is_refused():
    text = '// [id:A]\n// touchstone: {"language":"en"}\nOne{T}\n\n// [id:A]\n// touchstone: {"language":"en"}\nTwo{T}\n'

    assert [entry.status for entry in read_gift(text, "en").entries] == [KEPT, REFUSED]


def test_languages_that_differ_in_more_than_words_are_refused():
    text = (
        '// [id:A]\n// touchstone: {"language":"en"}\nOne{=a ~b}\n\n'
        '// [id:A]\n// touchstone: {"language":"zh-hans"}\nTwo{~a =b}\n'
    )
    (entry,) = read_gift(text, "en").entries

    assert entry.refusal.startswith("Its languages differ in more than words")


def test_a_forged_line_of_ours_is_checked_not_obeyed():
    text = '// touchstone: {"rule":"free","points":-5,"minutes":"NaN","area":"x","presentation":[]}\nOne{=a ~b}\n'
    entry = only(text)

    assert (entry.content.points, str(entry.content.minutes), entry.place.area) == (1, "1.0", None)
    assert entry.notes == ["There is no scoring rule “free”."]
