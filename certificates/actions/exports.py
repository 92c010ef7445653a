"""A partner's register as a ZIP of PDFs, made in the background with its progress in the row."""

from __future__ import annotations

import re
import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import IO, Any

import structlog
from django.core.files.base import File
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.actions.audit import record
from accounts.models import User
from certificates.errors import TooManyExports
from certificates.models import Certificate, RegisterExport, RenderedDocument
from certificates.queries.documents import KEPT_FOR, due_exports, expired_exports
from certificates.queries.registers import FILTERS, register_of
from certificates.rules import can_export_register
from common.errors import NotPermitted
from common.events import ring
from partners.models import Partner

log = structlog.get_logger("touchstone.certificates")

MOST_RUNNING = 5
MOST_TRIES = 3
CLAIM = timedelta(minutes=5)
COUNT_EVERY = 20
# One fixed moment: the same register gives the same file.
ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)

Status = RegisterExport.Status


@transaction.atomic
def request_register_export(
    partner: Partner, *, by: User, filters: dict[str, Any] | None = None, at: datetime | None = None
) -> RegisterExport:
    """Ask for the ZIP of what the register's screen shows. At most five are made at a time per partner."""
    from certificates.tasks import render_register_export_task

    if not can_export_register(by, partner):
        raise NotPermitted
    # Requests of one partner queue on its row, so that two cannot both be the fifth.
    Partner.objects.select_for_update().get(pk=partner.pk)
    running = RegisterExport.objects.filter(partner=partner, status__in=[Status.WAITING, Status.RUNNING])
    if running.count() >= MOST_RUNNING:
        raise TooManyExports
    asked = {key: str(value) for key, value in (filters or {}).items() if key in FILTERS and value not in ("", None)}
    export = RegisterExport.objects.create(
        partner=partner, asked_by=by, filters=asked, total_count=printable(register_of(partner, **asked)).count()
    )
    record("register.export", export, by=by, partner=partner, details={"filters": asked}, at=at)
    ring(render_register_export_task, export.pk)
    return export


def printable(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    return certificates.filter(document__status=RenderedDocument.Status.STORED)


def build_register_export(export_id: int, *, at: datetime | None = None) -> RegisterExport | None:
    """Make the ZIP if it is due. None when another worker has it. The right of the person who asked is read again."""
    export = claim_export(export_id, at=at)
    if export is None:
        return None
    if not can_export_register(export.asked_by, export.partner):
        return _fail(export, "The person who asked may no longer see this register.")
    try:
        with tempfile.TemporaryFile() as archive:
            _write_archive(export, archive)
            return _store(export, archive, at=at)
    except Exception as error:  # the row must say what happened, whatever it was
        log.warning("export_failed", export=export.pk, error=type(error).__name__)
        if export.tries < MOST_TRIES:
            RegisterExport.objects.filter(pk=export.pk).update(status=Status.WAITING, claimed_until=None)
            raise
        return _fail(export, f"{type(error).__name__}: {error}"[:500])


def claim_export(export_id: int, *, at: datetime | None = None) -> RegisterExport | None:
    now = at or timezone.now()
    due = due_exports(now).filter(pk=export_id).order_by()
    if not due.update(status=Status.RUNNING, claimed_until=now + CLAIM, tries=F("tries") + 1, done_count=0):
        return None
    export = RegisterExport.objects.select_related("partner", "asked_by").get(pk=export_id)
    return export if export.tries <= MOST_TRIES else (_fail(export, "The worker died every time.") and None)


def _write_archive(export: RegisterExport, archive: IO[bytes]) -> None:
    certificates = printable(register_of(export.partner, **export.filters))
    total = certificates.count()
    RegisterExport.objects.filter(pk=export.pk).update(total_count=total)
    done = 0
    # PDFs are compressed already.
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as zipped:
        for certificate in certificates.iterator(chunk_size=200):
            entry = zipfile.ZipInfo(safe_name(certificate), ZIP_MOMENT)
            with certificate.document.file.open("rb") as pdf, zipped.open(entry, "w") as member:
                for chunk in pdf.chunks():
                    member.write(chunk)
            done += 1
            if done % COUNT_EVERY == 0:
                RegisterExport.objects.filter(pk=export.pk).update(done_count=done, claimed_until=timezone.now() + CLAIM)
    RegisterExport.objects.filter(pk=export.pk).update(done_count=done)


def safe_name(certificate: Certificate) -> str:
    """Serial and name as a file name every system takes: no path, no leading dot, no control characters."""
    name = re.sub(r"[^\w .-]+", "_", certificate.claims["holder"]).strip(" ._")[:60]
    return f"{certificate.serial}_{name or 'certificate'}.pdf".replace(" ", "_")


def _store(export: RegisterExport, archive: IO[bytes], *, at: datetime | None) -> RegisterExport:
    archive.seek(0)
    with transaction.atomic():
        row = RegisterExport.objects.select_for_update().get(pk=export.pk)
        if row.status != Status.READY:
            row.file.save(f"{row.uuid}.zip", File(archive), save=False)
            row.status, row.ready_at, row.claimed_until, row.failure = Status.READY, at or timezone.now(), None, ""
            row.save()
    return row


def _fail(export: RegisterExport, reason: str) -> RegisterExport:
    export.status, export.failure, export.claimed_until = Status.FAILED, reason, None
    export.save(update_fields=["status", "failure", "claimed_until"])
    return export


def discard_expired_exports(*, at: datetime | None = None) -> int:
    """Seven days after it was asked for, file and row go."""
    discarded = 0
    for export in expired_exports(at or timezone.now()):
        if export.file:
            export.file.delete(save=False)
        export.delete()
        discarded += 1
    return discarded


def kept_until(export: RegisterExport) -> datetime:
    return export.created_at + KEPT_FOR
