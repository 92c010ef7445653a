"""What every format is read into and written from: entries with one shape, and the report on each of them.

A reader never drops anything in silence: what an entry says that cannot be kept becomes a note, and an entry that
cannot be kept at all carries its refusal. Texts are HTML as the file had it; `checking` puts them through the
allow-list. A picture is named `picture:SHA256` in texts, by the digest of its bytes, so that the same picture is the
same wherever it came from.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from exams.content import Choice, VersionContent
from exams.errors import FileRefused

KEPT, CHANGED, REFUSED = "kept", "changed", "refused"
ITEM, STIMULUS = "item", "stimulus"
# How much of a text a note quotes.
QUOTED = 80
MOST_NOTES = 300
MOST_PICTURES = 60_000_000  # bytes of one file together
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class PictureFile:
    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Place:
    """Where an item belongs; empty where the file does not say. `edition` is an edition's identifier."""

    competence: str = ""
    area: int | None = None
    level: str = ""
    edition: str = ""


def _add_note(notes: list[str], text: str) -> None:
    """Once each; a file that loses hundreds of things is told so instead of being listed for ever."""
    if len(notes) < MOST_NOTES:
        if text not in notes:
            notes.append(text)
    elif len(notes) == MOST_NOTES:
        notes.append(_("More is not kept than can be listed here."))


@dataclass
class Entry:
    """One thing of a file: an item, or a stimulus, whose words stand in `content.wordings[…].stem`.

    `place` says where it stands in the file, for people; `language` is set when the file says it.
    """

    at: str
    kind: str = ITEM
    code: str = ""
    title: str = ""
    type: str = ""
    language: str = ""
    content: VersionContent = field(default_factory=VersionContent)
    place: Place = field(default_factory=Place)
    notes: list[str] = field(default_factory=list)
    refusal: str = ""
    # What is worth a look and loses nothing: flaws, and items much like it (exams.actions.import_quality).
    warnings: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        return REFUSED if self.refusal else CHANGED if self.notes else KEPT

    def note(self, text: str) -> None:
        _add_note(self.notes, text)

    def refuse(self, reason: str) -> None:
        self.refusal = self.refusal or reason

    def line(self) -> dict[str, Any]:
        """Its line of the report."""
        stem = next((wording.stem for wording in self.content.wordings.values()), "")
        return {
            "at": self.at,
            "code": self.code,
            "type": self.type or self.kind,
            "title": quoted(stem or self.title),
            "status": self.status,
            "notes": [self.refusal] if self.refusal else list(self.notes),
            "warnings": [] if self.refusal else list(self.warnings),
        }


@dataclass
class Reading:
    """A whole file: its entries, the pictures they name by digest, and what concerns the file as a whole."""

    entries: list[Entry] = field(default_factory=list)
    pictures: dict[str, PictureFile] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    pictures_size: int = 0

    def note(self, text: str) -> None:
        _add_note(self.notes, text)

    def add_picture(self, name: str, data: bytes) -> str:
        """Keep a picture; returns its digest."""
        picture = PictureFile(name, data)
        if picture.sha256 not in self.pictures:
            self.pictures_size += len(data)
            if self.pictures_size > MOST_PICTURES:
                most = {"most": MOST_PICTURES // 1_000_000}
                raise FileRefused(_("The pictures of the file have more than %(most)s MB together.") % most)
        return self.pictures.setdefault(picture.sha256, picture).sha256


@dataclass
class Written:
    """A file made by a writer, and a line per entry that says what the format could not carry."""

    data: bytes
    suffix: str
    entries: list[Entry] = field(default_factory=list)


def quoted(text: str, most: int = QUOTED) -> str:
    """A text as notes quote it: without markup, on one line, not too long."""
    plain = " ".join(unescape(_TAG.sub(" ", text[: most * 20])).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def canonical(content: VersionContent) -> VersionContent:
    """The content with what no row holds left out, so that equal contents are equal: empty texts of options, and
    the order in which languages were met."""
    return replace(
        content,
        wordings={language: content.wordings[language] for language in sorted(content.wordings)},
        choices=tuple(
            Choice(
                {language: choice.texts[language] for language in sorted(choice.texts) if choice.texts[language]},
                choice.is_key,
                choice.group,
                choice.pair,
            )
            for choice in content.choices
        ),
    )
