"""A picture from a file: looked at for what it is, and written anew, so that nothing travels inside it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

MOST_PIXELS = 12_000_000  # decoded, four bytes each
MOST_BYTES = 5_000_000
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/png", "WEBP": "image/png"}


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
    from PIL import Image, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise NotAPicture(_("it has more than %(most)s MB") % {"most": MOST_BYTES // 1_000_000})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=tuple(TYPES)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture(_("it has too many pixels"))
                media_type = TYPES[str(picture.format)]
                if trusted:
                    return Encoded(data, media_type, picture.width, picture.height)
                picture.load()
                out = BytesIO()
                if media_type == "image/jpeg":
                    _in(picture, "RGB").save(out, "JPEG", quality=92)
                else:
                    mode = picture.mode if picture.mode in ("1", "L", "RGB", "RGBA") else "RGBA"
                    _in(picture, mode).save(out, "PNG")
                return Encoded(out.getvalue(), media_type, picture.width, picture.height)
    except NotAPicture:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise NotAPicture(_("it is not a PNG, JPEG, GIF or WebP picture that can be opened")) from error


def _in(picture: Any, mode: str) -> Any:
    return picture if picture.mode == mode else picture.convert(mode)
