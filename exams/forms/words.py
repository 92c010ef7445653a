"""Fields for words that may carry marks: Wagtail's editor where it can hold them, HTML where it cannot."""

from __future__ import annotations

import re

from django import forms
from wagtail.admin.rich_text import get_rich_text_editor_widget

FEATURES = ["bold", "italic", "code", "superscript", "subscript", "ol", "ul"]
# What the editor's blocks cannot hold is edited as HTML, so that opening and saving an item loses nothing.
BEYOND_THE_EDITOR = re.compile(r"<(table|pre|blockquote|span|u|s|img|math)\b")


def words_editor(html: str, language: str, *, source: bool = False) -> forms.Widget:
    if source or BEYOND_THE_EDITOR.search(html):
        return forms.Textarea(attrs={"rows": 8, "lang": language, "class": "bank-source"})
    widget: forms.Widget = get_rich_text_editor_widget("default", features=FEATURES)
    return widget
