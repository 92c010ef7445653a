"""Reading Moodle XML (docs.moodle.org/405/en/Moodle_XML_format, question/format/xml/format.php)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from exams.content import VersionContent, Wording
from exams.errors import FileRefused
from exams.interchange import moodle_types
from exams.interchange.extras import MARK, apply_extras, read_extras
from exams.interchange.gift_text import html_of
from exams.interchange.languages import merge_languages
from exams.interchange.limits import check_count, check_length, check_size
from exams.interchange.parts import number_of, plain_number
from exams.interchange.pictures import PLUGIN_FILE, SUFFIXES, rename_sources
from exams.interchange.record import STIMULUS, Entry, Reading, quoted
from exams.interchange.xml import Element, local, parse

FORMATS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
# Moodle writes these of itself; they say nothing of the author's.
DEFAULT_PENALTIES = {"", "0", "0.1", "0.3333333", "0.33", "0.3333", "1"}
STANDARD_FEEDBACK = {
    "", "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.",
    "回答正确。", "部分正确。", "回答不正确。",
}  # fmt: skip


class Question:
    """One <question> with the texts in it, and the entry it becomes."""

    def __init__(self, element: Element, entry: Entry, reading: Reading, language: str, extras: dict[str, Any]) -> None:
        self.element, self.entry, self.reading = element, entry, reading
        self.language, self.extras = language, extras
        self.kind = element.get("type", "")

    def child(self, name: str) -> Element | None:
        return next((child for child in self.element if local(child) == name), None)

    def children(self, *names: str) -> list[Element]:
        return [child for child in self.element if local(child) in names]

    def value(self, name: str) -> str:
        """The plain value of a field, whether it stands in it or in a <text> of it."""
        child = self.child(name)
        return plain_text(child) if child is not None else ""

    def html(self, element: Element | None, *, line: bool = False, default: str = "html") -> str:
        """The HTML of a field; its files become pictures, or notes."""
        if element is None:
            return ""
        markup = FORMATS.get(element.get("format") or "", default)
        raw = plain_text(element)
        check_length(raw, self.entry.at)
        text = raw if markup == "html" else html_of(raw, markup, line=line)
        return rename_sources(text, self._pictures(element).get)

    def _pictures(self, element: Element) -> dict[str, str]:
        named: dict[str, str] = {}
        for file in element:
            if local(file) != "file":
                continue
            name = file.get("name", "")
            data = _decoded(file.text or "") if file.get("encoding", "base64") == "base64" else None
            if data is None or not name.lower().endswith(SUFFIXES):
                self.entry.note(_("Picture or media not kept: “%(name)s”.") % {"name": quoted(name)})
                continue
            digest = f"picture:{self.reading.add_picture(name, data)}"
            named[PLUGIN_FILE + name] = named[PLUGIN_FILE + name.replace(" ", "%20")] = digest
        return named


def plain_text(element: Element) -> str:
    inside = next((child for child in element if local(child) == "text"), None)
    return ((element if inside is None else inside).text or "").strip()


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def read_moodle(data: bytes, language: str) -> Reading:
    check_size(data)
    root = parse(data)
    if local(root) != "quiz":
        raise FileRefused(_("This is no Moodle XML: it begins with <%(name)s>, not with <quiz>.") % {"name": local(root)[:40]})
    reading = Reading()
    entries: list[Entry] = []
    for element in root:
        if local(element) != "question":
            if local(element):
                reading.note(_("Not kept: %(what)s.") % {"what": f"<{local(element)}>"})
            continue
        if element.get("type") == "category":
            _category(element, reading)
            continue
        entries.append(_read(element, len(entries) + 1, language, reading))
        check_count(len(entries))
        element.clear()
    reading.entries = merge_languages(entries)
    return reading


def _category(element: Element, reading: Reading) -> None:
    question = Question(element, Entry(""), reading, "en", {})
    name = question.value("category")
    if f"/{MARK}/" not in name:
        reading.note(_("Category not kept: “%(category)s”.") % {"category": quoted(name)})
        info = question.value("info")
        if info:
            reading.note(_("Description of a category not kept: “%(text)s”.") % {"text": quoted(info)})


def _read(element: Element, number: int, language: str, reading: Reading) -> Entry:
    entry = Entry(_("question %(number)s (line %(line)s)") % {"number": number, "line": element.sourceline})
    own = next((child for child in element if local(child) == MARK), None)
    extras = read_extras(own.text or "") if own is not None else {}
    stated = extras.get("language")
    entry.language = stated if isinstance(stated, str) else ""
    question = Question(element, entry, reading, entry.language or language, extras)
    entry.title, entry.code = unescape(question.value("name")), question.value("idnumber")
    entry.content = VersionContent(
        {
            question.language: Wording(
                question.html(question.child("questiontext")), question.html(question.child("generalfeedback"))
            )
        }
    )
    _common(question)
    if question.kind == "description":
        entry.kind = STIMULUS
        if not entry.language:
            entry.note(_("Words without a question become a stimulus, which no item uses yet."))
    else:
        read: Callable[[Question], None] | None = moodle_types.KINDS.get(question.kind)
        if read is None:
            entry.type = question.kind[:40]
            entry.refuse(
                moodle_types.UNKNOWN.get(question.kind, _("Questions of Moodle's type “%(type)s” have no like here."))
                % {"type": question.kind[:40]}
            )
        else:
            read(question)
    if extras and not entry.refusal:
        apply_extras(entry, extras)
    return entry


def _common(question: Question) -> None:
    """What every type of question has in Moodle."""
    entry = question.entry
    for tags in question.children("tags", "coursetags"):
        for tag in tags:
            entry.note(_("Tag not kept: “%(tag)s”.") % {"tag": quoted(plain_text(tag))})
    for hint in question.children("hint"):
        entry.note(_("Hint not kept: “%(text)s”.") % {"text": quoted(plain_text(hint))})
    penalty = (
        question.value("penalty").rstrip("0").rstrip(".") if "." in question.value("penalty") else question.value("penalty")
    )
    if penalty not in DEFAULT_PENALTIES:
        entry.note(_("The deduction for another try is not kept: %(penalty)s.") % {"penalty": penalty[:20]})
    if question.value("hidden") == "1":
        entry.note(_("The question was hidden in Moodle; here it is a draft like any other."))
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        field = question.child(name)
        if field is not None and quoted(plain_text(field)) not in STANDARD_FEEDBACK:
            entry.note(_("Feedback on an answer is not kept: “%(text)s”.") % {"text": quoted(plain_text(field))})
    _points(question)


def _points(question: Question) -> None:
    grade = number_of(question.value("defaultgrade") or "1")
    if grade is None or question.kind == "description":
        return
    points = max(int(grade.to_integral_value(ROUND_HALF_UP)), 1)
    if Decimal(points) != grade:
        question.entry.note(
            _("%(grade)s points became %(points)s: points are whole numbers.")
            % {"grade": plain_number(grade), "points": points}
        )
    question.entry.content = replace(question.entry.content, points=points)
