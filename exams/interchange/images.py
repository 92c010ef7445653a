"""A picture from a file of items: made anew as every picture of a bank is, within tighter limits, since a file brings many."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.errors import FileRefused, FileTooLarge
from exams.pictures import FORMATS, clean_picture

MOST_PIXELS = 12_000_000
MOST_BYTES = 5_000_000


class NotAPicture(Exception):
    """The message is a sentence for the report."""


@dataclass(frozen=True)
class Encoded:
    data: bytes
    media_type: str
    width: int
    height: int


def encoded(data: bytes, *, trusted: bool = False) -> Encoded:
    """The picture as we keep it: PNG or JPEG without anything beside its pixels. `trusted`: these bytes are our own
    encoding, from a bank, and stay as they are. Raises NotAPicture."""
    if len(data) > MOST_BYTES:
        raise NotAPicture(_("it has more than %(most)s MB") % {"most": MOST_BYTES // 1_000_000})
    media_type, (width, height) = _header(data)
    if width * height > MOST_PIXELS:
        raise NotAPicture(_("it has too many pixels"))
    if trusted:
        return Encoded(data, media_type, width, height)
    try:
        fresh, media_type, (width, height) = clean_picture(data)
    except (FileRefused, FileTooLarge) as refusal:
        raise NotAPicture(_("it is not a PNG, JPEG, GIF or WebP picture that can be opened")) from refusal
    return Encoded(fresh, media_type, width, height)


def _header(data: bytes) -> tuple[str, tuple[int, int]]:
    """Its media type once it is ours, and its size, before a pixel is decoded."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            return "image/jpeg" if picture.format in ("JPEG", "MPO") else "image/png", picture.size
    # A hostile file may make a decoder raise nearly anything.
    except Exception as error:
        raise NotAPicture(_("it is not a PNG, JPEG, GIF or WebP picture that can be opened")) from error
