"""Aiken: single choice in plain text. A question, its options as `A. …` or `A) …`, and `ANSWER: A`.

The format knows neither codes nor languages: several languages are several files, in which the same place is the same
item. Source: docs.moodle.org/405/en/Aiken_format and question/format/aiken/format.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from exams.content import VersionContent, Wording
from exams.errors import FileRefused
from exams.interchange.choices import Picked, read_choices
from exams.interchange.languages import merge_languages
from exams.interchange.limits import MOST_CHARACTERS, check_count, check_length, lines_of
from exams.interchange.record import Entry, Reading, canonical
from exams.interchange.texts import block_of, line_of, plain_of, stripped_of

_OPTION = re.compile(r"([A-Z])[.)](?:\s+|$|(?=\S))(.*)")
MOST_OPTIONS = 26
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.IGNORECASE)


@dataclass
class _Question:
    line: int
    text: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: str | None = None
    size: int = 0


def read_aiken(texts: dict[str, str]) -> Reading:
    """`texts` has a file per language; with several, questions in the same place are one item."""
    entries: list[Entry] = []
    for language, text in texts.items():
        for number, question in enumerate(_questions(text), 1):
            entry = _read(question, language)
            if len(texts) > 1:
                entry.code, entry.language = f"#{number}", language
                entry.at = f"{language} {entry.at}"
            entries.append(entry)
            check_count(number)
    merged = merge_languages(entries) if len(texts) > 1 else entries
    for entry in merged:
        if len(texts) > 1 and len(entry.content.wordings) < len(texts):
            entry.note(_("This item stands in one language only."))
        entry.code, entry.language = "", ""
    return Reading(entries=merged)


def _questions(text: str) -> Iterator[_Question]:
    question: _Question | None = None
    for number, raw in enumerate(lines_of(text), 1):
        line = raw.strip()
        if not line:
            continue
        check_length(line, _("Line %(line)s") % {"line": number})
        option, answer = _OPTION.match(line), _ANSWER.match(line)
        if question is None:
            question = _Question(number)
        if answer:
            question.answer = answer[1].strip()
            yield question
            question = None
        elif option:
            question.options.append((option[1], option[2].strip()))
            if len(question.options) > MOST_OPTIONS:
                raise FileRefused(_("Line %(line)s: a question has more options than there are letters.") % {"line": number})
        elif question.options:
            # A line that is neither an option nor an answer begins the next question: this one has no answer.
            yield question
            question = _Question(number, [line])
        else:
            question.text.append(line)
            question.size += len(line)
            if question.size > MOST_CHARACTERS:
                raise FileRefused(
                    _("Line %(line)s: a question has too many characters; “ANSWER: …” ends one.") % {"line": number}
                )
    if question is not None:
        yield question


def _read(question: _Question, language: str) -> Entry:
    entry = Entry(_("line %(line)s") % {"line": question.line}, type="single_choice")
    entry.content = VersionContent({language: Wording(block_of("\n".join(question.text)))})
    labels = [label for label, _text in question.options]
    letters = re.findall(r"[A-Za-z]", question.answer or "")
    if not question.text:
        entry.refuse(_("The options have no question above them."))
    elif question.answer is None:
        entry.refuse(_("The question has no line “ANSWER: …”."))
    elif len(set(labels)) != len(labels):
        entry.refuse(_("Two options have the same letter."))
    elif not letters or not re.fullmatch(r"[A-Za-z](\s*[,;]?\s*[A-Za-z])*", question.answer):
        entry.refuse(_("The line “ANSWER: …” names no letter: “%(answer)s”.") % {"answer": question.answer[:40]})
    elif any(letter.upper() not in labels for letter in letters):
        entry.refuse(_("The answer is a letter that no option has: “%(answer)s”.") % {"answer": question.answer[:40]})
    right = {letter.upper() for letter in letters}
    picked = [Picked(line_of(text), Decimal(100 if label in right else 0)) for label, text in question.options]
    if entry.refusal:
        return entry
    if len(right) > 1:
        entry.note(_("Several letters are right, which Aiken does not know: it became a multiple response."))
        share = Decimal(100) / len(right)
        picked = [Picked(option.text, share if option.percent else -share) for option in picked]
        read_choices(entry, picked, language, several=True)
        entry.content = replace(entry.content, scoring_rule="all_or_nothing")
    else:
        read_choices(entry, picked, language, several=False)
    return entry


def write_aiken(entries: Sequence[Entry], language: str) -> str:
    """The single choices in one language; what stays behind is named, what cannot be said is refused."""
    parts = []
    for entry in entries:
        if entry.type != "single_choice":
            entry.refuse(_("Aiken has single choice only."))
            continue
        text = _written(entry, language)
        _compare(entry, text, language)
        if not entry.refusal:
            parts.append(text)
    return "\n".join(parts)


def _written(entry: Entry, language: str) -> str:
    wording = entry.content.wordings.get(language, Wording())
    stem = plain_of(wording.stem)
    lines = [re.sub(r"\n\s*\n", "\n", stem if stem is not None else stripped_of(wording.stem))]
    answer = ""
    for number, choice in enumerate(entry.content.choices):
        text, letter = choice.texts.get(language, ""), chr(ord("A") + number)
        plain = plain_of(text)
        lines.append(f"{letter}) {' '.join((stripped_of(text) if plain is None else plain).split())}")
        answer = letter if choice.is_key else answer
    return "\n".join([*lines, f"ANSWER: {answer}", ""])


def _compare(entry: Entry, text: str, language: str) -> None:
    """Read back what was written: the only honest answer to what Aiken kept."""
    content = canonical(entry.content)
    back = read_aiken({language: text}).entries
    fits = len(back) == 1 and not back[0].refusal and back[0].type == entry.type
    if not fits or [c.is_key for c in back[0].content.choices] != [c.is_key for c in content.choices]:
        entry.refuse(_("Aiken cannot write this question so that it could be read again."))
        return
    read = canonical(back[0].content)
    wording = content.wordings.get(language, Wording())
    same = all(a.texts.get(language) == b.texts.get(language) for a, b in zip(read.choices, content.choices, strict=True))
    if read.wordings[language].stem != wording.stem or not same:
        entry.note(_("Markup, pictures and paragraphs are not kept."))
    behind = {
        _("rationale"): wording.rationale,
        _("reference"): wording.reference,
        _("points"): content.points != 1,
        _("stimulus"): content.stimulus,
        _("order of the options"): content.keep_option_order,
        _("scoring rule"): str(content.scoring_rule) != "all_or_nothing",
    }
    left = [str(name) for name, value in behind.items() if value]
    entry.note(_("Not kept: %(what)s.") % {"what": ", ".join([str(_("code")), str(_("expected minutes")), *left])})
