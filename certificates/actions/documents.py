"""The PDF of a certificate: claimed by one worker, rendered, stored once; failing, tried again, at last parked."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions.audit import record
from accounts.models import User
from certificates.errors import DocumentNotParked
from certificates.models import RenderedDocument
from certificates.queries.documents import due_documents
from certificates.rules import is_officer
from common.errors import NotPermitted
from common.events import ring

log = structlog.get_logger("touchstone.certificates")

MOST_TRIES = 5
# Longer than a render may take (soft limit 30 s, hard 45 s): a claim that ran out belongs to a dead worker.
CLAIM = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=10)

Status = RenderedDocument.Status


class CannotPrint(Exception):
    """Trying again would not help: a person must change something first."""


def render_document(document_id: int, *, at: datetime | None = None) -> RenderedDocument | None:
    """Make the PDF if it is due, and store it. None when somebody else has it or nothing is to do."""
    from certificates.rendering.documents import render_certificate

    document = claim_document(document_id, at=at)
    if document is None:
        return None
    try:
        pdf = render_certificate(document.certificate)
    except CannotPrint as reason:
        return park_document(document, str(reason))
    except Exception as error:  # whatever it was, the row must say so: a lost claim would look like a dead worker
        log.warning("render_failed", document=document.pk, attempt=document.tries, error=type(error).__name__)
        return fail_document(document, f"{type(error).__name__}: {error}", at=at)
    return store_document(document, pdf, at=at)


def claim_document(document_id: int, *, at: datetime | None = None) -> RenderedDocument | None:
    """Compare-and-set: of all workers that were rung, one gets the row."""
    now = at or timezone.now()
    claimed = (
        due_documents(now)
        .filter(pk=document_id)
        .order_by()
        .update(status=Status.RENDERING, claimed_until=now + CLAIM, tries=F("tries") + 1)
    )
    if not claimed:
        return None
    document = RenderedDocument.objects.select_related("certificate__template").get(pk=document_id)
    if document.tries > MOST_TRIES:
        # Each try so far killed its worker: no failure was ever written down.
        return park_document(document, "The worker died while making this document, every time.") and None
    return document


def store_document(document: RenderedDocument, pdf: bytes, *, at: datetime | None = None) -> RenderedDocument:
    """Keep the bytes under their hash. Of two workers that both rendered, the first is kept and the other's removed."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    name = _write(f"certificates/{document.certificate.serial}-{sha256[:16]}.pdf", pdf)
    with transaction.atomic():
        row = RenderedDocument.objects.select_for_update().get(pk=document.pk)
        if row.status == Status.STORED:
            if row.file.name != name:
                transaction.on_commit(lambda: storages["private"].delete(name))
            return row
        row.status, row.file, row.size, row.sha256 = Status.STORED, name, len(pdf), sha256
        row.stored_at, row.claimed_until, row.failure = at or timezone.now(), None, ""
        row.save()
    return row


def _write(name: str, content: bytes) -> str:
    """Write once; a file a killed worker left behind is used again if it is whole."""
    storage = storages["private"]
    if storage.exists(name):
        with storage.open(name) as existing:
            if existing.read() == content:
                return name
    return storage.save(name, ContentFile(content))


@transaction.atomic
def fail_document(document: RenderedDocument, reason: str, *, at: datetime | None = None) -> RenderedDocument:
    """Note the reason; try again after 10 s, 20 s, 40 s, 80 s, then leave it to a person."""
    row = RenderedDocument.objects.select_for_update().get(pk=document.pk)
    if row.status == Status.STORED:
        return row
    if row.tries >= MOST_TRIES:
        return park_document(row, reason)
    row.status, row.claimed_until, row.failure = Status.WAITING, None, reason[:500]
    row.next_try_at = (at or timezone.now()) + FIRST_WAIT * 2 ** (row.tries - 1)
    row.save()
    return row


@transaction.atomic
def park_document(document: RenderedDocument, reason: str) -> RenderedDocument:
    """Stop trying; the officer's desk shows the reason and a button."""
    row = RenderedDocument.objects.select_for_update().get(pk=document.pk)
    if row.status == Status.STORED:
        return row
    row.status, row.claimed_until, row.failure = Status.PARKED, None, reason[:500]
    row.save()
    log.error("document_parked", document=row.pk, attempts=row.tries)
    return row


@transaction.atomic
def try_document_again(document: RenderedDocument, *, by: User, at: datetime | None = None) -> RenderedDocument:
    """The button: start over with a fresh count of tries."""
    from certificates.tasks import render_document_task

    if not is_officer(by):
        raise NotPermitted
    row = RenderedDocument.objects.select_for_update(of=("self",)).select_related("certificate__partner").get(pk=document.pk)
    if row.status != Status.PARKED:
        raise DocumentNotParked
    record(
        "document.try_again",
        row,
        by=by,
        summary=row.certificate.serial,
        partner=row.certificate.partner,
        details={"serial": row.certificate.serial, "failure": row.failure},
        at=at,
    )
    row.status, row.tries, row.failure = Status.WAITING, 0, ""
    row.next_try_at = at or timezone.now()
    row.save()
    ring(render_document_task, row.pk)
    return row
