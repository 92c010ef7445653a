"""A file of items on its way by page: uploaded, checked, looked at, imported. The row is the truth of the work; small
files are done at once, large ones by a worker, and what a lost message left is rung for by the sweep."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import DomainError
from common.events import ring
from exams.actions.importing import finish, plan_import, report_of, store_plan, write_report
from exams.errors import BatchMoved, FileRefused, NotYourBank
from exams.interchange.options import ImportOptions
from exams.models import ImportBatch, ItemBank
from exams.rules.bank import can_write_items

log = structlog.get_logger("touchstone.exams")

Status = ImportBatch.Status
# Up to here the person waits for the answer; above, a worker does it and the page shows how far it is.
BYTES_AT_ONCE = 100_000
ITEMS_AT_ONCE = 200
MOST_TRIES = 3
CLAIM = timedelta(minutes=11)
PROGRESS_KEPT = 3600  # seconds


def upload_batch(bank: ItemBank, data: bytes, *, format: str, file_name: str, options: ImportOptions, by: User) -> ImportBatch:
    """Take a file and check it, now or soon. Nothing of the bank changes. Raises NotYourBank."""
    if not can_write_items(by) or not ItemBank.objects.visible_to(by).filter(pk=bank.pk).exists():
        raise NotYourBank
    batch = ImportBatch(bank=bank, format=format, file_name=file_name[:200], uploaded_by=by)
    batch.file_sha256 = hashlib.sha256(data).hexdigest()
    batch.options = {**options.as_values(), "report_language": translation.get_language() or "en"}
    batch.file.save(f"{batch.uuid}.bin", ContentFile(data), save=False)
    with transaction.atomic():
        batch.save()
        record("items.uploaded", batch, by=by, summary=bank.code, details={"format": format, "sha256": batch.file_sha256})
        _soon(batch, at_once=len(data) <= BYTES_AT_ONCE)
    batch.refresh_from_db()
    return batch


def confirm_batch(batch: ImportBatch, *, by: User, leave_out_refused: bool = False) -> ImportBatch:
    """Import what was looked at. Raises NotYourBank, BatchMoved."""
    with transaction.atomic():
        batch = _own(batch, by)
        if batch.status != Status.CHECKED or (batch.refused_count and not leave_out_refused):
            raise BatchMoved
        batch.options = {**batch.options, "leave_out_refused": leave_out_refused}
        batch.status, batch.tries, batch.claimed_until = Status.IMPORTING, 0, None
        batch.save(update_fields=["options", "status", "tries", "claimed_until"])
        _soon(batch, at_once=batch.total_count <= ITEMS_AT_ONCE)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def discard_batch(batch: ImportBatch, *, by: User) -> ImportBatch:
    """Throw a checked file away. Raises NotYourBank, BatchMoved."""
    batch = _own(batch, by)
    if batch.status not in (Status.CHECKED, Status.REFUSED):
        raise BatchMoved
    batch.status = Status.DISCARDED
    batch.save(update_fields=["status"])
    _forget_file(batch)
    return batch


def _own(batch: ImportBatch, by: User) -> ImportBatch:
    if not can_write_items(by):
        raise NotYourBank
    found = ImportBatch.objects.visible_to(by).select_for_update().filter(pk=batch.pk).first()
    if found is None:
        raise NotYourBank
    return found


def _soon(batch: ImportBatch, *, at_once: bool) -> None:
    from exams.tasks import work_on_import_task

    if at_once:
        transaction.on_commit(lambda: work_on_batch(batch.pk))
    else:
        ring(work_on_import_task, batch.pk)


def work_on_batch(batch_id: int, *, at: datetime | None = None) -> None:
    """Check or import, whichever is due. Safe to call twice: whoever claims the row does it."""
    batch = _claim(batch_id, at=at)
    if batch is None:
        return
    with translation.override(batch.options.get("report_language", "en")):
        try:
            _check(batch) if batch.status == Status.CHECKING else _import(batch, at=at)
        except DomainError as refusal:
            _refuse(batch, str(refusal.text))
        except Exception as error:  # the row must say what happened, whatever it was
            log.warning("import_failed", batch=batch.pk, error=type(error).__name__)
            if batch.tries >= MOST_TRIES:
                _refuse(batch, _("The file could not be worked on. Nothing of it was stored."))
                return
            ImportBatch.objects.filter(pk=batch.pk).update(claimed_until=None)
            raise


def _claim(batch_id: int, *, at: datetime | None) -> ImportBatch | None:
    now = at or timezone.now()
    free = ImportBatch.objects.unfinished().filter(pk=batch_id).filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
    if not free.update(claimed_until=now + CLAIM, tries=F("tries") + 1):
        return None
    return ImportBatch.objects.select_related("bank", "uploaded_by").get(pk=batch_id)


def _options(batch: ImportBatch) -> ImportOptions:
    known = ImportOptions().as_values()
    return replace(ImportOptions(), **{name: batch.options[name] for name in known if name in batch.options})


def _plan(batch: ImportBatch) -> Any:
    if batch.uploaded_by is None:
        raise NotYourBank
    try:
        with batch.file.open("rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:
        raise FileRefused(_("The file is no longer there. Upload it again.")) from error
    return plan_import(batch.bank, data, format=batch.format, options=_options(batch), by=batch.uploaded_by)


def _check(batch: ImportBatch) -> None:
    report = report_of(_plan(batch))
    write_report(batch, report)
    usable = report.lines and any(line["status"] != "refused" for line in report.lines)
    if not usable:
        _refuse(batch, _("The file holds no item that can be kept."))
        return
    batch.status, batch.claimed_until = Status.CHECKED, None
    batch.save()


def _import(batch: ImportBatch, *, at: datetime | None) -> None:
    plan = _plan(batch)
    report = report_of(plan)
    if not plan.entries or (plan.refused and not batch.options.get("leave_out_refused")):
        write_report(batch, report)
        _refuse(batch, _("The bank has changed since the file was checked: the report says what can no longer be kept."))
        return

    def progress(done: int, total: int) -> None:
        cache.set(progress_key(batch), (done, total), PROGRESS_KEPT)

    with transaction.atomic():
        store_plan(batch.bank, plan, written_by=batch.uploaded_by, progress=progress)
        report.imported, report.imported_count = True, len(plan.entries)
        batch.claimed_until = None
        finish(batch, report, by=batch.uploaded_by, at=at or timezone.now())
    _forget_file(batch)


def progress_key(batch: ImportBatch) -> str:
    return f"import-progress:{batch.uuid}"


def _refuse(batch: ImportBatch, reason: str) -> None:
    batch.status, batch.failure, batch.claimed_until = Status.REFUSED, reason[:500], None
    batch.save()
    _forget_file(batch)


def _forget_file(batch: ImportBatch) -> None:
    """After commit: a file whose row still waits is never gone."""
    if batch.file:
        name, storage = str(batch.file.name), batch.file.storage
        batch.file = ""
        batch.save(update_fields=["file"])
        transaction.on_commit(lambda: storage.delete(name))
