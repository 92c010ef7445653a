"""Program text, shown as it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

LANGUAGES = [("python", "Python"), ("json", "JSON"), ("yaml", "YAML"), ("bash", "Shell"), ("text", _("Plain text"))]


class SourceBlock(blocks.FieldBlock):
    """A text field that wagtail-localize leaves alone: program text is not translated."""

    def __init__(self, required: bool = True, rows: int = 12, **kwargs: object) -> None:
        from django import forms

        self.field = forms.CharField(
            required=required, strip=False, widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "dir": "ltr"})
        )
        super().__init__(**kwargs)

    def get_searchable_content(self, value: str) -> list[str]:
        return [value]


class CodeBlock(blocks.StructBlock):
    language = blocks.ChoiceBlock(choices=LANGUAGES, default="text", label=_("Language"))
    caption = blocks.CharBlock(required=False, max_length=200, label=_("Caption"))
    code = SourceBlock(label=_("Code"))

    class Meta:
        icon = "code"
        label = _("Code")
        template = "courses/blocks/code.html"
