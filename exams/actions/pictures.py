"""How a picture comes into a bank and leaves it. What is stored are pixels that we wrote ourselves."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.errors import NotYourBank
from exams.models import ItemBank, Picture
from exams.pictures import clean_picture
from exams.rules.bank import can_write_items


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
