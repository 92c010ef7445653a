"""Moodle's question types, each into the item type it is like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.content import Choice
from exams.interchange.choices import Picked, read_choices
from exams.interchange.cloze import read_embedded
from exams.interchange.parts import (
    accepted_texts,
    choices_by_structure,
    note_feedback,
    number_of,
    one_number,
    pairs_as_choices,
    true_false,
)
from exams.interchange.record import quoted
from exams.interchange.texts import line_of
from exams.interchange.xml import Element, local

if TYPE_CHECKING:
    from exams.interchange.moodle_reader import Question

_COMPUTED = gettext_lazy("It computes its numbers from a formula; formulas of files are never evaluated here.")
UNKNOWN: dict[str, Any] = {
    **dict.fromkeys(("calculated", "calculatedsimple", "calculatedmulti"), _COMPUTED),
    **dict.fromkeys(("random", "randomsamatch"), gettext_lazy("It draws other questions at random and holds none itself.")),
    **dict.fromkeys(("ddmarker", "ddimageortext"), gettext_lazy("Markers dragged onto a picture have no like here.")),
}


def _answers(question: Question) -> list[tuple[Element, Decimal]]:
    """Each <answer> with the percent of the points it earns; its feedback is named."""
    found = []
    for answer in question.children("answer"):
        percent = number_of(answer.get("fraction") or "0")
        feedback = next((child for child in answer if local(child) == "feedback"), None)
        if feedback is not None:
            note_feedback(question.entry, _text(feedback))
            for file in feedback:
                if local(file) == "file":
                    name = quoted(file.get("name", ""))
                    question.entry.note(_("Picture or media not kept: “%(name)s”.") % {"name": name})
        found.append((answer, Decimal(0) if percent is None else percent))
    return found


def _text(element: Element) -> str:
    from exams.interchange.moodle_reader import plain_text

    return plain_text(element)


def _inside(element: Element, name: str) -> str:
    child = next((child for child in element if local(child) == name), None)
    return _text(child) if child is not None else ""


def multichoice(question: Question) -> None:
    several = question.value("single").lower() in ("false", "0")
    default = "html"
    picked = [Picked(question.html(answer, line=True, default=default), percent) for answer, percent in _answers(question)]
    keep = question.value("shuffleanswers").lower() in ("0", "false")
    question.entry.content = replace(question.entry.content, keep_option_order=keep)
    numbering = question.value("answernumbering")
    if numbering not in ("", "abc", "none"):
        question.entry.note(_("How the options were numbered is not kept: %(how)s.") % {"how": quoted(numbering)})
    read_choices(question.entry, picked, question.language, several=several, stated=question.extras.get("type"))


def truefalse(question: Question) -> None:
    entry = question.entry
    entry.type = "true_false"
    right = [_text(answer).strip().lower() for answer, percent in _answers(question) if percent > 0]
    if right not in (["true"], ["false"]):
        entry.refuse(_("Neither or both of true and false are marked as right."))
        return
    choices = true_false(right == ["true"], question.language)
    words, keys = question.extras.get("words"), question.extras.get("keys")
    if (
        isinstance(words, list)
        and isinstance(keys, list)
        and len(words) == len(keys)
        and all(isinstance(w, str) for w in words)
    ):
        choices = tuple(
            Choice({question.language: word} if word else {}, key is True) for word, key in zip(words, keys, strict=True)
        )
    entry.content = replace(entry.content, choices=choices, keep_option_order=not question.extras)


def shortanswer(question: Question) -> None:
    entry = question.entry
    entry.type = "short_text"
    if question.value("usecase") == "1":
        entry.note(_("Upper and lower case counted in the file; here they never do."))
    answers = [(_text(answer), percent) for answer, percent in _answers(question)]
    if not isinstance(question.extras.get("key"), dict):
        entry.content = replace(entry.content, key={"accepted": {question.language: accepted_texts(entry, answers)}})


def numerical(question: Question) -> None:
    entry = question.entry
    entry.type = "numeric"
    read: list[tuple[Decimal, Decimal, Decimal]] = []
    for answer, percent in _answers(question):
        text = _text(answer)
        if text == "*":
            continue
        value, tolerance = number_of(text), number_of(_inside(answer, "tolerance") or "0")
        if value is None or tolerance is None or tolerance < 0:
            entry.refuse(_("This is no number with a tolerance: “%(text)s”.") % {"text": quoted(text)})
            return
        read.append((value, tolerance, percent))
    entry.content = replace(entry.content, key=one_number(entry, read))
    _units(question)


def _units(question: Question) -> None:
    units = [unit for group in question.children("units") for unit in group if local(unit) == "unit"]
    if not units:
        return
    wording = question.entry.content.wordings[question.language]
    first = next((unit for unit in units if number_of(_inside(unit, "multiplier") or "1") == 1), units[0])
    wording = replace(wording, unit=_inside(first, "unit_name")[:30])
    question.entry.content = replace(question.entry.content, wordings={question.language: wording})
    for unit in units:
        if unit is not first:
            question.entry.note(_("Another unit is not kept: “%(unit)s”.") % {"unit": quoted(_inside(unit, "unit_name"))})


def matching(question: Question) -> None:
    entry = question.entry
    entry.type = "matching"
    pairs = []
    for sub in question.children("subquestion"):
        answer = next((child for child in sub if local(child) == "answer"), None)
        right = _text(answer) if answer is not None else ""
        is_html = answer is not None and answer.get("format") == "html"
        pairs.append((question.html(sub, line=True), right if is_html else line_of(unescape(right))))
    structure = question.extras.get("structure")
    choices = choices_by_structure(pairs, structure, question.language) if structure else None
    rule = entry.content.scoring_rule if question.extras else "per_part"
    entry.content = replace(entry.content, choices=choices or pairs_as_choices(pairs, question.language), scoring_rule=rule)
    if question.value("shuffleanswers").lower() in ("0", "false") and not question.extras:
        entry.note(_("The right side kept its order in the file; here it is shuffled."))


def ordering(question: Question) -> None:
    entry = question.entry
    entry.type = "ordering"
    texts = [question.html(answer, line=True) for answer, _percent in _answers(question)]
    choices = tuple(Choice({question.language: text} if text else {}) for text in texts)
    grading = question.value("gradingtype").upper()
    rule = "all_or_nothing" if grading in ("ALL_OR_NOTHING", "-1") else "per_part"
    if grading not in ("", "ALL_OR_NOTHING", "-1", "ABSOLUTE_POSITION", "0"):
        entry.note(_("How parts of an order earn points is not kept: %(how)s.") % {"how": quoted(grading)})
    if question.value("selecttype").upper() not in ("", "ALL", "0"):
        entry.note(_("Moodle drew some of its parts; here all of them are shown."))
    entry.content = replace(entry.content, choices=choices, scoring_rule=rule)


def essay(question: Question) -> None:
    entry = question.entry
    uploads = question.value("responseformat") == "noinline" and question.value("attachments") not in ("", "0")
    entry.type = "file_upload" if uploads else "essay"
    presentation: dict[str, Any] = {"words": [_count(question.value("minwordlimit")), _count(question.value("maxwordlimit"))]}
    if uploads:
        accepts = [name for name in re.split(r"[\s,;]+", question.value("filetypeslist")) if re.fullmatch(r"\.\w{1,10}", name)]
        size = _count(question.value("maxbytes"))
        presentation = {"accepts": accepts or [".pdf"], "most_bytes": size or 10_000_000}
    elif question.value("attachments") not in ("", "0"):
        entry.note(_("Files beside the text are not kept: an item asks for one or the other."))
    for name in ("graderinfo", "responsetemplate"):
        text = question.value(name)
        if text and not question.extras:
            entry.note(_("Not kept: %(what)s.") % {"what": f"{name} “{quoted(text)}”"})
    entry.content = replace(entry.content, key={"rubric": []}, presentation=presentation)


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else None


def cloze(question: Question) -> None:
    read_embedded(question.entry, question.language, question.extras)


def words_into_gaps(question: Question) -> None:
    """ddwtos and gapselect: `[[2]]` in the text stands for the second word; the words of its group are offered."""
    entry = question.entry
    entry.type = "cloze"
    boxes = question.children("dragbox", "selectoption")
    texts = [line_of(_text(box)) if question.kind == "gapselect" else question.html(box, line=True) for box in boxes]
    groups = [_inside(box, "group") or "1" for box in boxes]
    wording = entry.content.wordings[question.language]
    wanted: list[int] = []

    def gap(found: re.Match[str]) -> str:
        wanted.append(int(found[1]))
        return f"[[g{len(wanted)}]]"

    stem = re.sub(r"\[\[(\d{1,4})\]\]", gap, wording.stem)
    if not wanted or any(not 0 < number <= len(boxes) for number in wanted):
        entry.refuse(_("A gap names a word that the question does not have."))
        return
    choices = tuple(
        Choice({question.language: text}, at + 1 == number, f"g{place}")
        for place, number in enumerate(wanted, 1)
        for at, text in enumerate(texts)
        if groups[at] == groups[number - 1]
    )
    key = {"gaps": {f"g{place}": {"kind": "choice"} for place in range(1, len(wanted) + 1)}}
    wordings = {question.language: replace(wording, stem=stem)}
    entry.content = replace(entry.content, wordings=wordings, choices=choices, key=key, scoring_rule="per_part")
    entry.note(_("Words dragged or chosen into gaps became a choice at every gap, which may use a word twice."))


KINDS: dict[str, Callable[[Question], None]] = {
    "multichoice": multichoice,
    "truefalse": truefalse,
    "shortanswer": shortanswer,
    "numerical": numerical,
    "matching": matching,
    "match": matching,
    "ordering": ordering,
    "essay": essay,
    "cloze": cloze,
    "multianswer": cloze,
    "ddwtos": words_into_gaps,
    "gapselect": words_into_gaps,
}
