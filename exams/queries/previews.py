"""A version as a candidate would be sent it."""

from __future__ import annotations

from typing import Any

from exams.models import ItemVersion
from exams.rendering import render_document


def preview_document(version: ItemVersion, language: str) -> dict[str, Any] | None:
    """A paper of this one question, made by the serialiser papers are sealed with, which has no key field;
    None when the version does not speak the language."""
    try:
        document, _pictures = render_document(language, [(version.item.code, [(1, version)])])
    except LookupError:
        return None
    return document
