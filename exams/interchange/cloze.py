"""Moodle's embedded answers, `{1:SHORTANSWER:=Paris#Yes~%50%paris}`, into gaps and back
(docs.moodle.org/405/en/Embedded_Answers_(Cloze)_question_type)."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice, VersionContent
from exams.interchange.gift_text import percent_of
from exams.interchange.parts import accepted_texts, note_feedback, note_share, number_of, one_number
from exams.interchange.record import Entry, quoted

MARKER = re.compile(r"\[\[([A-Za-z0-9_-]{1,40})\]\]")
_TEXT = {"SHORTANSWER", "SA", "MW"}
_TEXT_BY_CASE = {"SHORTANSWER_C", "SAC", "MWC"}
_NUMBER = {"NUMERICAL", "NM"}
_CHOICE = {
    name + end for name in ("MULTICHOICE", "MC") for end in ("", "_V", "_H", "_S", "_VS", "_HS", "V", "H", "S", "VS", "HS")
}
_GAP = re.compile(r"\{\s*([0-9]*)\s*:\s*([A-Z_]+)\s*:((?:\\.|[^\\}])*)\}", re.DOTALL)
_SIGNS = '\\}~#=%"'
# Escaped signs wait as control characters, which no XML holds, so that an escaped backslash escapes nothing.
_WAITING = {sign: chr(number) for number, sign in enumerate(_SIGNS + "/", 1)}
_ESCAPED = re.compile(r'\\([\\}~#=%"/])')
_LITERAL = str.maketrans({waiting: sign for sign, waiting in _WAITING.items()})


def read_embedded(entry: Entry, language: str, extras: dict[str, Any]) -> None:
    """Put the gaps of the stem into the entry's key and options."""
    entry.type = "cloze"
    stated = extras.get("gaps")
    names: list[Any] = stated if isinstance(stated, list) else []
    gaps: dict[str, Any] = {}
    choices: list[Choice] = []
    weights: set[str] = set()

    def gap(found: re.Match[str]) -> str:
        number = len(gaps) + 1
        given = names[number - 1] if number <= len(names) else ""
        name = given if isinstance(given, str) and MARKER.fullmatch(f"[[{given}]]") else f"g{number}"
        weights.add(found[1] or "1")
        _read_gap(entry, found[2], found[3], language, name, gaps, choices)
        return f"[[{name}]]"

    wording = entry.content.wordings[language]
    stem = _GAP.sub(gap, wording.stem)
    if not gaps:
        entry.refuse(_("The text has no gap."))
        return
    if len(weights) > 1:
        entry.note(_("Gaps weigh differently in the file; here they weigh the same."))
    rule = entry.content.scoring_rule if extras else "per_part"
    entry.content = replace(
        entry.content,
        wordings={language: replace(wording, stem=stem)},
        key={"gaps": gaps},
        choices=arranged(choices, extras.get("arrangement")),
        scoring_rule=rule,
    )


def arranged(choices: list[Choice], arrangement: Any) -> tuple[Choice, ...]:
    """The options in the order the bank had them: gap by gap, unless our own file says otherwise."""
    if not isinstance(arrangement, list) or sorted(map(str, arrangement)) != sorted(choice.group for choice in choices):
        return tuple(choices)
    waiting = {group: iter([choice for choice in choices if choice.group == group]) for group in set(map(str, arrangement))}
    return tuple(next(waiting[str(group)]) for group in arrangement)


def _read_gap(
    entry: Entry, kind: str, text: str, language: str, name: str, gaps: dict[str, Any], choices: list[Choice]
) -> None:
    waiting = _ESCAPED.sub(lambda found: _WAITING[found[1]], text)
    answers = [_answer(entry, part) for part in waiting.split("~") if part.strip()]
    if kind in _TEXT or kind in _TEXT_BY_CASE:
        if kind in _TEXT_BY_CASE:
            entry.note(_("Upper and lower case counted in the file; here they never do."))
        accepted = accepted_texts(entry, [(html.unescape(answer), percent) for answer, percent in answers])
        gaps[name] = {"kind": "text", "accepted": {language: accepted}}
    elif kind in _NUMBER:
        read = [(_number(html.unescape(answer)), percent) for answer, percent in answers]
        if any(number is None for number, _percent in read):
            entry.refuse(_("This is no number with a tolerance: “%(text)s”.") % {"text": quoted(text)})
        gaps[name] = {"kind": "number", **one_number(entry, [(*number, percent) for number, percent in read if number])}
    elif kind in _CHOICE:
        gaps[name] = {"kind": "choice"}
        _read_choice(entry, answers, language, name, choices)
    else:
        gaps[name] = {"kind": "choice"}
        entry.refuse(_("A gap of the kind “%(kind)s” has no like here.") % {"kind": kind[:40]})


def _read_choice(entry: Entry, answers: list[tuple[str, Decimal]], language: str, name: str, choices: list[Choice]) -> None:
    right = [answer for answer, percent in answers if percent >= 100]
    for answer, percent in answers:
        if 0 < percent < 100:
            note_share(entry, answer, percent)
        choices.append(Choice({language: answer} if answer else {}, percent >= 100, name))
    if len(right) != 1:
        entry.refuse(_("A gap needs exactly one right option."))


def _answer(entry: Entry, part: str) -> tuple[str, Decimal]:
    """(text, percent) of one answer; feedback is named."""
    text, mark, feedback = part.partition("#")
    if mark:
        note_feedback(entry, _literal(feedback))
    percent, rest = percent_of(text)
    if percent is None:
        stripped = text.lstrip()
        percent, rest = (Decimal(100), stripped[1:]) if stripped.startswith("=") else (Decimal(0), text)
    return _literal(rest).strip(), percent


def _literal(text: str) -> str:
    return text.translate(_LITERAL)


def _number(text: str) -> tuple[Decimal, Decimal] | None:
    value_text, _colon, tolerance_text = text.partition(":")
    value, tolerance = number_of(value_text), number_of(tolerance_text or "0")
    return (value, tolerance) if value is not None and tolerance is not None and tolerance >= 0 else None


def write_embedded(content: VersionContent, language: str) -> tuple[str, dict[str, Any]]:
    """The stem with its gaps spelt as embedded answers, and what has to be said beside it. Raises LookupError when a
    gap has no place in the words, or an answer has no words in that language."""
    gaps, order = content.key.get("gaps", {}), []

    def spelt(found: re.Match[str]) -> str:
        if found[1] not in gaps or found[1] in order:
            raise LookupError(found[1])
        order.append(found[1])
        return _spell(gaps[found[1]], [choice for choice in content.choices if choice.group == found[1]], language)

    stem = MARKER.sub(spelt, content.wordings[language].stem)
    if set(order) != set(gaps) or "{" in MARKER.sub("", content.wordings[language].stem):
        raise LookupError("gap")
    more: dict[str, Any] = {}
    if order != [f"g{number}" for number in range(1, len(order) + 1)]:
        more["gaps"] = order
    groups = [choice.group for choice in content.choices]
    if groups != sorted(groups, key=order.index):
        more["arrangement"] = groups
    return stem, more


def _spell(gap: dict[str, Any], choices: list[Choice], language: str) -> str:
    if gap["kind"] == "number":
        return f"{{1:NUMERICAL:={gap['value']}:{gap.get('tolerance') or '0'}}}"
    if gap["kind"] == "text":
        texts = gap["accepted"][language]
        return "{1:SHORTANSWER:" + "~".join(f"={_escaped(html.escape(_star(text), quote=False))}" for text in texts) + "}"
    options = [f"{'=' if choice.is_key else ''}{_escaped(choice.texts[language])}" for choice in choices]
    return "{1:MULTICHOICE:" + "~".join(options) + "}"


def _star(text: str) -> str:
    return text.replace("*", "\\*")


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in text)
