"""A candidate's file comes in: while the attempt is open, to the page that may write, of a kind the item accepts."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from exams.actions.sections import refuse_closed_section
from exams.clock import server_now
from exams.errors import AttemptClosed, AttemptPaused, FileRefused, FileTooLarge, LeaseMoved, NotFound
from exams.file_kinds import KINDS
from exams.item_types import Shape
from exams.models import Attempt, Upload
from exams.saving import shapes_of

# For one position: a candidate who changes the file now and then never meets it.
MOST_FILES = 20


def upload_shape(attempt: Attempt, position: int) -> Shape:
    """What that position takes, read from the sealed paper. Raises NotFound where no file is asked for."""
    shape = shapes_of(str(attempt.paper.uuid), attempt.language).get(position)
    if shape is None or shape.type != "file_upload":
        raise NotFound
    return shape


def store_upload(attempt: Attempt, position: int, file: UploadedFile, *, lease: str, at: datetime | None = None) -> Upload:
    """Keep the file; it counts once a response names it. Same locks and refusals as a save (exams.saving).

    The bytes are written before the attempt's row is locked, and taken away again when it refuses them: a slow storage
    must not hold up anybody's saves. Raises NotFound, AttemptPaused, AttemptClosed, LeaseMoved, FileTooLarge, FileRefused.
    """
    at = at or server_now()
    shape = upload_shape(attempt, position)
    _refuse(attempt, position, lease, at)
    media_type = _checked(file, shape)
    name = _plain_name(file.name or "")
    upload = Upload(
        uuid=uuid.uuid4(),
        attempt=attempt,
        position=position,
        name=name,
        size=file.size or 0,
        sha256=_sha256(file),
        media_type=media_type,
        uploaded_at=at,
    )
    file.seek(0)
    upload.file.save(f"{upload.uuid.hex}{_ending(name)}", file, save=False)
    try:
        with transaction.atomic():
            # The row's lock, as hand-in takes it: nothing comes in after the receipt.
            _refuse(Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk), position, lease, at)
            upload.save()
    except BaseException:
        # Rows go with the transaction, bytes do not.
        upload.file.storage.delete(str(upload.file.name))
        raise
    return upload


def _refuse(attempt: Attempt, position: int, lease: str, at: datetime) -> None:
    if attempt.status == Attempt.Status.PAUSED:
        raise AttemptPaused
    if attempt.status != Attempt.Status.OPEN or at > attempt.accept_until:
        raise AttemptClosed
    if attempt.lease != lease:
        raise LeaseMoved
    refuse_closed_section(attempt, position, at=at)
    if attempt.uploads.filter(position=position).count() >= MOST_FILES:
        raise FileRefused(_("You have sent %(number)s files for this question; no more are kept.") % {"number": MOST_FILES})


def _sha256(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()


def _checked(file: UploadedFile, shape: Shape) -> str:
    """The media type that the file's bytes and its name agree on; what the browser claims is not even read."""
    size, ending = file.size or 0, _ending(file.name or "")
    if size == 0:
        raise FileRefused(_("This file is empty."))
    if size > shape.most_bytes:
        raise FileTooLarge(_("This file is too large: at most %(size)s MB.") % {"size": f"{shape.most_bytes / 1e6:g}"})
    accepted = ", ".join(shape.accepts)
    if ending not in shape.accepts or ending not in KINDS:
        raise FileRefused(_("Files of this kind are not accepted here. Accepted are: %(kinds)s.") % {"kinds": accepted})
    if not KINDS[ending].looks_right(file):  # type: ignore[arg-type]
        raise FileRefused(
            _("This file is not what its name says, or holds a program. Save it anew as %(kind)s.") % {"kind": ending}
        )
    return KINDS[ending].media_type


def _plain_name(name: str) -> str:
    """For people to recognise: no folders, nothing unprintable, its ending kept."""
    base = PurePath(name.replace("\\", "/")).name
    printable = "".join(character for character in base if character.isprintable()).strip() or "file"
    ending = PurePath(printable).suffix
    return printable if len(printable) <= 120 else printable[: 120 - len(ending)] + ending


def _ending(name: str) -> str:
    return PurePath(name.replace("\\", "/")).suffix.lower()
