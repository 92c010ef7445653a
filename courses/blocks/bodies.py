"""Which blocks may stand in which body."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError

from courses.blocks.callouts import CalloutBlock, StepsBlock, TermBlock
from courses.blocks.code import CodeBlock
from courses.blocks.media import DownloadBlock, FigureBlock, VideoBlock
from courses.blocks.practice import PracticeQuestionBlock
from courses.blocks.tables import TableBlock
from courses.blocks.text import ProseBlock


class PlainBody(blocks.StreamBlock):
    """Everything but practice questions: what plain pages are made of."""

    text = ProseBlock()
    figure = FigureBlock()
    video = VideoBlock()
    callout = CalloutBlock()
    steps = StepsBlock()
    table = TableBlock()
    code = CodeBlock()
    term = TermBlock()
    download = DownloadBlock()

    class Meta:
        block_counts: dict[str, dict[str, int]] = {}


class LessonBody(PlainBody):
    """A lesson's body. Practice questions are known by their key, so a key may stand only once."""

    practice = PracticeQuestionBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        seen: set[str] = set()
        for position, child in enumerate(cleaned):
            if child.block_type != "practice":
                continue
            if child.value["key"] in seen:
                twice = ValidationError(_("Another question of this lesson has this key already."))
                raise StreamBlockValidationError(
                    block_errors={position: blocks.StructBlockValidationError(block_errors={"key": twice})}
                )
            seen.add(child.value["key"])
        return cleaned
