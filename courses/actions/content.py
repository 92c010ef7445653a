"""Turning the starter files' Markdown and blocks into what Wagtail stores."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import nh3
from markdown_it import MarkdownIt

# The files' subset of Markdown: no HTML, no images, no tables.
MARKDOWN = MarkdownIt("zero", {"html": False}).enable(
    ["heading", "list", "emphasis", "link", "backticks", "newline", "escape", "entity", "balance_pairs", "text_join"]
)
RICH_TAGS = {"h2", "h3", "h4", "p", "ul", "ol", "li", "b", "i", "code", "a", "br"}
NAMESPACE = uuid.UUID("0b1f1f5e-6d57-4f0c-9a53-7d7c3b7f7a10")

ImageFinder = Callable[[str], int]


def stable_id(*names: str) -> str:
    """The same id for the same thing at every load, and for a block in both languages."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def rich_text(markdown: str) -> str:
    """Markdown as Wagtail's rich text keeps it."""
    html = MARKDOWN.render(markdown)
    for old, new in (("strong", "b"), ("em", "i"), ("h1", "h2")):
        html = html.replace(f"<{old}>", f"<{new}>").replace(f"</{old}>", f"</{new}>")
    schemes = {"https", "http", "mailto"}
    return nh3.clean(html, tags=RICH_TAGS, attributes={"a": {"href"}}, url_schemes=schemes, link_rel=None).strip()


def listed(values: list[Any], *path: str) -> list[dict[str, Any]]:
    """A ListBlock's value."""
    return [{"type": "item", "value": value, "id": stable_id(*path, str(number))} for number, value in enumerate(values)]


def body_of(name: str, entries: list[dict[str, Any]], image: ImageFinder) -> list[dict[str, Any]]:
    """A StreamField's value from a file's `blocks`."""
    body = []
    for number, entry in enumerate(entries):
        (kind, content), path = next(iter(entry.items())), (name, str(number))
        body.append({"type": kind, "value": READERS[kind](content, path, image), "id": stable_id(*path)})
    return body


def _text(content: str, path: tuple[str, ...], image: ImageFinder) -> Any:
    return rich_text(content)


def _figure(content: dict[str, Any], path: tuple[str, ...], image: ImageFinder) -> Any:
    return {"image": image(content["image"]), "alt": content["alt"], "caption": content.get("caption", "")}


def _callout(content: dict[str, Any], path: tuple[str, ...], image: ImageFinder) -> Any:
    return {"tone": content["tone"], "title": content.get("title", ""), "text": rich_text(content["text"])}


def _table(content: dict[str, Any], path: tuple[str, ...], image: ImageFinder) -> Any:
    rows = [listed([str(cell) for cell in row], *path, "row", str(number)) for number, row in enumerate(content["rows"])]
    header = listed([str(cell) for cell in content["header"]], *path, "header")
    return {"caption": content["caption"], "header": header, "rows": listed(rows, *path, "rows")}


def _steps(content: dict[str, Any], path: tuple[str, ...], image: ImageFinder) -> Any:
    items = [{"title": step["title"], "text": rich_text(step.get("text", ""))} for step in content["items"]]
    return {"title": content.get("title", ""), "items": listed(items, *path, "steps")}


def _code(content: dict[str, Any], path: tuple[str, ...], image: ImageFinder) -> Any:
    return {"language": content["language"], "caption": content.get("caption", ""), "code": content["code"].rstrip("\n")}


def _term(content: dict[str, Any], path: tuple[str, ...], image: ImageFinder) -> Any:
    return {"term": content["term"], "definition": content["definition"].strip()}


def _practice(content: dict[str, Any], path: tuple[str, ...], image: ImageFinder) -> Any:
    options = [
        {"text": str(option["text"]), "correct": bool(option.get("correct")), "feedback": str(option["feedback"])}
        for option in content.get("options", [])
    ]
    number, tolerance = content.get("answer"), content.get("tolerance")
    return {
        "key": content["id"],
        "kind": content["kind"],
        "question": content["question"].strip(),
        "options": listed(options, *path, "options"),
        "answer": None if number is None else str(number),
        "tolerance": None if tolerance is None else str(tolerance),
        "unit": content.get("unit", ""),
        "feedback_right": content.get("feedback_right", ""),
        "feedback_wrong": content.get("feedback_wrong", ""),
    }


READERS: dict[str, Callable[[Any, tuple[str, ...], ImageFinder], Any]] = {
    "text": _text,
    "figure": _figure,
    "callout": _callout,
    "table": _table,
    "steps": _steps,
    "code": _code,
    "term": _term,
    "practice": _practice,
}
