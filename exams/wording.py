"""The one allow-list for what an item may contain, on the way in and on the way out."""

from __future__ import annotations

import nh3

# Enough for a question: no links (they lead out of the room), no classes, no styles, no images from elsewhere.
ALLOWED_TAGS = {
    "p", "br", "em", "strong", "i", "b", "u", "s", "sub", "sup", "code", "pre", "blockquote", "ul", "ol", "li",
    "table", "caption", "thead", "tbody", "tr", "th", "td", "span",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"th": {"scope"}, "td": {"colspan", "rowspan"}, "span": {"lang"}, "ol": {"start"}}


def clean_html(html: str) -> str:
    """The html with everything dropped that is not on the list; plain text comes back escaped."""
    return nh3.clean(html, tags=ALLOWED_TAGS, attributes=ALLOWED_ATTRIBUTES, link_rel=None)
