"""Reading GIFT as Moodle reads it (docs.moodle.org/405/en/GIFT_format and question/format/gift/format.php):
questions stand apart by blank lines, `//` starts a comment, a backslash takes the meaning from ~ = # { } : and itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from exams.content import VersionContent, Wording
from exams.errors import FileRefused
from exams.interchange.extras import MARK, apply_extras, read_extras
from exams.interchange.gift_answers import Context, read_answer
from exams.interchange.gift_text import escaped, format_of, html_of, literal
from exams.interchange.languages import merge_languages
from exams.interchange.limits import MOST_CHARACTERS, check_count, check_length, lines_of
from exams.interchange.record import STIMULUS, Entry, Reading, quoted

_IDENTIFIER = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAGS = re.compile(r"\[tags?:((?:\\\]|[^\]])+)\]")
OWN_CATEGORY = f"$course$/top/{MARK}/"
GAP = "_____"
MOST_BLOCK = 3 * MOST_CHARACTERS


@dataclass
class Block:
    """The lines between two blank lines: comments apart."""

    line: int
    lines: list[str]
    comments: list[str]


def read_gift(text: str, language: str) -> Reading:
    reading = Reading()
    entries = []
    for block in _blocks(text):
        entry = _read_block(block, language, reading)
        if entry:
            entries.append(entry)
            check_count(len(entries))
    reading.entries = merge_languages(entries)
    return reading


def _blocks(text: str) -> Iterator[Block]:
    block = Block(0, [], [])
    size = 0
    for number, line in enumerate(lines_of(text), 1):
        stripped = line.strip()
        if not stripped:
            if block.lines:
                yield block
                block, size = Block(0, [], []), 0
            # A comment that stands alone belongs to the question below it.
            continue
        size += len(line)
        if size > MOST_BLOCK:
            raise FileRefused(_("Line %(line)s: a question has too many characters; a blank line ends one.") % {"line": number})
        if stripped.startswith("//"):
            block.comments.append(stripped[2:].strip())
            continue
        if stripped.startswith("$CATEGORY:"):
            if block.lines:
                yield block
            yield Block(number, [stripped], [])
            block, size = Block(0, [], []), 0
            continue
        block.line = block.line or number
        block.lines.append(line.rstrip())
        check_length(line, _("Line %(line)s") % {"line": number})
    if block.lines:
        yield block


def _read_block(block: Block, language: str, reading: Reading) -> Entry | None:
    text = "\n".join(block.lines).strip()
    if text.startswith("$CATEGORY:"):
        category = text[10:].strip()
        if not category.startswith(OWN_CATEGORY):
            reading.note(_("Category not kept: “%(category)s”.") % {"category": quoted(category)})
        return None
    entry = Entry(_("line %(line)s") % {"line": block.line})
    check_length(text, entry.at)
    extras = _read_comments(entry, block.comments)
    stated = extras.get("language")
    entry.language = stated if isinstance(stated, str) else ""
    _read_question(entry, escaped(text), entry.language or language, extras)
    if extras and not entry.refusal:
        apply_extras(entry, extras)
    return entry


def _read_comments(entry: Entry, comments: list[str]) -> dict[str, Any]:
    """Takes the identifier; names tags; returns our own line."""
    extras: dict[str, Any] = {}
    for comment in comments:
        if comment.startswith(f"{MARK}: "):
            extras = read_extras(comment[len(MARK) + 2 :])
            continue
        identifier = _IDENTIFIER.search(comment)
        if identifier and not entry.code:
            entry.code = identifier[1].replace("\\]", "]").strip()
        for tag in _TAGS.findall(comment):
            entry.note(_("Tag not kept: “%(tag)s”.") % {"tag": quoted(tag)})
    return extras


def _read_question(entry: Entry, text: str, language: str, extras: dict[str, Any]) -> None:
    if text.startswith("::") and "::" in text[2:]:
        title, text = text[2:].split("::", 1)
        entry.title, text = literal(title), text.strip()
    opened, closed = text.find("{"), text.find("}")
    if opened < 0 and closed < 0:
        _read_description(entry, text, language)
        return
    if opened < 0 or closed < opened:
        entry.refuse(_("An answer needs both braces, { before }; a brace that is text is written \\{ or \\}."))
        return
    before, answer, after = text[:opened], text[opened + 1 : closed], text[closed + 1 :]
    if "{" in answer or "{" in after or "}" in after:
        entry.refuse(
            _("A second pair of braces: a question has one place for its answer, and a brace that is text is written \\{.")
        )
        return
    markup, bare = format_of(before.strip(), "moodle")
    stem = (
        f"{bare.rstrip()} {GAP}{after.rstrip()}"
        if after.strip() and bare.strip()
        else bare + (GAP + after if after.strip() else "")
    )
    answer, rationale = _rationale(answer)
    entry.content = VersionContent({language: Wording(html_of(stem, markup), html_of(*reversed(format_of(rationale, markup))))})
    read_answer(entry, answer.strip(), Context(language, markup, extras))


def _rationale(answer: str) -> tuple[str, str]:
    before, mark, feedback = answer.rpartition("####")
    return (before, feedback.strip()) if mark else (answer, "")


def _read_description(entry: Entry, text: str, language: str) -> None:
    """Words without a question: what several questions may be about. They become a stimulus of the bank."""
    markup, bare = format_of(text, "moodle")
    entry.kind = STIMULUS
    entry.content = VersionContent({language: Wording(html_of(bare, markup))})
    if not entry.language:
        entry.note(_("Words without a question become a stimulus, which no item uses yet."))
