"""Running text, and short text with a little emphasis."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

PROSE_FEATURES = ["h2", "h3", "h4", "bold", "italic", "code", "ol", "ul", "link", "document-link"]
NOTE_FEATURES = ["bold", "italic", "code", "ol", "ul", "link"]


class ProseBlock(blocks.RichTextBlock):
    """Headings, paragraphs, lists, links; no images and no embeds, which have blocks of their own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=PROSE_FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "courses/blocks/text.html"


class NoteBlock(blocks.RichTextBlock):
    """Text inside another block: no headings."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=NOTE_FEATURES, **kwargs)
