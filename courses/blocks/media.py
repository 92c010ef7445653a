"""Pictures, films and files. What is seen can also be read, and what is heard can also be read."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from courses.blocks.text import NoteBlock

FILM_TYPES = {".mp4": "video/mp4", ".webm": "video/webm"}


def suffix_of(document: Any) -> str:
    return PurePath(document.file.name).suffix.lower()


class FigureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.TextBlock(
        rows=3,
        label=_("What the picture says, in words"),
        help_text=_("Read aloud to those who do not see it, so it must carry the same facts."),
    )
    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Figure")
        template = "courses/blocks/figure.html"


class VideoBlock(blocks.StructBlock):
    """A film we hold ourselves, with captions and a transcript. Nothing is fetched from another site."""

    title = blocks.CharBlock(max_length=160, label=_("Title"))
    film = DocumentChooserBlock(label=_("Film (MP4 or WebM)"))
    captions = DocumentChooserBlock(label=_("Captions (WebVTT)"))
    transcript = NoteBlock(label=_("Transcript"), help_text=_("What is said and what is shown."))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors: dict[str, Exception] = {}
        if suffix_of(cleaned["film"]) not in FILM_TYPES:
            errors["film"] = ValidationError(_("Choose an MP4 or WebM file."))
        if suffix_of(cleaned["captions"]) != ".vtt":
            errors["captions"] = ValidationError(_("Choose a WebVTT file, whose name ends in .vtt."))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        context["film_type"] = FILM_TYPES.get(suffix_of(value["film"]), "video/mp4") if value.get("film") else ""
        return context

    class Meta:
        icon = "media"
        label = _("Film")
        template = "courses/blocks/video.html"


class DownloadBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=160, label=_("Title"))
    document = DocumentChooserBlock(label=_("File"))
    about = blocks.CharBlock(required=False, max_length=300, label=_("What it is"))

    class Meta:
        icon = "download"
        label = _("Download")
        template = "courses/blocks/download.html"
