"""Tables with a caption and a header row."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class TableBlock(blocks.StructBlock):
    """Plain cells. Every row has as many as the header, so that a screen reader can name each one's column."""

    caption = blocks.CharBlock(max_length=240, label=_("Caption"))
    header = blocks.ListBlock(blocks.CharBlock(max_length=120), min_num=2, max_num=8, label=_("Header row"))
    rows = blocks.ListBlock(
        blocks.ListBlock(blocks.CharBlock(required=False, max_length=600), label=_("Row")), min_num=1, label=_("Rows")
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        width = len(cleaned["header"])
        wrong = [str(number) for number, row in enumerate(cleaned["rows"], 1) if len(row) != width]
        if wrong:
            message = _("The header has %(width)s cells; these rows have another number: %(rows)s.")
            raise blocks.StructBlockValidationError(
                non_block_errors=[ValidationError(message % {"width": width, "rows": ", ".join(wrong)})]
            )
        return cleaned

    class Meta:
        icon = "table"
        label = _("Table")
        template = "courses/blocks/table.html"
