"""How a picture comes into a bank: read, refused or made anew. What is stored are pixels that we wrote ourselves."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from threading import Lock
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.errors import FileRefused, FileTooLarge, NotYourBank
from exams.models import ItemBank, Picture
from exams.rules.bank import can_write_items

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 8_000_000
# As decoded, which may take 100 MB; a picture is shown no wider than a page, so what is wider is made smaller.
MOST_PIXELS = 20_000_000
WIDEST, HIGHEST = 2_400, 2_400
# No SVG: it is a program. The decoders of other formats are never reached.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_LOADING = Lock()


@transaction.atomic
def add_picture(bank: ItemBank, *, name: str, content: bytes, by: User) -> Picture:
    """A picture of the bank; the same picture again is the one it has. Raises NotYourBank, FileTooLarge, FileRefused.

    Re-encoded from its pixels: whatever else the file carried (metadata, places, comments, appended data) is gone.
    """
    if not can_write_items(by) or not ItemBank.objects.visible_to(by).filter(pk=bank.pk).exists():
        raise NotYourBank
    encoded, media_type, (width, height) = clean_picture(content)
    digest = hashlib.sha256(encoded).hexdigest()
    existing = Picture.objects.filter(bank=bank, sha256=digest).first()
    if existing:
        return existing
    identity = uuid.uuid4()
    picture = Picture(
        uuid=identity,
        bank=bank,
        name=(PurePath(name.replace("\\", "/")).name.replace("\0", "").strip() or _("picture"))[:120],
        sha256=digest,
        media_type=media_type,
        width=width,
        height=height,
        added_by=by,
    )
    picture.file.save(f"{identity.hex}.{'jpg' if media_type == 'image/jpeg' else 'png'}", ContentFile(encoded), save=False)
    try:
        picture.save()
    except Exception:
        picture.file.delete(save=False)
        raise
    record("picture.added", picture, by=by, summary=picture.name, details={"bank": bank.code, "sha256": digest})
    return picture


@transaction.atomic
def remove_picture(picture: Picture, *, by: User) -> None:
    """Take a picture out that nothing names. Raises NotYourBank, InvalidInput when words, a hotspot or a paper use it."""
    from exams.queries.pictures import is_used

    picture = Picture.objects.select_for_update().select_related("bank").get(pk=picture.pk)
    if not can_write_items(by) or not ItemBank.objects.visible_to(by).filter(pk=picture.bank_id).exists():
        raise NotYourBank
    if is_used(picture):
        raise InvalidInput(_("An item or a case still shows this picture."))
    record("picture.removed", picture, by=by, summary=picture.name, details={"bank": picture.bank.code})
    stored = picture.file
    picture.delete()
    transaction.on_commit(lambda: stored.storage.delete(str(stored.name)))


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
