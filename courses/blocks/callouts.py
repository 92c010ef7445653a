"""Boxes beside the running text: callouts, steps, glossary terms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.text import NoteBlock

TONES = [("note", _("Note")), ("tip", _("Tip")), ("warning", _("Warning")), ("example", _("Example"))]


class CalloutBlock(blocks.StructBlock):
    """A remark that stands apart. Its tone is said in words too, not only in colour."""

    tone = blocks.ChoiceBlock(choices=TONES, default="note", label=_("Tone"))
    title = blocks.CharBlock(required=False, max_length=120, label=_("Title"))
    text = NoteBlock(label=_("Text"))

    class Meta:
        icon = "help"
        label = _("Callout")
        template = "courses/blocks/callout.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=160, label=_("Title"))
    text = NoteBlock(required=False, label=_("Text"))


class StepsBlock(blocks.StructBlock):
    """What to do, in order."""

    title = blocks.CharBlock(required=False, max_length=160, label=_("Title"))
    items = blocks.ListBlock(StepBlock(), min_num=2, label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = "courses/blocks/steps.html"


class TermBlock(blocks.StructBlock):
    """A word of the trade and what it means."""

    term = blocks.CharBlock(max_length=120, label=_("Term"))
    definition = blocks.TextBlock(rows=3, label=_("Definition"))

    class Meta:
        icon = "openquote"
        label = _("Glossary term")
        template = "courses/blocks/term.html"
