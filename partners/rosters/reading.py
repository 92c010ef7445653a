"""From cells to people: which column says what, and what is wrong with a row."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from partners.errors import RosterUnreadable
from partners.rosters.tables import MOST_ROWS, Formula, Line, Table, read_tables, too_many_rows

MOST_CHARACTERS = 2_000
LENGTHS = {"email": 254, "full_name": 120, "family_name": 80, "external_id": 60}
# A title or a note often stands above the header.
HEADER_WITHIN = 15

# As `_plain` writes them: lower case, letters, digits and Han characters only.
COLUMNS = {
    "email": "email mail emailaddress mailaddress emailid 邮箱 电子邮件 电子邮箱 邮件 邮箱地址 电子邮件地址 电子邮箱地址 "
    "邮件地址 邮箱账号 常用邮箱 联系邮箱",
    "full_name": "name fullname displayname studentname learnername traineename candidatename employeename participant "
    "姓名 名称 全名 学员姓名 学生姓名 考生姓名 员工姓名 参训人员 中文姓名",
    "given_name": "firstname givenname givennames forename forenames first 名 名字",
    "family_name": "lastname familyname surname last 姓 姓氏",
    "external_id": "studentnumber studentno studentid staffnumber staffno staffid employeenumber employeeno employeeid "
    "studentorstaffnumber idnumber candidateid candidatenumber matriculationnumber personnelnumber registrationnumber "
    "externalid number id 学号 工号 学号工号 学工号 学生编号 员工编号 员工号 职工号 考生号 编号",
    "language": "language lang preferredlanguage mailinglanguage 语言 首选语言 语种 邮件语言",
}
FIELD_OF = {name: column for column, names in COLUMNS.items() for name in names.split()}
LANGUAGES = {
    "en": "en eng english enus engb 英文 英语",
    "zh-hans": "zh zho chi cn zhcn zhhans chinese simplifiedchinese mandarin 中文 汉语 简体 简体中文 中文简体 普通话",
}
LANGUAGE_OF = {name: code for code, names in LANGUAGES.items() for name in names.split()}
BLANK = {"-", "–", "—", "/", "n/a"}
FORMULA_STARTS = tuple("=+-@＝＋－＠")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass
class Roster:
    """What a file says: one entry per person, and the columns nobody reads."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Header:
    """Where the columns stand."""

    index: int
    columns: dict[str, int]
    ignored: list[str]
    twice: dict[str, list[str]]


def read_roster(content: bytes) -> Roster:
    """The people of a file. Refused as a whole only where no row could be judged by itself."""
    table, header = _the_table(read_tables(content))
    for column, names in header.twice.items():
        if column in ("email", "full_name"):
            raise RosterUnreadable(
                _("Two columns could say the same: %(columns)s. Keep one of them.") % {"columns": ", ".join(names)}
            )
    if not {"full_name", "given_name", "family_name"} & set(header.columns):
        raise RosterUnreadable(
            _("No column with names was found. Add one headed “Name” (姓名), or two headed “Given name” and “Family name”.")
        )
    lines = table.lines[header.index + 1 :]
    if not lines:
        raise RosterUnreadable(_("The file has a header but no people below it."))
    if len(lines) > MOST_ROWS:
        raise RosterUnreadable(too_many_rows())
    return Roster([read_entry(line, header) for line in lines], header.ignored)


def read_entry(line: Line, header: Header) -> dict[str, Any]:
    """One person as plain JSON: the fields, what was put right (`notes`) and what is wrong (`errors`)."""
    errors: list[list[Any]] = []
    notes: list[list[Any]] = []
    cells = {
        column: _cell(column, line.cells[place] if place < len(line.cells) else "", errors)
        for column, place in header.columns.items()
    }
    given, family = cells.get("given_name", ""), cells.get("family_name", "")
    entry = {
        "line": line.number,
        "email": _email(cells["email"], errors, notes),
        "full_name": cells.get("full_name") or _joined(given, family),
        "family_name": family,
        "external_id": unicodedata.normalize("NFKC", cells.get("external_id", "")),
        "language": _language(cells.get("language", ""), notes),
        "errors": errors,
        "notes": notes,
    }
    if not entry["full_name"] and not errors:
        errors.append(["name_missing", {}])
    for name, most in LENGTHS.items():
        if len(str(entry[name])) > most:
            errors.append(["too_long", {"column": name, "most": most}])
            entry[name] = str(entry[name])[:most]
    return entry


def _the_table(tables: list[Table]) -> tuple[Table, Header]:
    """The one table with a header that names an e-mail column."""
    found = [(table, header) for table in tables if (header := _header(table))]
    if not found:
        raise RosterUnreadable(_no_header(tables))
    if len(found) > 1 and found[0][0].name:
        raise RosterUnreadable(
            _("More than one sheet holds a list: %(sheets)s. Keep the one that is meant and delete the others.")
            % {"sheets": ", ".join(table.name for table, header in found)}
        )
    return max(found, key=lambda pair: len(pair[1].columns))


def _no_header(tables: list[Table]) -> str:
    if tables and tables[0].name:
        return _(
            "No sheet of this workbook (%(sheets)s) has a header row with an e-mail column. Add a first row such as: "
            "Name, Email, Student number, Language."
        ) % {"sheets": ", ".join(table.name for table in tables)}
    return _(
        "No header row with an e-mail column was found. Add a first row such as: Name, Email, Student number, Language "
        "(姓名, 邮箱, 学号, 语言)."
    )


def _header(table: Table) -> Header | None:
    for index, line in enumerate(table.lines[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        named: dict[str, list[str]] = {}
        ignored: list[str] = []
        for place, cell in enumerate(line.cells):
            column = column_of(cell)
            if column is None:
                ignored += [cell.strip()[:60]] if cell.strip() else []
                continue
            named.setdefault(column, []).append(cell.strip()[:60])
            columns.setdefault(column, place)
        if "email" in columns:
            return Header(index, columns, ignored, {name: cells for name, cells in named.items() if len(cells) > 1})
    return None


def column_of(header: str) -> str | None:
    """Which field a header names: in English, in Chinese, or in both at once (“Email 邮箱”, “姓名（必填）”)."""
    if len(header) > MOST_CHARACTERS:
        return None
    whole = _plain(re.sub(r"[(（\[【].*?[)）\]】]", "", header)) or _plain(header)
    parts = [whole, "".join(re.findall(r"[a-z0-9]+", whole)), "".join(re.findall(r"[^a-z0-9]+", whole))]
    return next((FIELD_OF[part] for part in parts if part in FIELD_OF), None)


def _plain(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum())


def _cell(column: str, raw: str, errors: list[list[Any]]) -> str:
    """A cell as one line of text. Formulas and look-alikes are refused, never evaluated and never passed on."""
    if isinstance(raw, Formula):
        errors.append(["formula", {"column": column}])
        return ""
    if len(raw) > MOST_CHARACTERS:
        errors.append(["cell_too_long", {"column": column, "most": MOST_CHARACTERS}])
        return ""
    text = " ".join(unicodedata.normalize("NFC", raw).translate(INVISIBLE).split())
    if any(unicodedata.category(character) == "Cc" for character in text):
        errors.append(["control_character", {"column": column}])
        return ""
    if text.casefold() in BLANK:
        return ""
    if text.startswith(FORMULA_STARTS):
        errors.append(["formula_looking", {"column": column, "text": text[:40]}])
        return ""
    return text


def _email(text: str, errors: list[list[Any]], notes: list[list[Any]]) -> str:
    """An address in ordinary, lower-case characters. Input methods for Chinese leave full-width ones behind."""
    if not text:
        if not any(error[1].get("column") == "email" for error in errors):
            errors.append(["email_missing", {}])
        return ""
    address = unicodedata.normalize("NFKC", text).replace("。", ".")
    if address != text:
        notes.append(["full_width", {"before": text[:80]}])
    address = re.sub(r"\s+", "", address.removeprefix("mailto:")).lower()
    try:
        validate_email(address)
    except ValidationError:
        errors.append(["email_invalid", {"email": address[:80]}])
    return address[:254]


def _joined(given: str, family: str) -> str:
    """Han names are written family name first and without a space."""
    if re.search(r"[\u3400-\u9fff]", given + family) and not re.search(r"[A-Za-zÀ-ÿ]", given + family):
        return family + given
    return " ".join(part for part in (given, family) if part)


def _language(text: str, notes: list[list[Any]]) -> str:
    """The site's language a cell means; empty where it says none or one we do not speak."""
    if not text:
        return ""
    code = LANGUAGE_OF.get(_plain(text), "")
    if not code:
        notes.append(["language_unknown", {"text": text[:40]}])
    return code
