"""Reading QTI: one item as XML, or a content package with its manifest, of QTI 2.1, 2.2 or 3.0."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext as _

from exams.content import VersionContent, Wording
from exams.errors import FileRefused
from exams.interchange.extras import MARK, read_extras
from exams.interchange.images import NotAPicture, encoded
from exams.interchange.languages import merge_languages
from exams.interchange.limits import Package, check_count, check_size, is_package
from exams.interchange.pictures import SUFFIXES, map_texts, rename_sources
from exams.interchange.qti.bodies import html_of
from exams.interchange.qti.items import read_item
from exams.interchange.qti.names import attribute, child, children, descendants, name
from exams.interchange.record import STIMULUS, Entry, Reading, quoted
from exams.interchange.xml import Element, local, parse

MANIFEST = "imsmanifest.xml"
Find = Callable[[str], bytes | None]


@dataclass
class _Files:
    """The package's members as an item at some place of it names them."""

    package: Package | None
    reading: Reading
    used: set[str] = field(default_factory=set)

    def path(self, item: str, source: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(item), unquote(source.split("#")[0].split("?")[0])))

    def find(self, item: str, source: str) -> bytes | None:
        path = self.path(item, source)
        if self.package is None or path not in self.package or not path.lower().endswith(SUFFIXES):
            return None
        self.used.add(path)
        return self.package.read(path)

    def size(self, item: str, source: str) -> tuple[int, int] | None:
        data = self.find(item, source)
        if data is None:
            return None
        try:
            picture = encoded(data, trusted=True)
        except NotAPicture:
            return None
        return picture.width, picture.height

    def take_in(self, item: str, entry: Entry) -> None:
        """Let the entry name its pictures by digest."""

        def named(source: str) -> str | None:
            data = self.find(item, source)
            return f"picture:{self.reading.add_picture(posixpath.basename(source), data)}" if data is not None else None

        entry.content = map_texts(entry.content, lambda text: rename_sources(text, named))
        source = entry.content.presentation.get("picture")
        if entry.type == "hotspot" and isinstance(source, str):
            digest = named(source)
            if digest is None and not entry.refusal and source not in self.reading.pictures:
                entry.refuse(_("The file does not bring its picture: “%(name)s”.") % {"name": quoted(source)})
            elif digest:
                shown = {**entry.content.presentation, "picture": digest.removeprefix("picture:")}
                entry.content = replace(entry.content, presentation=shown)


def read_qti(data: bytes, language: str) -> Reading:
    check_size(data)
    reading = Reading()
    if not is_package(data):
        files = _Files(None, reading)
        root = parse(data)
        reading.entries = _old_items(root, "")
        if reading.entries:
            return reading
        entry = _document(root, "", language, {}, files)
        if entry is None:
            raise FileRefused(_("This is no QTI: it begins with <%(name)s>.") % {"name": local(root)[:40]})
        reading.entries = [entry]
        return reading
    package = Package(data)
    files = _Files(package, reading)
    entries = []
    for path, extras in _documents(package, reading, files):
        root = parse(package.read(path), path)
        found: list[Entry | None] = [*_old_items(root, path)]
        found = found or [_document(root, path, language, extras, files)]
        files.used.add(path)
        entries += [entry for entry in found if entry is not None]
        check_count(len(entries))
    reading.entries = merge_languages(entries)
    _name_the_rest(package, reading, files)
    return reading


def _documents(package: Package, reading: Reading, files: _Files) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, our own extras) of what the manifest lists; of every XML file when there is no manifest."""
    manifest = next((member for member in package.names if posixpath.basename(member).lower() == MANIFEST), None)
    if manifest is None:
        for member in package.names:
            if member.lower().endswith(".xml") and not member.startswith("__MACOSX/"):
                yield member, {}
        return
    files.used.add(manifest)
    root = parse(package.read(manifest), manifest)
    for resource in descendants(root, "resource"):
        kind = attribute(resource, "type").lower()
        href = attribute(resource, "href") or next((attribute(file, "href") for file in children(resource, "file")), "")
        path = files.path(manifest, href)
        if not href or not kind.startswith("imsqti"):
            continue
        if path not in package:
            reading.note(_("The manifest lists a file that the package does not hold: “%(name)s”.") % {"name": quoted(path)})
            continue
        own = next(iter(descendants(resource, MARK)), None)
        if own is None:
            _metadata(resource, path, reading)
        yield path, read_extras(own.text or "") if own is not None else {}


def _metadata(resource: Element, path: str, reading: Reading) -> None:
    metadata = child(resource, "metadata")
    words = " ".join("".join(metadata.itertext()).split()) if metadata is not None else ""
    if words:
        reading.note(_("Metadata of “%(name)s” not kept: %(text)s") % {"name": quoted(path), "text": quoted(words, 160)})


def _document(root: Element, path: str, language: str, extras: dict[str, Any], files: _Files) -> Entry | None:
    own = name(root)
    at = path or (_("item %(code)s") % {"code": quoted(attribute(root, "identifier")) or "1"})
    if own == "assessmentItem":
        entry = read_item(root, at, language, extras, lambda source: files.size(path, source))
        files.take_in(path, entry)
        _stimulus_of(root, entry)
        return entry
    if own == "assessmentStimulus":
        return _stimulus(root, at, path, language, files)
    if own in ("assessmentTest", "assessmentSection"):
        return _test(root, at, path, files)
    if path:
        files.reading.note(_("A file of the package is not kept: “%(name)s”.") % {"name": quoted(path)})
        files.used.add(path)
    return None


def _old_items(root: Element, path: str) -> list[Entry]:
    """A refusal for every item of a file in QTI 1.2, as Canvas writes it; nothing for any other file."""
    if name(root) != "questestinterop":
        return []
    entries = []
    for item in list(descendants(root, "item")) or [root]:
        at = _("item %(code)s") % {"code": quoted(attribute(item, "ident")) or "1"}
        entry = Entry(f"{path} {at}".strip(), code=attribute(item, "ident"), title=attribute(item, "title"), type="qti 1.2")
        entry.refuse(_("This is QTI 1.2. QTI 2.1, 2.2 and 3.0 are read; let the program that wrote it export one of these."))
        entries.append(entry)
    return entries


def _test(root: Element, at: str, path: str, files: _Files) -> Entry | None:
    """A test orders items of other files. In a package that is a note; alone there is nothing to import."""
    count = sum(1 for _ref in descendants(root, "assessmentItemRef"))
    title = attribute(root, "title") or attribute(root, "identifier")
    if path:
        note = _("A test is not kept, only its items: “%(title)s” (order, sections and rules of %(count)s items).")
        files.reading.note(note % {"title": quoted(title), "count": count})
        files.used.add(path)
        return None
    entry = Entry(at, code=attribute(root, "identifier"), title=title, type="test")
    reason = _("This file is a test: it names %(count)s items in other files and holds none. Import the package, or the items.")
    entry.refuse(reason % {"count": count})
    return entry


def _stimulus(root: Element, at: str, path: str, language: str, files: _Files) -> Entry:
    body = child(root, "stimulusBody")
    entry = Entry(at, kind=STIMULUS, code=attribute(root, "identifier"), title=attribute(root, "title"))
    words = html_of(body) if body is not None else ""
    entry.content = VersionContent({language: Wording(words)})
    files.take_in(path, entry)
    return entry


def _stimulus_of(root: Element, entry: Entry) -> None:
    refs = children(root, "assessmentStimulusRef")
    if refs and not entry.content.stimulus:
        entry.content = replace(entry.content, stimulus=attribute(refs[0], "identifier")[:40])
    for ref in refs[1:]:
        entry.note(_("A second stimulus is not kept: “%(name)s”.") % {"name": quoted(attribute(ref, "identifier"))})


def _name_the_rest(package: Package, reading: Reading, files: _Files) -> None:
    for member in package.names:
        if member not in files.used and not member.startswith("__MACOSX/"):
            reading.note(_("A file of the package is not kept: “%(name)s”.") % {"name": quoted(member)})
