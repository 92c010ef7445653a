"""A version as a candidate would be sent it."""

from __future__ import annotations

from typing import Any

from exams.item_types import REGISTRY
from exams.models import ItemVersion


def preview_document(version: ItemVersion, language: str) -> dict[str, Any] | None:
    """A paper of this one question, made by the serialiser papers are sealed with, which has no key field;
    None when the version does not speak the language."""
    try:
        shown = REGISTRY[version.item.type].public(version, language)
    except LookupError:
        return None
    return {"language": language, "sections": [{"title": version.item.code, "positions": [{"position": 1, **shown}]}]}
