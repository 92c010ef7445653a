"""Moodle XML: round trips, pictures within, Moodle's own habits, and what has no like here."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.content import VersionContent, Wording
from exams.errors import FileRefused
from exams.interchange.formats import FORMATS
from exams.interchange.moodle_reader import read_moodle
from exams.interchange.moodle_writer import KINDS, write_moodle
from exams.interchange.record import REFUSED, Entry, PictureFile, canonical
from tests.exams.interchange.records import LANGUAGES, contents, entry_of


@pytest.mark.parametrize("type", sorted(KINDS))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_again(type, data):
    made = [entry_of(type, data.draw(contents(type)), f"Q-{n}") for n in range(2)]
    text = write_moodle(made, {}, "bank", LANGUAGES)

    read = {entry.code: entry for entry in read_moodle(text, "en").entries}

    assert [read[entry.code].line()["notes"] for entry in made] == [[], []]
    assert [(read[entry.code].type, read[entry.code].place) for entry in made] == [(entry.type, entry.place) for entry in made]
    assert [canonical(read[entry.code].content) for entry in made] == [entry.content for entry in made]


def test_pictures_travel_within_the_question():
    picture = PictureFile("map.png", b"\x89PNG not really")
    stem = f'<p>Where? <img src="picture:{picture.sha256}" alt="A map"></p>'
    entry = entry_of("essay", VersionContent({"en": Wording(stem)}, key={"rubric": []}, presentation={"words": [None, None]}))
    written = FORMATS["moodlexml"].write([entry], {picture.sha256: picture}, "bank", LANGUAGES)

    reading = FORMATS["moodlexml"].read(written.data, "en")

    assert reading.entries[0].content == entry.content
    assert reading.pictures[picture.sha256].data == picture.data
    assert b"@@PLUGINFILE@@" in written.data and b"picture:" not in written.data


def question(type: str, inside: str, text: str = "<p>Q</p>") -> Entry:
    stem = f"<questiontext format='html'><text><![CDATA[{text}]]></text></questiontext>"
    xml = f"<quiz><question type='{type}'>{stem}{inside}</question></quiz>"
    (entry,) = read_moodle(xml.encode(), "en").entries
    return entry


def answer(text: str, fraction: str, more: str = "") -> str:
    return f"<answer fraction='{fraction}'><text>{text}</text>{more}</answer>"


def test_everything_a_question_says_beside_its_answers_is_named():
    entry = question(
        "multichoice",
        "<name><text>Name</text></name><defaultgrade>1.9</defaultgrade><penalty>0.25</penalty><hidden>1</hidden>"
        "<single>true</single><answernumbering>iii</answernumbering><hint><text>Think</text></hint>"
        "<correctfeedback><text>Bravo</text></correctfeedback><tags><tag><text>hard</text></tag></tags>"
        + answer("a", "100", "<feedback><text>Yes</text></feedback>")
        + answer("b", "50")
        + answer("c", "0"),
    )

    assert entry.content.points == 2
    assert sorted(entry.notes) == sorted(
        [
            "Tag not kept: “hard”.",
            "Hint not kept: “Think”.",
            "The deduction for another try is not kept: 0.25.",
            "The question was hidden in Moodle; here it is a draft like any other.",
            "Feedback on an answer is not kept: “Bravo”.",
            "1.9 points became 2: points are whole numbers.",
            "Feedback on an answer is not kept: “Yes”.",
            "How the options were numbered is not kept: iii.",
            "A share of the points for one answer is not kept: 50 % for “b”.",
        ]
    )


def test_embedded_answers_become_gaps():
    entry = question("cloze", "", "<p>{1:SHORTANSWER:=Paris#yes~%50%paris} has {2:NM:=2.1:0.1} and {:MCV:~a~=b\\~c}</p>")

    assert entry.content.wordings["en"].stem == "<p>[[g1]] has [[g2]] and [[g3]]</p>"
    assert entry.content.key["gaps"] == {
        "g1": {"kind": "text", "accepted": {"en": ["Paris"]}},
        "g2": {"kind": "number", "value": "2.1", "tolerance": "0.1"},
        "g3": {"kind": "choice"},
    }
    assert [(c.texts["en"], c.is_key, c.group) for c in entry.content.choices] == [("a", False, "g3"), ("b~c", True, "g3")]
    assert "Gaps weigh differently in the file; here they weigh the same." in entry.notes


@pytest.mark.parametrize(
    ("type", "reason"),
    [
        ("calculated", "It computes its numbers from a formula"),
        ("random", "It draws other questions at random"),
        ("ddmarker", "Markers dragged onto a picture"),
        ("coderunner", "Questions of Moodle's type “coderunner” have no like here."),
    ],
)
def test_types_without_a_like_are_refused(type, reason):
    entry = question(type, "")

    assert entry.status == REFUSED
    assert entry.refusal.startswith(reason)


BOMB = (
    '<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {name} "{"&" + before + ";"}{"&" + before + ";"}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><quiz><question type='&i;'/></quiz>"
)


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (BOMB, "The XML declares a document type or entities"),
        ('<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "The XML declares a document type"),
        (
            "<?xml version='1.0'?><!-- c --><!DOCTYPE quiz SYSTEM 'http://x.example/x.dtd'><quiz/>",
            "The XML declares a document",
        ),
        ("<quiz>&nbsp;</quiz>", "Line 1: this is no well-formed XML"),
        ("<quiz><question></quiz>", "Line 1: this is no well-formed XML"),
        ("<a>" * 20_000 + "</a>" * 20_000, "The XML nests elements within elements too deep."),
        ("<quiz>" + "<q/>" * 700_000 + "</quiz>", "The XML has more than 600,000 elements."),
        ("<assessmentItem/>", "This is no Moodle XML"),
        (
            "<quiz><question type='essay'><questiontext><text>" + "x" * 11_000_000 + "</text></questiontext></question></quiz>",
            "Line",
        ),
    ],
)
def test_hostile_xml_is_refused_in_words(xml, reason):
    with pytest.raises(FileRefused) as refusal:
        read_moodle(xml.encode(), "en")
    assert reason in str(refusal.value.text)


def test_a_doctype_in_utf_16_is_seen_too():
    with pytest.raises(FileRefused):
        read_moodle(
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>'.encode("utf-16"), "en"
        )


def test_a_brace_that_would_be_a_gap_is_refused_by_name():
    gap = {"gaps": {"g1": {"kind": "number", "value": "1", "tolerance": "0"}}}
    entry = entry_of("cloze", VersionContent({"en": Wording("<p>{1:MC:=a} [[g1]]</p>")}, key=gap))

    write_moodle([entry], {}, "bank", LANGUAGES)

    assert entry.status == REFUSED
