"""A QTI content package: items, pictures and the manifest that lists them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from django.utils.translation import gettext as _
from lxml import etree

from exams.interchange.extras import MARK, as_text, extras_of
from exams.interchange.images import NotAPicture, encoded
from exams.interchange.qti.names import to_v3
from exams.interchange.qti.writer import TYPES, write_item
from exams.interchange.record import STIMULUS, Entry

V2P2, V3P0 = "2.2", "3.0"
SCHEMA = {V2P2: ("QTIv2.2 Package", "1.0.0", "imsqti_item_xmlv2p2"), V3P0: ("QTI Package", "3.0.0", "imsqti_item_xmlv3p0")}
PACKAGE = {V2P2: "http://www.imsglobal.org/xsd/imscp_v1p1", V3P0: "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"}


def pack(
    entries: Sequence[Entry], files: dict[str, bytes], bank: str, languages: Sequence[str], version: str
) -> dict[str, bytes]:
    """Member to bytes; entries whose pictures are called by file names. What cannot be written is refused."""
    sizes = {f"../pictures/{name}": size for name, data in files.items() if (size := _size(data))}
    members: dict[str, bytes] = {}
    resources: list[str] = []
    taken: set[str] = set()
    for entry in entries:
        if entry.kind != STIMULUS and entry.type not in TYPES:
            entry.refuse(_("QTI has no questions of this type."))
            continue
        for language in languages:
            if language in entry.content.wordings and not entry.refusal:
                _add(entry, language, version, sizes, files, members, resources, taken)
    for name, data in files.items():
        members[f"pictures/{name}"] = data
    members["imsmanifest.xml"] = _manifest(bank, version, resources)
    return members


def _add(
    entry: Entry,
    language: str,
    version: str,
    sizes: dict[str, tuple[int, int]],
    files: dict[str, bytes],
    members: dict[str, bytes],
    resources: list[str],
    taken: set[str],
) -> None:
    identifier = _identifier(entry, language, taken)
    try:
        xml, more = write_item(entry, identifier, language, sizes)
    except LookupError:
        entry.refuse(_("A gap has no place in the words, or no answer in one of its languages."))
        return
    root = etree.fromstring(xml.encode())
    if version == V3P0:
        xml = etree.tostring(to_v3(root), encoding="unicode")
        for template in ("match_correct", "map_response_point", "map_response"):
            old = f'"http://www.imsglobal.org/question/qti_v2p2/rptemplates/{template}"'
            xml = xml.replace(old, f'"https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{template}.xml"')
        xml = re.sub(r' xsi:schemaLocation="[^"]*"', "", xml)
    path = f"items/{identifier}.xml"
    members[path] = f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}\n'.encode()
    shown = {name: value for name, value in entry.content.presentation.items() if name not in ("picture", "alt")}
    extras = extras_of(entry, language, **{**more, "presentation": shown})
    used = [name for name in files if name in xml]
    listed = "".join(f'<file href="pictures/{escape(name, quote=True)}"/>' for name in used)
    resources.append(
        f'<resource identifier="R_{identifier}" type="{SCHEMA[version][2]}" href="{path}"><metadata>'
        f'<{MARK} xmlns="urn:touchstone:items">{escape(as_text(extras), quote=False)}</{MARK}></metadata>'
        f'<file href="{path}"/>{listed}</resource>'
    )


def _identifier(entry: Entry, language: str, taken: set[str]) -> str:
    """A name that QTI and every file system take, and no other item has."""
    stem = re.sub(r"[^A-Za-z0-9_.-]", "_", f"{'S' if entry.kind == STIMULUS else 'I'}_{entry.code}.{language}")
    name, number = stem, 1
    while name.lower() in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name.lower())
    return name


def _size(data: bytes) -> tuple[int, int] | None:
    try:
        picture = encoded(data, trusted=True)
    except NotAPicture:
        return None
    return picture.width, picture.height


def _manifest(bank: str, version: str, resources: list[str]) -> bytes:
    schema, number, _type = SCHEMA[version]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest xmlns="{PACKAGE[version]}" identifier="M_{re.sub(r"[^A-Za-z0-9_.-]", "_", bank)}">'
        f"<metadata><schema>{schema}</schema><schemaversion>{number}</schemaversion></metadata>"
        f"<organizations/><resources>{''.join(resources)}</resources></manifest>\n"
    ).encode()
