"""A picture from outside: looked at for what it is, refused, or made anew from its pixels so that nothing travels in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from exams.errors import FileRefused, FileTooLarge

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 8_000_000
# As decoded, which may take 100 MB; a picture is shown no wider than a page, so what is wider is made smaller.
MOST_PIXELS = 20_000_000
WIDEST, HIGHEST = 2_400, 2_400
# No SVG: it is a program. The decoders of other formats are never reached.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_LOADING = Lock()


def clean_picture(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """The picture's pixels as a fresh PNG, or a JPEG when it was one: bytes, media type, width and height."""
    from PIL import Image, ImageOps

    if len(content) > MOST_BYTES:
        raise FileTooLarge(_("A picture may weigh up to %(size)s MB.") % {"size": MOST_BYTES // 1_000_000})
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            # A telephone's JPEG may hold a second picture for depth: it is a still all the same.
            was_jpeg = opened.format in ("JPEG", "MPO")
            # Both are known from the header, before a pixel is decoded.
            _refuse_size(opened.size, 1 if was_jpeg else getattr(opened, "n_frames", 1))
            # A photo is decoded at about the size it will have: no need for all of its pixels.
            opened.draft("RGB", (WIDEST, HIGHEST))
            with _whole_files_only():
                opened.load()
            pixels = _plain(opened, keep_alpha=not was_jpeg)
            pixels.thumbnail((WIDEST, HIGHEST))
            pixels = ImageOps.exif_transpose(pixels)
    except FileRefused:
        raise
    # A hostile file may make a decoder raise nearly anything.
    except Exception as error:
        raise FileRefused(_("This is not a picture that can be read. PNG, JPEG, WebP and GIF are.")) from error
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    out = io.BytesIO()
    if was_jpeg:
        bare.save(out, "JPEG", quality=88, optimize=True)
    else:
        bare.save(out, "PNG")
    return out.getvalue(), "image/jpeg" if was_jpeg else "image/png", bare.size


@contextmanager
def _whole_files_only() -> Iterator[None]:
    """WeasyPrint, once it is loaded, has Pillow fill up truncated files with grey for the whole process."""
    from PIL import ImageFile

    with _LOADING:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _plain(picture: Image.Image, *, keep_alpha: bool) -> Image.Image:
    """In RGB or RGBA; itself when it is that already, since a copy of a large picture weighs as much again."""
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    mode = "RGBA" if has_alpha and keep_alpha else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _refuse_size(size: tuple[int, int], frames: int) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise FileRefused(
            _("This picture has %(width)s × %(height)s pixels; make it smaller.") % {"width": width, "height": height}
        )
    if frames > 1:
        raise FileRefused(_("Moving pictures cannot be used in an item."))
