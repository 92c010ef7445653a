"""Pictures on their way: what texts call them in a file, and `picture:SHA256` between reading and writing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from exams.content import Choice, VersionContent
from exams.interchange.record import Entry, PictureFile, Reading

PLUGIN_FILE = "@@PLUGINFILE@@/"
_SOURCE = re.compile(r"""(<img\b[^<>]*?\bsrc\s*=\s*)(?:"([^"<>]*)"|'([^'<>]*)')""", re.IGNORECASE)
_NAMED = re.compile(r"picture:([0-9a-zA-Z-]{8,64})")
SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def map_texts(content: VersionContent, change: Callable[[str], str]) -> VersionContent:
    """The content with every text that may hold a picture changed."""
    wordings = {
        language: replace(wording, stem=change(wording.stem), rationale=change(wording.rationale))
        for language, wording in content.wordings.items()
    }
    choices = tuple(
        Choice({language: change(text) for language, text in choice.texts.items()}, choice.is_key, choice.group, choice.pair)
        for choice in content.choices
    )
    return replace(content, wordings=wordings, choices=choices)


def rename_sources(text: str, name: Callable[[str], str | None]) -> str:
    """The text with the sources of its pictures renamed; those that `name` does not know stay."""
    if "<img" not in text.lower():
        return text

    def changed(found: re.Match[str]) -> str:
        new = name(found[2] if found[2] is not None else found[3])
        return found[0] if new is None else f'{found[1]}"{new}"'

    return _SOURCE.sub(changed, text)


def sources(text: str) -> list[str]:
    return [found[2] if found[2] is not None else found[3] for found in _SOURCE.finditer(text)]


def take_in(entries: list[Entry], reading: Reading, find: Callable[[str], bytes | None]) -> None:
    """Let the texts of the entries name their pictures by digest; `find` gives the bytes of a source, or None."""

    def named(source: str) -> str | None:
        plain = unquote(source.removeprefix(PLUGIN_FILE)).split("?")[0]
        data = find(plain)
        return None if data is None else f"picture:{reading.add_picture(plain.rsplit('/', 1)[-1], data)}"

    for entry in entries:
        entry.content = map_texts(entry.content, lambda text: rename_sources(text, named))
        hotspot = entry.content.presentation.get("picture")
        if isinstance(hotspot, str) and hotspot not in reading.pictures and (new := named(hotspot)):
            shown = {**entry.content.presentation, "picture": new.removeprefix("picture:")}
            entry.content = replace(entry.content, presentation=shown)


def names_in(content: VersionContent) -> set[str]:
    """Every name that follows `picture:` in the texts, and the one of a hotspot."""
    found: set[str] = set()

    def look(text: str) -> str:
        if "picture:" in text:
            found.update(_NAMED.findall(text))
        return text

    map_texts(content, look)
    hotspot = content.presentation.get("picture")
    return found | ({hotspot} if isinstance(hotspot, str) and hotspot else set())


def rename_pictures(content: VersionContent, new: dict[str, str]) -> VersionContent:
    """The content with its pictures called something else; names that are not in the table stay."""
    if not names_in(content) & set(new):
        return content
    renamed = map_texts(content, lambda text: _NAMED.sub(lambda found: f"picture:{new.get(found[1], found[1])}", text))
    hotspot = content.presentation.get("picture")
    if hotspot in new:
        renamed = replace(renamed, presentation={**renamed.presentation, "picture": new[hotspot]})
    return renamed


def file_name(picture: PictureFile) -> str:
    """A name that is the picture's alone, whatever others are called."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", picture.name.rsplit("/", 1)[-1])[-60:] or "picture"
    return plain if plain.startswith(picture.sha256[:12]) else f"{picture.sha256[:12]}-{plain}"
