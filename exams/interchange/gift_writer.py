"""Writing GIFT: one question per language, each in a category of its own, so that Moodle keeps both identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice
from exams.interchange.choices import shares
from exams.interchange.extras import MARK, as_text, extras_of
from exams.interchange.gift_reader import OWN_CATEGORY
from exams.interchange.gift_text import to_escape
from exams.interchange.parts import choices_as_pairs, natural_number, pairs_as_choices, structure_of, true_false
from exams.interchange.record import STIMULUS, Entry, canonical
from exams.interchange.texts import line_of, plain_of

TYPES = frozenset({"single_choice", "multiple_response", "true_false", "numeric", "short_text", "matching", "essay"})


def write_gift(entries: Sequence[Entry], bank: str, languages: Sequence[str]) -> str:
    """All entries as one file; an entry GIFT has no words for is refused, in its report."""
    parts: list[str] = []
    for language in languages:
        parts.append(f"$CATEGORY: {OWN_CATEGORY}{bank}/{language}\n")
        for entry in entries:
            if entry.type not in TYPES and entry.kind != STIMULUS:
                entry.refuse(_("GIFT has no questions of this type."))
            elif language in entry.content.wordings:
                parts.append(_question(entry, language))
    return "\n".join(parts)


def _question(entry: Entry, language: str) -> str:
    wording = entry.content.wordings[language]
    answer, more = ("", {}) if entry.kind == STIMULUS else _answer(entry, language)
    extras = as_text(extras_of(entry, language, **more))
    identifier = entry.code.replace("]", "\\]")
    lines = [f"// [id:{identifier}]", f"// {MARK}: {extras}"]
    rationale = f"####[html]{to_escape(wording.rationale)}" if wording.rationale else ""
    braces = "" if entry.kind == STIMULUS else f" {{{answer}{rationale}}}"
    lines.append(f"::{to_escape(entry.code)}::[html]{to_escape(wording.stem)}{braces}\n")
    return "\n".join(lines)


def _answer(entry: Entry, language: str) -> tuple[str, dict[str, Any]]:
    """What stands between the braces, and what has to be said beside it."""
    if entry.type in ("single_choice", "multiple_response"):
        return _choices(entry, language), {}
    if entry.type == "true_false":
        return _truth(entry, language)
    if entry.type == "matching":
        return _pairs(entry, language)
    if entry.type == "numeric":
        return _number(entry.content.key)
    if entry.type == "short_text":
        return _short(entry, language)
    return "", {"key": entry.content.key}


def _option(text: str) -> str:
    """An option's HTML; a first bracket or percent sign would be read as a format or a weight."""
    spelt = to_escape(text)
    return f"[html]{spelt}" if spelt.startswith(("[", "%")) else spelt


def _choices(entry: Entry, language: str) -> str:
    choices = entry.content.choices
    earns, costs = shares(choices)
    lines = []
    for choice in choices:
        text = _option(choice.texts.get(language, ""))
        if entry.type == "single_choice":
            lines.append(f"\t{'=' if choice.is_key else '~'}{text}\n")
        else:
            lines.append(f"\t~%{earns if choice.is_key else costs}%{text}\n")
    return "\n" + "".join(lines) if lines else "~"


def _truth(entry: Entry, language: str) -> tuple[str, dict[str, Any]]:
    choices = canonical(entry.content).choices
    is_true = bool(choices) and choices[0].is_key
    natural = true_false(is_true, language)
    same = [(c.texts.get(language), c.is_key) for c in choices] == [(c.texts[language], c.is_key) for c in natural]
    more = {} if same else {"words": [c.texts.get(language, "") for c in choices], "keys": [c.is_key for c in choices]}
    return ("TRUE" if is_true else "FALSE"), more


def _pairs(entry: Entry, language: str) -> tuple[str, dict[str, Any]]:
    pairs = choices_as_pairs(entry.content.choices, language)
    lines = []
    for left, right in pairs:
        lines.append(f"\t={_option(left)} -> {_right(right)}\n")
    wanted = tuple(Choice(_only(choice, language), False, choice.group, choice.pair) for choice in entry.content.choices)
    same = pairs_as_choices(pairs, language) == wanted
    return "\n" + "".join(lines), {} if same else {"structure": structure_of(entry.content.choices)}


def _right(markup: str) -> str:
    """The right side is plain text, in Moodle too; where it is more, it says so."""
    plain = plain_of(markup)
    if plain is None or line_of(plain) != markup:
        return f"[html]{to_escape(markup)}"
    return f"[plain]{to_escape(plain)}" if plain.startswith("[") else to_escape(plain)


def _only(choice: Choice, language: str) -> dict[str, str]:
    return {language: choice.texts[language]} if choice.texts.get(language) else {}


def _number(key: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    natural = natural_number(key)
    if natural is None:
        return "#0", {"key": key}
    return f"#{natural['value']}:{natural['tolerance']}", {} if natural == key else {"key": key}


def _short(entry: Entry, language: str) -> tuple[str, dict[str, Any]]:
    accepted = entry.content.key.get("accepted", {})
    here = accepted.get(language) or [text for texts in accepted.values() for text in texts]
    lines = "".join(f"\t=%100%{to_escape(text.replace('*', chr(92) + '*'))}\n" for text in here)
    natural = set(accepted) == set(entry.content.wordings) and all(
        texts and all(text and text == text.strip() for text in texts) and len(set(texts)) == len(texts)
        for texts in accepted.values()
    )
    return ("\n" + lines if lines else ""), {} if natural and set(entry.content.key) == {"accepted"} else {
        "key": entry.content.key
    }
