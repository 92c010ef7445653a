"""Files of items as other programs wrote them (INTEROP_FIXTURES): every file ends in a complete report, and what we
make of a question is what Moodle made of it. The files are not ours to ship, so they are read where they lie."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exams.actions.importing import import_items
from exams.errors import FileRefused
from exams.interchange.checking import check
from exams.interchange.formats import FORMATS, read_file
from exams.interchange.options import ImportOptions
from exams.interchange.record import CHANGED, KEPT, REFUSED, STIMULUS, Entry, quoted
from exams.models import Item, Stimulus
from tests.factories.bank import cleo
from tests.factories.exams import BankFactory, CompetenceFactory

PROJECT = Path(__file__).resolve().parents[2]
FIXTURES = Path(os.environ.get("INTEROP_FIXTURES") or PROJECT.parent / "shared" / "fixtures")
pytestmark = pytest.mark.skipif(not (FIXTURES / "gift").is_dir(), reason=f"no folder {FIXTURES}: set INTEROP_FIXTURES")

FILES = {
    "gift": sorted(FIXTURES.glob("gift/*.gift")),
    "aiken": sorted(FIXTURES.glob("aiken/*.txt")),
    "moodlexml": sorted(FIXTURES.glob("moodle_xml/*.xml")),
    "qti": sorted([*FIXTURES.glob("qti/**/*.xml"), *FIXTURES.glob("qti/**/*.zip")]),
}
EVERY = [pytest.param(format, file, id=f"{format}-{file.name}") for format, files in FILES.items() for file in files]
FOLDERS = {"gift": "gift", "aiken": "aiken", "moodle_xml": "moodlexml"}
# What Moodle calls what we keep; a description becomes a case.
TYPES = {
    "truefalse": "true_false", "shortanswer": "short_text", "numerical": "numeric", "match": "matching", "essay": "essay",
    "multianswer": "cloze", "ddwtos": "cloze", "calculatedsimple": "calculatedsimple", "description": "",
}  # fmt: skip


def moodle(folder: str) -> list[Any]:
    answers = json.loads((FIXTURES / folder / "moodle_import.json").read_text())["files"]
    return [pytest.param(folder, answer, id=answer["file"]) for answer in answers]


MOODLE = [case for folder in FOLDERS if (FIXTURES / folder).is_dir() for case in moodle(folder)]


@pytest.mark.django_db
@pytest.mark.parametrize(("format", "file"), EVERY)
def test_every_file_ends_in_a_complete_report(format: str, file: Path) -> None:
    bank = BankFactory()
    competence = CompetenceFactory(code="C01")
    chosen = ImportOptions(competence=competence.code, leave_out_refused=True)

    report = import_items(bank, file.read_bytes(), format=format, options=chosen, by=cleo())

    assert report.lines or report.notes
    for line in report.lines:
        assert line["status"] in (KEPT, CHANGED, REFUSED) and line["at"] and line["type"]
        assert (line["status"] == KEPT) == (not line["notes"])
    stored = Item.objects.filter(bank=bank).count() + Stimulus.objects.filter(bank=bank).count()
    assert stored == report.imported_count == len(report.lines) - report.count(REFUSED)


@pytest.mark.parametrize(("folder", "answer"), MOODLE)
def test_a_question_is_what_moodle_made_of_it(folder: str, answer: dict[str, Any]) -> None:
    entries = read_file(FOLDERS[folder], (FIXTURES / folder / answer["file"]).read_bytes(), "en").entries

    assert len(entries) == len(answer["questions"])
    for entry, question in zip(entries, answer["questions"], strict=True):
        _same_kind(entry, question)
        if not entry.refusal:
            _same_words(entry, question)
            _same_answers(entry, question)


def _same_kind(entry: Entry, question: dict[str, Any]) -> None:
    if question["type"] != "multichoice":
        assert entry.type == TYPES[question["type"]]
        assert (entry.kind == STIMULUS) == (question["type"] == "description")
        return
    full = sum(answer["fraction"] == 1 for answer in question["answers"])
    assert entry.type == ("single_choice" if question["single"] and full == 1 else "multiple_response")


def _same_words(entry: Entry, question: dict[str, Any]) -> None:
    if question["type"] in ("multianswer", "ddwtos") or question["format"] == 4:
        return  # gaps are spelt otherwise; of Markdown Moodle keeps the marks, we keep what they mean
    words = re.sub(r"\s+", " ", quoted(entry.content.wordings["en"].stem, 5000))
    assert words == re.sub(r"\s+", " ", quoted(question["text"].replace("<br>", " "), 5000))
    rationale = entry.content.wordings["en"].rationale
    assert bool(rationale) == bool(question["generalfeedback"])


def _same_answers(entry: Entry, question: dict[str, Any]) -> None:
    answers = question.get("answers", [])
    if question["type"] == "multichoice":
        assert [quoted(choice.texts["en"]) for choice in entry.content.choices] == [quoted(a["text"]) for a in answers]
        least = 0.99 if question["single"] else 0.001
        assert [choice.is_key for choice in entry.content.choices] == [answer["fraction"] >= least for answer in answers]
    elif question["type"] == "truefalse":
        assert [choice.is_key for choice in entry.content.choices] == [answer["fraction"] == 1 for answer in answers]
    elif question["type"] == "shortanswer":
        full = [answer["text"].replace("*", "") for answer in answers if answer["fraction"] == 1]
        assert entry.content.key == {"accepted": {"en": full}}
    elif question["type"] == "numerical":
        (full,) = [answer for answer in answers if answer["fraction"] == 1]
        assert Decimal(entry.content.key["value"]) == Decimal(full["text"])
        assert abs(Decimal(entry.content.key["tolerance"]) - Decimal(full["tolerance"])) < Decimal("1e-9")
    elif question["type"] == "match":
        lefts = [choice for choice in entry.content.choices if choice.group == "left"]
        rights = {choice.pair: choice.texts["en"] for choice in entry.content.choices if choice.group == "right"}
        pairs = [[quoted(left.texts["en"]), quoted(rights[left.pair])] for left in lefts]
        assert pairs == [[quoted(left), quoted(right)] for left, right in question["pairs"] if left]


INVENTORY = FIXTURES / "qti" / "inventory.json"
QTI_ITEMS = (
    [
        pytest.param(item, id=item["file"])
        for item in json.loads(INVENTORY.read_text())
        if item.get("version") == "2.1" and "!" not in item["file"]
    ]
    if INVENTORY.exists()
    else []
)


@pytest.mark.parametrize("item", QTI_ITEMS)
def test_a_qti_item_has_the_answers_that_it_declares(item: dict[str, Any]) -> None:
    (entry,) = read_file("qti", (FIXTURES / "qti" / item["file"]).read_bytes(), "en").entries

    assert entry.code == item["id"]
    if item["adaptive"] or item.get("templated"):
        assert entry.refusal
    if entry.refusal:
        return
    declared = [len(response.get("correct") or []) for response in item["responses"].values()]
    if entry.type in ("single_choice", "multiple_response") and all(declared):
        assert sum(choice.is_key for choice in entry.content.choices) == declared[0]
    if entry.type == "cloze":
        assert len(entry.content.key["gaps"]) == sum(item["interactions"].values())
    if item["rp"] in ("match_correct", "map_response") and "max" in item:
        assert entry.content.points == item["max"]


@pytest.mark.parametrize("format", sorted(FORMATS))
@pytest.mark.django_db
def test_what_other_programs_wrote_comes_back_from_every_format_of_ours(format: str) -> None:
    """All that is kept of every file, out and in again: the same contents, or a refusal by name on the way out."""
    CompetenceFactory(code="C01")
    bank = BankFactory()
    entries: list[Entry] = []
    for kind, files in FILES.items():
        for file in files:
            plan = check(read_file(kind, file.read_bytes(), "en"), bank, ImportOptions(competence="C01"))
            entries += [entry for entry in plan.entries if not entry.content.presentation.get("picture")]
    for number, entry in enumerate(entries):
        entry.code, entry.notes = f"Q-{number:04d}", []
    written = FORMATS[format].write(entries, {}, "bank", ("en", "zh-hans"))
    kept = [entry for entry in entries if not entry.refusal and (format != "aiken" or len(entry.notes) < 2)]

    again = read_file(format, written.data, "en")
    read = {entry.code: entry for entry in again.entries}
    if format == "aiken":
        assert [entry.refusal for entry in again.entries] == [""] * sum(not entry.refusal for entry in entries)
        return
    assert kept and [read[entry.code].refusal for entry in kept] == [""] * len(kept)
    assert [read[entry.code].content.cleaned() for entry in kept] == [entry.content.cleaned() for entry in kept]


def test_the_fixtures_have_files_of_every_format() -> None:
    assert all(FILES.values())
    with pytest.raises(FileRefused):
        read_file("moodlexml", FILES["gift"][0].read_bytes(), "en")
