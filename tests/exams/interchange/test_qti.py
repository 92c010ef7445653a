"""QTI 2.2 and 3.0: round trips of every type with pictures, other programs' items, and hostile packages."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.content import VersionContent, Wording
from exams.errors import FileRefused
from exams.interchange.formats import FORMATS, packed
from exams.interchange.qti.package import read_qti
from exams.interchange.record import KEPT, REFUSED, STIMULUS, Entry, canonical
from tests.exams.interchange.records import LANGUAGES, PICTURE, TYPES, contents, entry_of

PICTURES = {PICTURE.sha256: PICTURE}


@pytest.mark.parametrize("version", ["qti", "qti3"])
@pytest.mark.parametrize("type", TYPES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_again(type, version, data):
    made = [entry_of(type, canonical(data.draw(contents(type)).cleaned()), f"1-Q {n}") for n in range(2)]
    written = FORMATS[version].write(made, PICTURES, "bank", LANGUAGES)
    assert [entry.refusal for entry in made] == ["", ""]

    reading = FORMATS[version].read(written.data, "en")

    assert (reading.notes, [entry.line()["notes"] for entry in reading.entries]) == ([], [[], []])
    assert [(e.code, e.type, e.place) for e in reading.entries] == [(e.code, e.type, e.place) for e in made]
    assert [canonical(entry.content.cleaned()) for entry in reading.entries] == [entry.content for entry in made]


@pytest.mark.parametrize("version", ["qti", "qti3"])
def test_pictures_and_stimuli_travel_in_the_package(version):
    stem = f'<p>A <u>case</u>: <img alt="A map" src="picture:{PICTURE.sha256}"></p>'
    case = Entry(
        "", kind=STIMULUS, code="CASE", content=VersionContent({"en": Wording(stem), "zh-hans": Wording("<p>案例</p>")})
    )
    written = FORMATS[version].write([case], PICTURES, "bank", LANGUAGES)

    reading = FORMATS[version].read(written.data, "en")

    (read,) = reading.entries
    assert (read.kind, read.code, read.status) == (STIMULUS, "CASE", KEPT)
    assert read.content.wordings[
        "en"
    ].stem == f'<p>A <u>case</u>: <img src="picture:{PICTURE.sha256}" alt="A map"></p>'.replace(
        f'src="picture:{PICTURE.sha256}" alt="A map"', f'alt="A map" src="picture:{PICTURE.sha256}"'
    )
    assert reading.pictures[PICTURE.sha256].data == PICTURE.data


def item(body: str, declarations: str = "", attributes: str = "", after: str = "") -> Entry:
    xml = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q1" title="T" adaptive="false" '
        f'timeDependent="false" {attributes}>{declarations}<itemBody>{body}</itemBody>{after}</assessmentItem>'
    )
    (entry,) = read_qti(xml.encode(), "en").entries
    return entry


def declared(values: str, cardinality: str = "single", base: str = "identifier", more: str = "", name: str = "RESPONSE") -> str:
    inside = "".join(f"<value>{value}</value>" for value in values.split("|"))
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{inside}</correctResponse>{more}</responseDeclaration>"
    )


CHOICE = (
    '<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="{}"><prompt>Which?</prompt>'
    '<simpleChoice identifier="A">a<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">no</feedbackInline>'
    '</simpleChoice><simpleChoice identifier="B">b</simpleChoice><simpleChoice identifier="C">c</simpleChoice>'
    "</choiceInteraction>"
)


def test_a_choice_with_a_prompt_and_feedback():
    entry = item(f"<div>Look.</div>{CHOICE.format(1)}", declared("B"))

    assert entry.content.wordings["en"].stem == "<p>Look.</p><p>Which?</p>"
    assert [(c.texts["en"], c.is_key) for c in entry.content.choices] == [("a", False), ("b", True), ("c", False)]
    assert entry.notes == ["Feedback on an answer is not kept: “no”."]


def test_a_mapping_is_brought_to_partial_credit():
    entries = '<mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="2"/>'
    mapping = f'<mapping upperBound="4" defaultValue="0">{entries}</mapping>'
    entry = item(CHOICE.format(0), declared("A|B", "multiple", more=mapping))

    assert (entry.type, entry.content.scoring_rule, entry.content.points) == ("multiple_response", "partial_credit", 4)
    assert "A wrong tick costs something else in the file; here it costs as much as a right tick earns." in entry.notes


def test_a_number_with_a_tolerance_and_a_text_within_words():
    near = (
        '<responseProcessing><responseCondition><responseIf><equal toleranceMode="relative" tolerance="10 10">'
        '<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal></responseIf></responseCondition>'
        "</responseProcessing>"
    )
    entry = item('<p>Pi is <textEntryInteraction responseIdentifier="RESPONSE"/>.</p>', declared("3", base="float"), after=near)

    assert (entry.type, entry.content.key) == ("numeric", {"value": "3", "tolerance": "0.3"})
    assert entry.content.wordings["en"].stem == "<p>Pi is _____.</p>"


def test_several_entries_are_a_cloze():
    body = (
        '<p><textEntryInteraction responseIdentifier="R1"/> and <inlineChoiceInteraction responseIdentifier="R2">'
        '<inlineChoice identifier="X">x</inlineChoice><inlineChoice identifier="Y">y</inlineChoice>'
        "</inlineChoiceInteraction></p>"
    )
    entry = item(body, declared("one", base="string", name="R1") + declared("Y", name="R2"))

    assert entry.content.wordings["en"].stem == "<p>[[g1]] and [[g2]]</p>"
    assert entry.content.key == {"gaps": {"g1": {"kind": "text", "accepted": {"en": ["one"]}}, "g2": {"kind": "choice"}}}
    assert [(c.texts["en"], c.is_key, c.group) for c in entry.content.choices] == [("x", False, "g2"), ("y", True, "g2")]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (
            lambda: item(CHOICE.format(1), declared("B"), 'x="1"').__class__ and item(CHOICE.format(1)),
            "It declares no right answer",
        ),
        (lambda: item(CHOICE.format(1) * 2, declared("B")), "It asks several questions in one"),
        (
            lambda: item('<drawingInteraction responseIdentifier="RESPONSE"/>'),
            "An interaction of the kind “drawingInteraction”",
        ),
        (lambda: item(CHOICE.format(1), '<templateDeclaration identifier="X"/>' + declared("B")), "It works out its values"),
    ],
)
def test_what_has_no_like_is_refused(entry, reason):
    refused = entry()
    assert refused.status == REFUSED
    assert refused.refusal.startswith(reason)


def test_adaptive_items_tests_and_old_versions_are_refused_in_words():
    adaptive = b'<assessmentItem identifier="a" adaptive="true"><itemBody/></assessmentItem>'
    test = b'<assessmentTest identifier="t"><testPart><assessmentItemRef href="a.xml"/></testPart></assessmentTest>'
    reasons = [read_qti(data, "en").entries[0].refusal for data in (adaptive, test, b"<questestinterop/>")]

    assert reasons[0].startswith("It is adaptive")
    assert reasons[1].startswith("This file is a test: it names 1 items")
    assert reasons[2].startswith("This is QTI 1.2.")


def zipped(members: dict[str, bytes], **attributes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in attributes.items():
                setattr(info, key, value)
            out.writestr(info, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped({"../../etc/x.xml": b"<a/>"}), "The package names a place outside itself"),
        (zipped({"/etc/x.xml": b"<a/>"}), "The package names a place outside itself"),
        (zipped({"C:\\x.xml": b"<a/>"}), "The package names a place outside itself"),
        (zipped({"link.xml": b"/etc/passwd"}, external_attr=0o120777 << 16), "The package holds a link"),
        (zipped({"bomb.xml": b" " * 15_000_000}), "A file of the package is too large, or packed too tightly"),
        (zipped({f"{n}.xml": b"" for n in range(2001)}), "The package has 2001 files"),
        (zipped({"imsmanifest.xml": b"<!DOCTYPE m []><manifest/>"}), "imsmanifest.xml: The XML declares a document type"),
        (zipped({"a.xml": b"<assessmentItem"}), "a.xml: Line 1: this is no well-formed XML"),
        (packed({"a.xml": b"<a/>"})[:-30], "The package is damaged"),
    ],
)
def test_hostile_packages_are_refused_in_words(data, reason):
    with pytest.raises(FileRefused) as refusal:
        read_qti(data, "en")
    assert str(refusal.value.text).startswith(reason)


def test_what_a_package_holds_beside_its_items_is_named():
    body = f"<itemBody>{CHOICE.format(1)}</itemBody>"
    item_xml = f'<assessmentItem identifier="a">{declared("B")}{body}</assessmentItem>'
    manifest = (
        '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="a.xml"><metadata><lom>Easy</lom></metadata></resource>'
        '<resource type="imsqti_item_xmlv2p1" href="gone.xml"/></resources></manifest>'
    )
    reading = read_qti(packed({"imsmanifest.xml": manifest.encode(), "a.xml": item_xml.encode(), "film.mp4": b"x"}), "en")

    assert sorted(reading.notes) == [
        "A file of the package is not kept: “film.mp4”.",
        "Metadata of “a.xml” not kept: Easy",
        "The manifest lists a file that the package does not hold: “gone.xml”.",
    ]
