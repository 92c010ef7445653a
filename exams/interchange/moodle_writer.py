"""Writing Moodle XML: one question per language, each in a category of its own, pictures within."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from exams.content import Choice, Wording
from exams.interchange.choices import shares
from exams.interchange.cloze import write_embedded
from exams.interchange.extras import MARK, as_text, extras_of
from exams.interchange.parts import choices_as_pairs, natural_number, pairs_as_choices, structure_of, true_false
from exams.interchange.record import STIMULUS, Entry, canonical
from exams.interchange.texts import line_of, plain_of
from exams.interchange.xml import Element, writable

KINDS = {
    "single_choice": "multichoice",
    "multiple_response": "multichoice",
    "true_false": "truefalse",
    "short_text": "shortanswer",
    "numeric": "numerical",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "cloze",
    "essay": "essay",
    "file_upload": "essay",
}


class _Writer:
    """One <question>, in one language; `files` are the pictures its texts may name."""

    def __init__(self, entry: Entry, language: str, files: dict[str, bytes]) -> None:
        self.entry, self.language, self.files = entry, language, files
        self.content = entry.content
        self.wording = entry.content.wordings[language]
        self.question = etree.Element("question", type=KINDS.get(entry.type, "description"))

    def add(self, name: str, value: str = "", **attributes: str) -> Element:
        element = etree.SubElement(self.question, name, **attributes)
        element.text = writable(value)
        return element

    def text(self, parent: Element, name: str, value: str, **attributes: str) -> Element:
        """A field with a <text> in it, and the pictures that text names."""
        element = etree.SubElement(parent, name, **attributes)
        etree.SubElement(element, "text").text = writable(value)
        for file, data in self.files.items():
            if file in value:
                embedded = etree.SubElement(element, "file", name=file, path="/", encoding="base64")
                embedded.text = base64.b64encode(data).decode()
        return element

    def html(self, parent: Element, name: str, value: str, **attributes: str) -> Element:
        return self.text(parent, name, value, format="html", **attributes)

    def written(self) -> Element:
        more: dict[str, Any] = {}
        stem = self.wording.stem
        if self.entry.type == "cloze":
            stem, more = write_embedded(self.content, self.language)
        self.text(self.question, "name", self.entry.code)
        self.html(self.question, "questiontext", stem)
        self.html(self.question, "generalfeedback", self.wording.rationale)
        self.add("defaultgrade", str(self.content.points))
        self.add("penalty", "0")
        self.add("hidden", "0")
        self.add("idnumber", self.entry.code)
        if self.entry.kind != STIMULUS and self.entry.type != "cloze":
            more = getattr(self, f"_{self.entry.type}")()
        self.add(MARK, as_text(extras_of(self.entry, self.language, **more)))
        return self.question

    def _answer(self, text: str, fraction: str, *, html: bool) -> Element:
        attributes = {"fraction": fraction, "format": "html" if html else "moodle_auto_format"}
        return self.text(self.question, "answer", text, **attributes)

    def _single_choice(self) -> dict[str, Any]:
        return self._multichoice("true")

    def _multiple_response(self) -> dict[str, Any]:
        return self._multichoice("false")

    def _multichoice(self, single: str) -> dict[str, Any]:
        self.add("single", single)
        self.add("shuffleanswers", "0" if self.content.keep_option_order else "1")
        self.add("answernumbering", "abc")
        earns, costs = ("100", "0") if single == "true" else shares(self.content.choices)
        for choice in self.content.choices:
            self._answer(choice.texts.get(self.language, ""), earns if choice.is_key else costs, html=True)
        return {}

    def _true_false(self) -> dict[str, Any]:
        choices = canonical(self.content).choices
        is_true = bool(choices) and choices[0].is_key
        for word, right in (("true", is_true), ("false", not is_true)):
            self._answer(word, "100" if right else "0", html=False)
        natural = [(choice.texts[self.language], choice.is_key) for choice in true_false(is_true, self.language)]
        if [(choice.texts.get(self.language), choice.is_key) for choice in choices] == natural:
            return {}
        return {"words": [c.texts.get(self.language, "") for c in choices], "keys": [c.is_key for c in choices]}

    def _short_text(self) -> dict[str, Any]:
        accepted = self.content.key.get("accepted", {})
        self.add("usecase", "0")
        for text in accepted.get(self.language) or [text for texts in accepted.values() for text in texts]:
            self._answer(text.replace("*", "\\*"), "100", html=False)
        return {} if _is_natural(self.content.key, self.content.wordings) else {"key": self.content.key}

    def _numeric(self) -> dict[str, Any]:
        natural = natural_number(self.content.key)
        answer = self._answer((natural or {"value": "0"})["value"], "100", html=False)
        etree.SubElement(answer, "tolerance").text = (natural or {"tolerance": "0"})["tolerance"]
        if self.wording.unit:
            units = etree.SubElement(self.question, "units")
            unit = etree.SubElement(units, "unit")
            etree.SubElement(unit, "multiplier").text = "1"
            etree.SubElement(unit, "unit_name").text = writable(self.wording.unit)
        return {} if natural == self.content.key else {"key": self.content.key}

    def _matching(self) -> dict[str, Any]:
        self.add("shuffleanswers", "true")
        pairs = choices_as_pairs(self.content.choices, self.language)
        for left, right in pairs:
            plain = plain_of(right)
            is_plain = plain is not None and line_of(plain) == right
            sub = self.html(self.question, "subquestion", left)
            answer = self.text(sub, "answer", plain or "" if is_plain else right)
            if not is_plain:
                answer.set("format", "html")
        wanted = tuple(
            Choice(_only(choice, self.language), False, choice.group, choice.pair) for choice in self.content.choices
        )
        same = pairs_as_choices(pairs, self.language) == wanted
        return {} if same else {"structure": structure_of(self.content.choices)}

    def _ordering(self) -> dict[str, Any]:
        self.add("layouttype", "VERTICAL")
        self.add("selecttype", "ALL")
        per_part = self.content.scoring_rule == "per_part"
        self.add("gradingtype", "ABSOLUTE_POSITION" if per_part else "ALL_OR_NOTHING")
        for number, choice in enumerate(self.content.choices, 1):
            self._answer(choice.texts.get(self.language, ""), str(number), html=True)
        return {}

    def _essay(self) -> dict[str, Any]:
        least, most = (self.content.presentation.get("words") or [None, None])[:2]
        for name, value in (("responseformat", "editor"), ("minwordlimit", least), ("maxwordlimit", most), ("attachments", 0)):
            self.add(name, "" if value is None else str(value))
        return {"key": self.content.key}

    def _file_upload(self) -> dict[str, Any]:
        shown = self.content.presentation
        fields = {
            "responseformat": "noinline",
            "attachments": "1",
            "attachmentsrequired": "1",
            "maxbytes": str(shown.get("most_bytes", 0)),
            "filetypeslist": ",".join(shown.get("accepts", [])),
        }
        for name, value in fields.items():
            self.add(name, value)
        return {"key": self.content.key}


def _only(choice: Choice, language: str) -> dict[str, str]:
    return {language: choice.texts[language]} if choice.texts.get(language) else {}


def _is_natural(key: dict[str, Any], wordings: dict[str, Wording]) -> bool:
    """Will the accepted answers of each language be read again from that language's question alone?"""
    accepted = key.get("accepted", {})
    return (
        set(key) == {"accepted"}
        and set(accepted) == set(wordings)
        and all(
            texts and len(set(texts)) == len(texts) and all(text and text == text.strip() for text in texts)
            for texts in accepted.values()
        )
    )


def write_moodle(entries: Sequence[Entry], files: dict[str, bytes], bank: str, languages: Sequence[str]) -> bytes:
    quiz = etree.Element("quiz")
    for language in languages:
        category = etree.SubElement(quiz, "question", type="category")
        name = etree.SubElement(category, "category")
        etree.SubElement(name, "text").text = f"$course$/top/{MARK}/{bank}/{language}"
        for entry in entries:
            if entry.type not in KINDS and entry.kind != STIMULUS:
                entry.refuse(_("Moodle XML has no questions of this type."))
            elif language in entry.content.wordings and not entry.refusal:
                _append(quiz, entry, language, files)
    return bytes(etree.tostring(quiz, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _append(quiz: Element, entry: Entry, language: str, files: dict[str, bytes]) -> None:
    try:
        quiz.append(_Writer(replace(entry), language, files).written())
    except LookupError:
        entry.refuse(_("A gap has no place in the words, or no answer in one of its languages."))
