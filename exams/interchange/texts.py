"""Plain text, Markdown and HTML into the HTML of an item, and back; and what the allow-list would drop, by name."""

from __future__ import annotations

import html
import re

from django.utils.translation import gettext as _

from exams.interchange.record import quoted
from exams.wording import clean_html

_BLANK_LINES = re.compile(r"\n[ \t]*\n+")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)((?:\s+[^<>]*)?)/?>")
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"</p>\s*<p>", re.IGNORECASE)


def block_of(text: str) -> str:
    """Plain text as paragraphs."""
    paragraphs = [part.strip() for part in _BLANK_LINES.split(text) if part.strip()]
    return "\n".join(f"<p>{line_of(part)}</p>" for part in paragraphs)


def line_of(text: str) -> str:
    """Plain text as one line of HTML; its line ends become breaks."""
    return html.escape(text.strip(), quote=False).replace("\n", "<br>")


def plain_of(markup: str) -> str | None:
    """The plain text that `block_of` or `line_of` makes this HTML from; None when it holds more than plain text."""
    text = markup.strip()
    if text.startswith("<p>") and text.endswith("</p>"):
        text = _PARAGRAPHS.sub("\n\n", text[3:-4])
    text = _BREAK.sub("\n", text)
    return None if "<" in text else html.unescape(text).strip()


def stripped_of(markup: str) -> str:
    """All words of the HTML, without its markup."""
    text = re.sub(r"</(p|li|tr|div|h\d)>", "\n", _BREAK.sub("\n", markup), flags=re.IGNORECASE)
    return re.sub(r"\n\s*\n+", "\n", html.unescape(re.sub(r"<[^>]*>", "", text))).strip()


def lost_markup(before: str, after: str) -> list[str]:
    """What `clean_html` took out of a text, one sentence each; nothing when it only spelt it differently."""
    if before == after or "<" not in before:
        return []
    had, has = _marks(before), _marks(after)
    lost = sorted({mark.split(" ")[0] for mark in had - has if " " not in mark})
    sentences = [_("Markup not kept: %(marks)s.") % {"marks": ", ".join(lost)[:200]}] if lost else []
    for mark in sorted(had - has):
        if mark.startswith(("img ", "object ", "audio ", "video ", "source ", "iframe ", "embed ")):
            sentences.append(_("Picture or media not kept: “%(name)s”.") % {"name": quoted(mark.split(" ", 1)[1])})
        elif mark.startswith("a "):
            sentences.append(_("Link not kept, its words are: “%(link)s”.") % {"link": quoted(mark.split(" ", 1)[1])})
    return sentences


def _marks(text: str) -> set[str]:
    """Names of tags, of attributes as `name=`, and addresses as `tag address`."""
    marks: set[str] = set()
    for closing, name, attributes in _TAG.findall(text):
        if closing:
            continue
        name = name.lower()
        marks.add(name)
        for attribute, value in _ATTRIBUTE.findall(attributes):
            marks.add(f"{attribute.lower()}=")
            if attribute.lower() in ("src", "href", "data"):
                marks.add(f"{name} {value.strip(chr(34) + chr(39))}")
    return marks


def cleaned(text: str) -> tuple[str, list[str]]:
    """The text through the allow-list, and what that took out."""
    if not text:
        return "", []
    after = clean_html(text).strip()
    return after, lost_markup(text, after)
