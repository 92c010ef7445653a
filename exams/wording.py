"""The one allow-list for what an item may contain, on the way in and on the way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from html import unescape

import nh3

# Enough for a question: no links (they lead out of the room), no classes, no styles, no images from elsewhere.
ALLOWED_TAGS = {
    "p", "br", "em", "strong", "i", "b", "u", "s", "sub", "sup", "code", "pre", "blockquote", "ul", "ol", "li",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "img",
}  # fmt: skip
# Presentation MathML, which browsers draw without script. `semantics` without its annotations: those are source text.
MATH_TAGS = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot",
    "mtable", "mtr", "mtd", "mover", "munder", "munderover", "mfenced", "mstyle", "semantics",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "th": {"scope"}, "td": {"colspan", "rowspan"}, "span": {"lang"}, "ol": {"start"}, "img": {"src", "alt"},
    "math": {"display"}, "mi": {"mathvariant"}, "mo": {"stretchy", "form"}, "mfrac": {"linethickness"},
    "mspace": {"width"}, "mfenced": {"open", "close", "separators"}, "mstyle": {"displaystyle"},
    "mover": {"accent"}, "munder": {"accentunder"},
}  # fmt: skip
DROPPED_WITH_CONTENT = {"script", "style", "annotation", "annotation-xml"}

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PICTURE = re.compile(f"picture:{_UUID}")
_IMG = re.compile(r'<img(?: (?:src|alt)="[^"]*")*>')
_SRC = re.compile(f' src="picture:({_UUID})"')
_ALT = re.compile(r' alt="([^"]*)"')
# Text between tags, as nh3 writes them: attributes in double quotes, so a `>` within one ends nothing.
_TAG = re.compile(r'(<(?:"[^"]*"|[^">])*>)')
_WITHIN_WORDS = re.compile(r"</?(?:em|strong|i|b|u|s|sub|sup|code|span|m[a-z]+)\b")
_GAP = re.compile(r"\[\[([A-Za-z0-9_-]{1,20})\]\]")


def clean_html(html: str) -> str:
    """The html with everything dropped that is not on the list; plain text comes back escaped."""
    cleaned = nh3.clean(
        html,
        tags=ALLOWED_TAGS | MATH_TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ALLOWED_ATTRIBUTES,
        attribute_filter=_own_pictures_only,
        url_schemes={"picture"},
        link_rel=None,
    )
    return _IMG.sub(lambda img: img[0] if _SRC.search(img[0]) else "", cleaned) if "<img" in cleaned else cleaned


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if _PICTURE.fullmatch(value) else None
    return value


# --- Pictures -----------------------------------------------------------------------------------


def pictures_in(html: str) -> list[str]:
    """The uuids of the pictures that cleaned html shows, in order."""
    return [uuid for img in _IMG.findall(html) for uuid in _SRC.findall(img)]


def picture_named(text: object) -> str | None:
    """The uuid when the whole text is `picture:UUID`."""
    return text.removeprefix("picture:") if isinstance(text, str) and _PICTURE.fullmatch(text) else None


def undescribed_pictures(html: str) -> int:
    """How many pictures of cleaned html have no alternative text."""
    return sum(1 for img in _IMG.findall(html) if not any(map(str.strip, _ALT.findall(img))))


def with_sources(html: str, source: Callable[[str], str]) -> str:
    """Cleaned html whose `src="picture:…"` became the attributes that `source` gives for the uuid."""
    return _IMG.sub(lambda img: _SRC.sub(lambda src: f" {source(src[1])}", img[0]), html)


# --- Gaps ---------------------------------------------------------------------------------------


def gap_names(html: str) -> list[str]:
    """The gaps that a stem names as `[[g1]]`, in order; brackets within a tag are none."""
    return [name for text in _TAG.split(clean_html(html))[::2] for name in _GAP.findall(text)]


def with_gap_spans(html: str, known: Collection[str]) -> str:
    """Cleaned html with a `<span data-gap="g1"></span>` where a known gap was named."""
    pieces = _TAG.split(html)
    pieces[::2] = [
        _GAP.sub(lambda gap: f'<span data-gap="{gap[1]}"></span>' if gap[1] in known else gap[0], text) for text in pieces[::2]
    ]
    return "".join(pieces)


def words_only(html: str) -> str:
    """The words of cleaned html on one line; tags end words, except those that mark part of one."""
    if "<" in html:
        pieces = _TAG.split(html)
        pieces[1::2] = ["" if _WITHIN_WORDS.match(tag) else " " for tag in pieces[1::2]]
        html = "".join(pieces)
    return " ".join((unescape(html) if "&" in html else html).split())


def has_content(html: str) -> bool:
    """True when html says anything: words, a picture or a formula."""
    if "<" not in html and "&" not in html:
        return bool(html.strip())
    cleaned = clean_html(html)
    return bool("".join(_TAG.split(cleaned)[::2]).replace("&nbsp;", " ").strip() or _IMG.search(cleaned))
