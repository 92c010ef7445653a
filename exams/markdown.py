"""Plain marks for writers and files: Markdown to the HTML an item may contain, and an option's HTML back to text."""

from __future__ import annotations

import html
import re

from markdown_it import MarkdownIt

from exams.wording import clean_html

# Raw HTML in a text is shown, not obeyed; links and images are left out, they lead out of the room.
_BLOCKS = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink", "html_block"])
# An option is one line: emphasis, strong, code and backslashes, nothing else.
_LINE = MarkdownIt("zero", {"html": False}).enable(["emphasis", "backticks", "escape"])
_SUB_AND_SUP = re.compile(r"&lt;(/?su[bp])&gt;")
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_SPECIAL = re.compile(r"([\\`*_])")


def block_html(markdown: str) -> str:
    """Paragraphs, lists, tables and code, through the allow-list."""
    return clean_html(_BLOCKS.render(markdown)).strip()


def line_html(markdown: str) -> str:
    """One line with emphasis, code, <sub> and <sup>, through the allow-list."""
    rendered = _LINE.renderInline(" ".join(markdown.split()))
    return clean_html(_SUB_AND_SUP.sub(r"<\1>", rendered)).strip()


def line_text(markup: str) -> str:
    """The text a writer edits so that `line_html` gives this HTML again; escaped only where it has to be."""
    plain = _with_marks(markup, escaped=False)
    return plain if line_html(plain) == markup else _with_marks(markup, escaped=True)


def _with_marks(markup: str, *, escaped: bool) -> str:
    parts: list[str] = []
    position, in_code = 0, False
    for tag in _TAG.finditer(markup):
        parts.append(_as_typed(markup[position : tag.start()], escaped and not in_code))
        position, name = tag.end(), tag[2]
        in_code = name == "code" and not tag[1]
        parts.append(_MARKS.get(name, f"<{tag[1]}{name}>" if name in ("sub", "sup") else ""))
    parts.append(_as_typed(markup[position:], escaped and not in_code))
    return "".join(parts)


def _as_typed(text: str, escaped: bool) -> str:
    plain = html.unescape(text)
    return _SPECIAL.sub(r"\\\1", plain) if escaped else plain
