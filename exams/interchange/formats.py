"""The formats by the names that the commands and pages use. A new format: a reader, a writer, one line here."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.errors import FileRefused
from exams.interchange.aiken import read_aiken, write_aiken
from exams.interchange.csv_reader import read_csv
from exams.interchange.csv_writer import write_csv
from exams.interchange.gift_reader import read_gift
from exams.interchange.gift_writer import write_gift
from exams.interchange.languages import merge_languages
from exams.interchange.limits import Package, is_package
from exams.interchange.moodle_reader import read_moodle
from exams.interchange.moodle_writer import write_moodle
from exams.interchange.pictures import PLUGIN_FILE, file_name, map_texts, names_in, rename_sources
from exams.interchange.qti.package import read_qti
from exams.interchange.qti.packing import V2P2, V3P0, pack
from exams.interchange.record import Entry, PictureFile, Reading, Written
from exams.interchange.sources import add_package_pictures, language_in, texts_of

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# One fixed moment: the same bank gives the same file.
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
Pictures = dict[str, PictureFile]


@dataclass(frozen=True)
class Format:
    """`read` takes bytes and the language of texts that state none; `write` takes entries whose texts name pictures by
    digest, those pictures, the bank's code and the languages."""

    code: str
    label: _StrOrPromise
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str], Reading]
    write: Callable[[Sequence[Entry], Pictures, str, Sequence[str]], Written]


def packed(members: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in members.items():
            zipped.writestr(zipfile.ZipInfo(name, ZIP_MOMENT), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def with_files(entries: Sequence[Entry], pictures: Pictures, prefix: str) -> tuple[list[Entry], dict[str, bytes]]:
    """The entries with pictures called by file names, and those files. The notes stay those of the entries given."""
    used = {name for entry in entries for name in names_in(entry.content)} & set(pictures)
    names = {sha: file_name(pictures[sha]) for sha in used}

    def named(source: str) -> str | None:
        sha = source.removeprefix("picture:")
        return f"{prefix}{names[sha]}" if sha in names else None

    def spelt(text: str) -> str:
        return rename_sources(text, named)

    copies = [replace(entry, content=map_texts(entry.content, spelt)) for entry in entries]
    return copies, {names[sha]: pictures[sha].data for sha in sorted(used)}


def _read_gift(data: bytes, language: str) -> Reading:
    texts, package = texts_of(data, (".gift", ".txt"))
    reading = Reading()
    for name, text in texts.items():
        part = read_gift(text, language_in(name) or language)
        for entry in part.entries:
            entry.at = f"{name} {entry.at}" if len(texts) > 1 else entry.at
        reading.entries += part.entries
        reading.notes += part.notes
    reading.entries = merge_languages(reading.entries) if len(texts) > 1 else reading.entries
    add_package_pictures(reading, package, set(texts))
    return reading


def _write_gift(entries: Sequence[Entry], pictures: Pictures, bank: str, languages: Sequence[str]) -> Written:
    copies, files = with_files(entries, pictures, PLUGIN_FILE)
    data = write_gift(copies, bank, languages).encode()
    _give_back(copies, entries)
    if not files:
        return Written(data, ".gift", list(entries))
    members = {f"{bank}.gift": data, **{f"pictures/{name}": picture for name, picture in files.items()}}
    return Written(packed(members), ".gift.zip", list(entries))


def _give_back(copies: Sequence[Entry], entries: Sequence[Entry]) -> None:
    for copy, entry in zip(copies, entries, strict=True):
        entry.refusal = copy.refusal


def _name_places(copies: Sequence[Entry], pictures: Pictures, folder: str) -> None:
    """Let the items whose answer is a place in a picture name its file, as texts do."""
    for copy in copies:
        picture = copy.content.presentation.get("picture")
        if picture in pictures:
            shown = {**copy.content.presentation, "picture": f"{folder}{file_name(pictures[picture])}"}
            copy.content = replace(copy.content, presentation=shown)


def _read_moodle(data: bytes, language: str) -> Reading:
    if not is_package(data):
        return read_moodle(data, language)
    package = Package(data)
    names = [name for name in package.names if name.lower().endswith(".xml")]
    if len(names) != 1:
        raise FileRefused(_("A package of Moodle XML holds exactly one file with .xml at its end."))
    reading = read_moodle(package.read(names[0]), language)
    add_package_pictures(reading, package, set(names))
    return reading


def _write_moodle(entries: Sequence[Entry], pictures: Pictures, bank: str, languages: Sequence[str]) -> Written:
    copies, files = with_files(entries, pictures, PLUGIN_FILE)
    data = write_moodle(copies, files, bank, languages)
    _give_back(copies, entries)
    return Written(data, ".xml", list(entries))


def _read_aiken(data: bytes, language: str) -> Reading:
    texts, package = texts_of(data, (".txt", ".aiken"))
    if len(texts) == 1:
        reading = read_aiken({language_in(name) or language: text for name, text in texts.items()})
    else:
        by_language = {language_in(name): text for name, text in texts.items()}
        if len(by_language) != len(texts) or "" in by_language:
            raise FileRefused(_("Several files in one package have to be named after their languages: en.txt, zh-hans.txt."))
        reading = read_aiken(by_language)
    add_package_pictures(reading, package, set(texts))
    return reading


def _write_aiken(entries: Sequence[Entry], pictures: Pictures, bank: str, languages: Sequence[str]) -> Written:
    spoken = [language for language in languages if any(language in entry.content.wordings for entry in entries)] or ["en"]
    for entry in entries:
        if set(spoken) - set(entry.content.wordings):
            entry.refuse(
                _("It is not written in every language of this export, and Aiken tells languages apart by place only.")
            )
    fitting = [entry for entry in entries if not entry.refusal]
    # First all languages for the refusals, then again for the files: an entry stands in all of them or in none.
    for language in spoken:
        write_aiken(fitting, language)
    fitting = [entry for entry in fitting if not entry.refusal]
    texts = {language: write_aiken(fitting, language).encode() for language in spoken}
    if len(texts) == 1:
        return Written(next(iter(texts.values())), ".txt", list(entries))
    return Written(packed({f"{language}.txt": text for language, text in texts.items()}), ".aiken.zip", list(entries))


def _read_csv(data: bytes, language: str) -> Reading:
    texts, package = texts_of(data, (".csv", ".tsv", ".txt"))
    if len(texts) != 1:
        raise FileRefused(_("A package of this format holds exactly one table."))
    reading = read_csv(next(iter(texts.values())), language)
    add_package_pictures(reading, package, set(texts))
    return reading


def _write_csv(entries: Sequence[Entry], pictures: Pictures, bank: str, languages: Sequence[str]) -> Written:
    copies, files = with_files(entries, pictures, "pictures/")
    _name_places(copies, pictures, "pictures/")
    # The mark by which Excel knows UTF-8.
    data = ("\ufeff" + write_csv(copies, languages)).encode()
    _give_back(copies, entries)
    if not files:
        return Written(data, ".csv", list(entries))
    members = {f"{bank}.csv": data, **{f"pictures/{name}": picture for name, picture in files.items()}}
    return Written(packed(members), ".csv.zip", list(entries))


def _write_qti(entries: Sequence[Entry], pictures: Pictures, bank: str, languages: Sequence[str], *, version: str) -> Written:
    copies, files = with_files(entries, pictures, "../pictures/")
    _name_places(copies, pictures, "../pictures/")
    members = pack(copies, files, bank, languages, version)
    _give_back(copies, entries)
    return Written(packed(members), ".zip", list(entries))


FORMATS: dict[str, Format] = {
    format.code: format
    for format in (
        Format("gift", gettext_lazy("GIFT"), (".gift", ".txt", ".zip"), _read_gift, _write_gift),
        Format("moodlexml", gettext_lazy("Moodle XML"), (".xml", ".zip"), _read_moodle, _write_moodle),
        Format("aiken", gettext_lazy("Aiken"), (".txt", ".zip"), _read_aiken, _write_aiken),
        Format("qti", gettext_lazy("QTI 2.2"), (".zip", ".xml"), read_qti, partial(_write_qti, version=V2P2)),
        Format("qti3", gettext_lazy("QTI 3.0"), (".zip", ".xml"), read_qti, partial(_write_qti, version=V3P0)),
        Format("csv", gettext_lazy("CSV table"), (".csv", ".zip"), _read_csv, _write_csv),
    )
}


def read_file(format: str, data: bytes, language: str) -> Reading:
    """Raises FileRefused: what is wrong with the file as a whole, in words."""
    return FORMATS[format].read(data, language)
