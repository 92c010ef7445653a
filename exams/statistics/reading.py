"""A matrix of answers from a file: a row per candidate, a column per item, a header that names the items.

Right is 1 and wrong is 0; an empty cell or NA is an answer left out, which earns nothing and is counted apart.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from common.errors import DomainError
from exams.statistics.intervals import Array

MOST_BYTES = 200_000_000
MOST_ITEMS = 2_000
MOST_CELL = 1_000
LEFT_OUT = {"": np.nan, "NA": np.nan, "na": np.nan, "N/A": np.nan, "NaN": np.nan, "nan": np.nan, ".": np.nan}
# A first column of one of these names holds who answered, unless it reads like an item.
NAMES_OF_CANDIDATES = {
    "",
    "id",
    "candidate",
    "person",
    "student",
    "respondent",
    "examinee",
    "name",
    "no",
    "nr",
    "row",
    "编号",
    "考生",
}
MARKS = {"0": 0.0, "1": 1.0, "0.0": 0.0, "1.0": 1.0, "TRUE": 1.0, "FALSE": 0.0, "true": 1.0, "false": 0.0} | LEFT_OUT


class MatrixUnreadable(DomainError):
    """The file is no matrix of answers; the text says where and what to change."""

    code = "matrix_unreadable"
    status = 400


@dataclass(frozen=True)
class Matrix:
    """`points` is candidates × items between 0 and 1, nan where an answer was left out."""

    items: list[str]
    points: Array
    ignored: list[str] = field(default_factory=list)

    @property
    def counted(self) -> Array:
        """What was left out earns nothing."""
        return np.nan_to_num(self.points, nan=0.0)


def read_matrix(path: Path, *, ignore: Sequence[str] = (), marks: bool = False) -> Matrix:
    """The matrix in a CSV file, separated by comma, semicolon or tab. `ignore` names columns that are no items;
    `marks` allows parts of a point. Raises MatrixUnreadable with line and column."""
    rows = _rows(_text(path))
    header = next(rows, None)
    if header is None:
        raise MatrixUnreadable(_("The file is empty. It needs a header with the names of the items, then a row per candidate."))
    names = [name.strip() for name in header[1]]
    lines = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells) or len(names) == 1]
    if not lines:
        raise MatrixUnreadable(_("The file has a header but no row of answers below it."))
    kept, ignored = _columns(names, lines, ignore)
    _check_header(names, kept)
    points = np.array([_row(number, cells, names, kept, marks=marks) for number, cells in lines])
    return Matrix([names[column] for column in kept], points, ignored)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise MatrixUnreadable(_("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
        content = path.read_bytes()
    except OSError as error:
        raise MatrixUnreadable(
            _("The file %(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror or error}
        ) from error
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise MatrixUnreadable(_("The file is not text in UTF-8. Save it as CSV in UTF-8.")) from error
    if "\0" in text:
        raise MatrixUnreadable(_("The file is not text, but looks like a workbook or a program. Save it as CSV in UTF-8."))
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its last line, as an editor shows it."""
    head = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise MatrixUnreadable(
            _("Line %(line)s cannot be read as CSV: %(reason)s.") % {"line": reader.line_num, "reason": error}
        ) from error


def _columns(names: list[str], lines: list[tuple[int, list[str]]], ignore: Sequence[str]) -> tuple[list[int], list[str]]:
    """The columns that are items, and the names of those that are not."""
    unknown = [name for name in ignore if name not in names]
    if unknown:
        raise MatrixUnreadable(_("The file has no column %(name)s to ignore.") % {"name": unknown[0]})
    dropped = {column for column, name in enumerate(names) if name in ignore}
    if 0 not in dropped and names[0].lower() in NAMES_OF_CANDIDATES:
        first = {cells[0].strip() for _line, cells in lines if cells}
        if not first <= MARKS.keys():
            dropped.add(0)
    return [column for column in range(len(names)) if column not in dropped], [names[column] for column in sorted(dropped)]


def _check_header(names: list[str], kept: list[int]) -> None:
    items = [names[column] for column in kept]
    if not items:
        raise MatrixUnreadable(_("No column is left that could be an item."))
    if len(items) > MOST_ITEMS:
        raise MatrixUnreadable(_("The file has %(items)s columns; at most %(most)s items are analysed.") % {
            "items": len(items), "most": MOST_ITEMS,
        })  # fmt: skip
    if all(name in MARKS for name in items):
        raise MatrixUnreadable(_("The first line holds answers instead of names. Put the items' names above the answers."))
    for position, name in zip(kept, items, strict=True):
        if not name:
            raise MatrixUnreadable(_("Column %(column)s has no name in the header.") % {"column": position + 1})
        if items.count(name) > 1:
            raise MatrixUnreadable(_("The header names %(name)s twice.") % {"name": name[:60]})


def _row(number: int, cells: list[str], names: list[str], kept: list[int], *, marks: bool) -> list[float]:
    if len(cells) != len(names):
        raise MatrixUnreadable(
            _("Line %(line)s has %(cells)s cells where the header has %(names)s.")
            % {"line": number, "cells": len(cells), "names": len(names)}
        )
    # The short way first: nearly every cell is 0 or 1.
    return [
        MARKS[cell] if (cell := cells[column].strip()) in MARKS else _mark(cell, number, names[column], allowed=marks)
        for column in kept
    ]


def _mark(cell: str, line: int, name: str, *, allowed: bool) -> float:
    where = {"line": line, "column": name, "cell": cell[:30]}
    if allowed:
        try:
            mark = float(cell) if len(cell) < MOST_CELL else np.nan
        except ValueError:
            mark = np.nan
        if 0 <= mark <= 1:
            return mark
        raise MatrixUnreadable(
            _("Line %(line)s, column %(column)s: “%(cell)s” is no share of a point between 0 and 1.") % where
        )
    raise MatrixUnreadable(
        _("Line %(line)s, column %(column)s: “%(cell)s” is neither 1 (right) nor 0 (wrong). Is this no item? Then --ignore it.")
        % where
    )
