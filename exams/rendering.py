"""A paper as candidates are served it, built from the parts of an item that item types call public.

Sealing and previewing go through here alike: what a writer sees is what is sealed. Keys are not even read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from exams.item_types import REGISTRY
from exams.models import ItemVersion, Picture, Stimulus
from exams.wording import clean_html, picture_named, pictures_in, with_sources

# A title, and its positions: each a number and a version.
Section = tuple[str, list[tuple[int, ItemVersion]]]


def render_document(language: str, sections: list[Section]) -> tuple[dict[str, Any], list[Picture]]:
    """The contract's document in that language, options in the author's order, and the pictures that they show.

    LookupError when something has no words in it. One query more than the versions cost, and only when there
    are pictures; those of another bank are not found.
    """
    plain = _document(language, sections)
    banks = {version.item.bank_id for _title, members in sections for _number, version in members}
    named = {uuid for text in _texts(plain) for uuid in [*pictures_in(text), picture_named(text)] if uuid}
    pictures = list(Picture.objects.filter(uuid__in=named, bank__in=banks)) if named else []
    return _with_pictures(plain, {str(picture.uuid): picture for picture in pictures}), pictures


def _document(language: str, sections: list[Section]) -> dict[str, Any]:
    """With pictures still named by their uuid."""
    names: dict[int, str] = {}
    stimuli: dict[str, str] = {}
    shown: list[dict[str, Any]] = []
    for title, members in sections:
        positions = []
        for number, version in members:
            position = {"position": number, **render_position(version, language)}
            if version.stimulus is not None:
                name = names.setdefault(version.stimulus.pk, f"s{len(names) + 1}")
                stimuli[name] = stimulus_html(version.stimulus, language)
                position["stimulus"] = name
            positions.append(position)
        shown.append({"title": title, "positions": positions})
    document: dict[str, Any] = {"language": language, "sections": shown}
    return {**document, "stimuli": stimuli} if stimuli else document


def render_position(version: ItemVersion, language: str) -> dict[str, Any]:
    """A version with how it scores in a word; `keep_option_order` is for delivery and never served."""
    kind = REGISTRY[version.item.type]
    shown = kind.public(version, language)
    shown["scoring"] = {"rule": version.scoring_rule, "points": version.points}
    keeps = kind.keeps_order or (version.keep_option_order and not kind.order_is_key)
    if keeps and ("options" in shown or "gaps" in shown):
        shown["keep_option_order"] = True
    return shown


def stimulus_html(stimulus: Stimulus, language: str) -> str:
    for wording in stimulus.wordings.all():
        if wording.language == language and wording.text.strip():
            return clean_html(wording.text)
    raise LookupError(f"{stimulus} has no wording in {language}")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        if "picture:" in value:
            yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def public_source(uuid: object) -> str:
    return reverse("exams:picture", args=[str(uuid)])


def _with_pictures(value: Any, pictures: dict[str, Picture]) -> Any:
    """The document with the sources and sizes of its pictures; one that is not there loses its source."""
    if isinstance(value, list):
        return [_with_pictures(inner, pictures) for inner in value]
    if isinstance(value, str):
        return with_sources(value, lambda uuid: _attributes(pictures.get(uuid))) if "picture:" in value else value
    if not isinstance(value, dict):
        return value
    if isinstance(image := value.get("image"), dict):
        picture = pictures.get(image["src"].removeprefix("picture:"))
        size = (picture.width, picture.height) if picture else (0, 0)
        source = public_source(picture.uuid) if picture else ""
        value = {**value, "image": {**image, "src": source, "width": size[0], "height": size[1]}}
    return {name: inner if name == "image" else _with_pictures(inner, pictures) for name, inner in value.items()}


def _attributes(picture: Picture | None) -> str:
    return f'src="{public_source(picture.uuid)}" width="{picture.width}" height="{picture.height}"' if picture else ""
