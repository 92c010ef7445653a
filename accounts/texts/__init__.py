"""The texts people agree to, as files: what was agreed to is the SHA-256 of exactly these bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

FOLDER = Path(__file__).resolve().parent


@cache
def read_text(purpose: str, locale: str) -> str:
    """The Markdown of a text; English where a locale has none. Raises FileNotFoundError for an unknown purpose."""
    path = FOLDER / f"{purpose}.{locale}.md"
    return (path if path.exists() else FOLDER / f"{purpose}.en.md").read_text(encoding="utf-8")


@cache
def text_digest(purpose: str, locale: str) -> str:
    return hashlib.sha256(read_text(purpose, locale).encode()).hexdigest()


@cache
def text_html(purpose: str, locale: str) -> str:
    """The text for a page. Our own files, and raw HTML is off all the same."""
    return MarkdownIt("commonmark", {"html": False}).render(read_text(purpose, locale))
