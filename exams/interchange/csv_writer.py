"""Writing our own table. No cell is a formula; what a column cannot say stands in `details`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice
from exams.interchange.csv_cells import cell_of, guarded, joined_list, split_list
from exams.interchange.csv_reader import FIELDS, TEXTS
from exams.interchange.extras import as_text
from exams.interchange.parts import natural_number, true_false
from exams.interchange.record import STIMULUS, Entry, canonical


def write_csv(entries: Sequence[Entry], languages: Sequence[str]) -> str:
    options = max((len(entry.content.choices) for entry in entries), default=0)
    columns = [
        *FIELDS,
        *(f"{name}_{language}" for name in TEXTS for language in languages),
        *(f"option_{number}_{language}" for number in range(1, options + 1) for language in languages),
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    most = csv.field_size_limit()
    for entry in entries:
        row = _row(entry, languages)
        if any(len(cell) >= most for cell in row.values()):
            entry.refuse(_("A text is too long for a cell."))
        if not entry.refusal:
            writer.writerow([guarded(row.get(column, "")) for column in columns])
    return out.getvalue()


def _row(entry: Entry, languages: Sequence[str]) -> dict[str, str]:
    content, place = canonical(entry.content), entry.place
    row = {"code": entry.code, "type": entry.type or STIMULUS}
    for language in languages:
        wording = content.wordings.get(language)
        if wording:
            row[f"stem_{language}"] = cell_of(wording.stem, line=False)
            row[f"rationale_{language}"] = cell_of(wording.rationale, line=False)
            row[f"reference_{language}"], row[f"unit_{language}"] = wording.reference, wording.unit
    if entry.kind == STIMULUS:
        return row
    row |= {
        "competence": place.competence,
        "area": str(place.area or ""),
        "level": place.level,
        "edition": place.edition,
        "points": str(content.points),
        "minutes": str(content.minutes),
        "scoring": str(content.scoring_rule),
        "keep_order": "yes" if content.keep_option_order else "no",
        "stimulus": content.stimulus,
    }
    details: dict[str, Any] = {"presentation": content.presentation} if content.presentation else {}
    _write_key(entry, content.key, content.choices, languages, row, details)
    for number, choice in enumerate(() if row["key"] in ("true", "false") else content.choices, 1):
        for language in languages:
            row[f"option_{number}_{language}"] = cell_of(choice.texts.get(language, ""), line=True)
    row["details"] = as_text(details) if details else ""
    return row


def _write_key(
    entry: Entry,
    key: dict[str, Any],
    choices: tuple[Choice, ...],
    languages: Sequence[str],
    row: dict[str, str],
    details: dict[str, Any],
) -> None:
    row["key"] = ""
    natural: dict[str, Any] = {}
    if entry.type == "true_false" and _is_standard(choices, list(entry.content.wordings)):
        row["key"] = "true" if choices[0].is_key else "false"
    elif entry.type in ("single_choice", "multiple_response", "true_false"):
        row["key"] = ";".join(str(number) for number, choice in enumerate(choices, 1) if choice.is_key)
    elif entry.type == "matching":
        row["key"] = ";".join(f"{choice.group[:1].upper()}{'' if choice.pair is None else choice.pair}" for choice in choices)
    elif entry.type == "cloze":
        row["key"] = ";".join(f"{choice.group}{'*' if choice.is_key else ''}" for choice in choices)
    elif entry.type == "numeric":
        natural = natural_number(key) or {}
        row["value"], row["tolerance"] = natural.get("value", "0"), natural.get("tolerance", "0")
    elif entry.type == "short_text":
        accepted = {language: list(key.get("accepted", {}).get(language, [])) for language in languages}
        for language, texts in accepted.items():
            row[f"accepted_{language}"] = joined_list(texts)
        natural = {"accepted": {language: split_list(joined_list(texts)) for language, texts in accepted.items() if texts}}
    if key != natural and key:
        details["key"] = key


def _is_standard(choices: tuple[Choice, ...], languages: Sequence[str]) -> bool:
    if len(choices) != 2 or not languages:
        return False
    made = [true_false(choices[0].is_key, language) for language in languages]
    wanted = tuple(
        Choice({name: text for side in made for name, text in side[n].texts.items()}, made[0][n].is_key) for n in (0, 1)
    )
    return canonical_choices(wanted) == choices


def canonical_choices(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(dict(sorted(choice.texts.items())), choice.is_key, choice.group, choice.pair) for choice in choices)
