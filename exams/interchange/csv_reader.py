"""Our own table: a row per item, a column per language and field (docs/interchange.md lists them)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from exams.content import Choice, VersionContent, Wording
from exams.errors import FileRefused
from exams.interchange.csv_cells import html_in, is_formula, split_list, unguarded
from exams.interchange.extras import apply_extras, read_extras
from exams.interchange.limits import check_count, lines_of
from exams.interchange.parts import number_of, plain_number, true_false
from exams.interchange.record import STIMULUS, Entry, Reading, quoted

FIELDS = (
    "code", "type", "competence", "area", "level", "edition", "points", "minutes", "scoring", "keep_order", "stimulus",
    "key", "value", "tolerance", "details",
)  # fmt: skip
TEXTS = ("stem", "rationale", "reference", "unit", "accepted")
MOST_COLUMNS = 600
_OPTION = re.compile(r"option_(\d{1,3})(?:_([\w-]+))?")


def read_csv(text: str, language: str) -> Reading:
    reading = Reading()
    codes = [code for code, _name in settings.LANGUAGES]
    rows = _rows(text)
    try:
        _line, header = next(rows)
    except StopIteration:
        raise FileRefused(_("The file is empty.")) from None
    columns = [_column(name, language) for name in header]
    if "type" not in columns or not any(column.startswith("stem_") for column in columns):
        raise FileRefused(_("The first row has to name the columns; “type” and “stem” are missing."))
    doubles = {column for column in columns if column and columns.count(column) > 1}
    if doubles:
        raise FileRefused(_("Two columns have the same name: %(names)s.") % {"names": quoted(", ".join(sorted(doubles)))})
    known = {*FIELDS, *(f"{name}_{code}" for name in TEXTS for code in codes)}
    for column in columns:
        option = _OPTION.fullmatch(column)
        if column and column not in known and not (option and option[2] in codes):
            reading.note(_("Column not kept: “%(name)s”.") % {"name": quoted(column)})
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            reading.entries.append(_entry(line, columns, cells, codes))
            check_count(len(reading.entries))
    return reading


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line in the file, cells); the sign between cells is the one the first line has most of."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(lines_of(text), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                reason = _("Line %(line)s: a cell has more than %(most)s characters.")
                raise FileRefused(reason % {"line": line, "most": f"{csv.field_size_limit():,}"}) from error
            reason = _("Line %(line)s: the quotation marks of this row do not fit; nothing after it can be read.")
            raise FileRefused(reason % {"line": line}) from error
        if len(cells) > MOST_COLUMNS:
            raise FileRefused(_("Line %(line)s: the row has more than %(most)s cells.") % {"line": line, "most": MOST_COLUMNS})
        yield line, cells
        line = reader.line_num + 1


def _column(name: str, language: str) -> str:
    """The name as we spell it; a text without a language is in the language of the file."""
    name = name.strip().lower().replace(" ", "_")
    return f"{name}_{language}" if name in TEXTS or re.fullmatch(r"option_\d{1,3}", name) else name


def _entry(line: int, columns: list[str], cells: list[str], codes: list[str]) -> Entry:
    entry = Entry(_("line %(line)s") % {"line": line})
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        entry.refuse(_("The row has more cells than the first row has columns."))
    row: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if is_formula(cell):
            entry.refuse(
                _("The cell “%(column)s” is a formula; a text that begins like one gets an apostrophe.") % {"column": column}
            )
        row[column] = unguarded(cell)
    entry.code, entry.type = row.get("code", "").strip(), row.get("type", "").strip().lower()
    if entry.type == STIMULUS:
        entry.kind, entry.type = STIMULUS, ""
    wordings = {
        code: Wording(
            html_in(row.get(f"stem_{code}", ""), line=False),
            html_in(row.get(f"rationale_{code}", ""), line=False),
            row.get(f"reference_{code}", ""),
            row.get(f"unit_{code}", ""),
        )
        for code in codes
        if any(row.get(f"{name}_{code}", "").strip() for name in TEXTS[:4])
    }
    entry.content = VersionContent(wordings, _choices(row, codes))
    if not entry.refusal and entry.kind != STIMULUS:
        _read_key(entry, row, codes)
        _read_values(entry, row)
    return entry


def _choices(row: dict[str, str], codes: list[str]) -> tuple[Choice, ...]:
    texts: dict[int, dict[str, str]] = {}
    for column, cell in row.items():
        found = _OPTION.fullmatch(column)
        if found and found[2] in codes and cell.strip():
            texts.setdefault(int(found[1]), {})[found[2]] = html_in(cell, line=True)
    return tuple(Choice(texts[number]) for number in sorted(texts))


def _read_key(entry: Entry, row: dict[str, str], codes: list[str]) -> None:
    key, marks = row.get("key", "").strip(), [mark.strip() for mark in re.split(r"[;,]", row.get("key", "")) if mark.strip()]
    content = entry.content
    if entry.type == "true_false" and key.lower() in ("true", "false") and not content.choices:
        made = [true_false(key.lower() == "true", language) for language in content.wordings]
        choices = tuple(
            Choice({name: text for side in made for name, text in side[n].texts.items()}, made[0][n].is_key)
            for n in ((0, 1) if made else ())
        )
        entry.content = replace(content, choices=choices)
    elif entry.type in ("single_choice", "multiple_response", "true_false"):
        _read_marks(entry, marks)
    elif entry.type in ("matching", "cloze"):
        _read_groups(entry, marks)
    elif entry.type == "numeric":
        value, tolerance = number_of(row.get("value", "")), number_of(row.get("tolerance") or "0")
        if value is None or tolerance is None or tolerance < 0:
            entry.refuse(_("This is no number with a tolerance: “%(text)s”.") % {"text": quoted(row.get("value", ""))})
        else:
            natural = {"value": plain_number(value), "tolerance": plain_number(tolerance)}
            entry.content = replace(content, key=natural)
    elif entry.type == "short_text":
        accepted = {
            code: split_list(row.get(f"accepted_{code}", "")) for code in codes if row.get(f"accepted_{code}", "").strip()
        }
        entry.content = replace(content, key={"accepted": accepted} if accepted else {})


def _read_marks(entry: Entry, marks: list[str]) -> None:
    """`2`, or `1;3`: the numbers of the right options, counted from one."""
    choices = entry.content.choices
    if any(not mark.isascii() or not mark.isdigit() or not 0 < int(mark[:6]) <= len(choices) for mark in marks):
        entry.refuse(_("The key names an option that is not there: “%(key)s”.") % {"key": quoted(";".join(marks))})
        return
    right = {int(mark) for mark in marks}
    entry.content = replace(
        entry.content, choices=tuple(Choice(choice.texts, number in right) for number, choice in enumerate(choices, 1))
    )


def _read_groups(entry: Entry, marks: list[str]) -> None:
    """A mark per option. Matching: `L1` and `R1` belong together, `R` is a distractor. Cloze: the gap, `*` when right."""
    choices = entry.content.choices
    if len(marks) != len(choices):
        entry.refuse(_("The key needs one mark for each option; see the documentation of the table."))
        return
    made = []
    for choice, mark in zip(choices, marks, strict=True):
        side = re.fullmatch(r"([LR])(\d{0,4})", mark)
        if entry.type == "cloze":
            made.append(Choice(choice.texts, mark.endswith("*"), mark.rstrip("*")))
        elif side:
            made.append(Choice(choice.texts, False, "left" if side[1] == "L" else "right", int(side[2]) if side[2] else None))
        else:
            entry.refuse(_("The key needs one mark for each option; see the documentation of the table."))
            return
    entry.content = replace(entry.content, choices=tuple(made))


def _read_values(entry: Entry, row: dict[str, str]) -> None:
    """Numbers, marks and names; what the columns cannot say stands in `details` as JSON."""
    details = row.get("details", "").strip()
    extras: dict[str, Any] = read_extras(details)
    if details and not extras and details != "{}":
        entry.refuse(_("The cell “details” holds no JSON object."))
    for name, field in (
        ("rule", "scoring"),
        ("stimulus", "stimulus"),
        ("competence", "competence"),
        ("level", "level"),
        ("edition", "edition"),
        ("minutes", "minutes"),
    ):
        if row.get(field, "").strip():
            extras[name] = row[field].strip()
    for name in ("points", "area"):
        text = row.get(name, "").strip()
        if text.isascii() and text.isdigit() and len(text) < 6:
            extras[name] = int(text)
        elif text:
            entry.refuse(_("“%(column)s” has to be a whole number: “%(text)s”.") % {"column": name, "text": quoted(text)})
    if row.get("minutes", "").strip() and number_of(row["minutes"]) is None:
        entry.refuse(_("“%(column)s” has to be a number: “%(text)s”.") % {"column": "minutes", "text": quoted(row["minutes"])})
    extras["keep_order"] = row.get("keep_order", "").strip().lower() in ("yes", "true", "1", "是")
    apply_extras(entry, {name: value for name, value in extras.items() if name not in ("reference", "unit")})
