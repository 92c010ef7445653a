"""A sealed paper as a booklet: asked for by an administrator, made by a worker, handed out to the room."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import NotPermitted
from common.events import ring
from exams.errors import LanguageNotOffered, NotOnPaper
from exams.models import PaperRendering, PrintedPaper, Sitting
from exams.on_paper.letters import NOT_ON_PAPER
from exams.queries.on_paper import due_booklets, positions_of_document
from exams.rules.on_paper import can_print, can_take_booklet

log = structlog.get_logger("touchstone.exams")

MOST_TRIES = 3
CLAIM = timedelta(minutes=10)
Status = PrintedPaper.Status


@transaction.atomic
def request_booklet(sitting: Sitting, *, language: str, by: User, at: datetime | None = None) -> PrintedPaper:
    """Ask for the sitting's paper as a booklet; one that is there or being made is the answer, one that failed is tried anew.

    Raises NotPermitted, LanguageNotOffered, NotOnPaper (which names the questions).
    """
    from exams.tasks import make_booklet_task

    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("paper").get(pk=sitting.pk)
    if not can_print(by, sitting):
        raise NotPermitted
    _refuse_unprintable(sitting, language)
    booklet, is_new = PrintedPaper.objects.get_or_create(
        sitting=sitting,
        paper=sitting.paper,
        language=language,
        defaults={"asked_by": by, "asked_at": at or timezone.now()},
    )
    if booklet.status == Status.FAILED:
        booklet.status, booklet.tries, booklet.failure = Status.WAITING, 0, ""
        booklet.save(update_fields=["status", "tries", "failure"])
    if is_new or booklet.status == Status.WAITING:
        details = {"paper": sitting.paper.code, "language": language}
        record("printed_paper.requested", booklet, by=by, summary=sitting.code, details=details, at=at)
        ring(make_booklet_task, booklet.pk)
    return booklet


def _refuse_unprintable(sitting: Sitting, language: str) -> None:
    rendering = PaperRendering.objects.filter(paper=sitting.paper, language=language).first()
    if rendering is None:
        raise LanguageNotOffered
    unfit = [str(each["position"]) for each in positions_of_document(rendering.document) if each["type"] in NOT_ON_PAPER]
    if unfit:
        raise NotOnPaper(
            _("Questions %(numbers)s ask for a file and cannot be answered on paper.") % {"numbers": ", ".join(unfit)}
        )


def make_booklet(booklet_id: int, *, at: datetime | None = None) -> PrintedPaper | None:
    """Print it if it is due; None when it is there already or another worker has it."""
    now = at or timezone.now()
    due = due_booklets(now).filter(pk=booklet_id).order_by()
    if not due.update(status=Status.RUNNING, claimed_until=now + CLAIM, tries=F("tries") + 1):
        return None
    booklet = PrintedPaper.objects.select_related("sitting__exam", "paper").get(pk=booklet_id)
    if booklet.tries > MOST_TRIES:
        # The worker died every time, so nobody could write down why.
        _fail(booklet, "WorkerLost")
        return None
    try:
        from exams.printing.booklets import print_booklet

        _store(booklet, print_booklet(booklet))
    except Exception as error:  # the row must say what happened, whatever it was
        log.warning("booklet_failed", booklet=booklet.pk, error=type(error).__name__)
        if booklet.tries < MOST_TRIES:
            PrintedPaper.objects.filter(pk=booklet.pk).update(status=Status.WAITING, claimed_until=None)
            raise
        _fail(booklet, type(error).__name__)
    booklet.refresh_from_db()
    return booklet


def _store(booklet: PrintedPaper, pdf: bytes) -> None:
    with transaction.atomic():
        row = PrintedPaper.objects.select_for_update(of=("self",)).get(pk=booklet.pk)
        if row.status != Status.RUNNING:
            return
        row.file.save(f"{row.uuid}.pdf", ContentFile(pdf), save=False)
        row.sha256 = hashlib.sha256(pdf).hexdigest()
        row.status, row.claimed_until, row.failure = Status.READY, None, ""
        row.save()


def _fail(booklet: PrintedPaper, reason: str) -> None:
    PrintedPaper.objects.filter(pk=booklet.pk).update(status=Status.FAILED, failure=reason[:300], claimed_until=None)


@transaction.atomic
def hand_out_booklet(booklet: PrintedPaper, *, by: User, at: datetime | None = None) -> bytes:
    """The file, and an audit entry that says who took it: a live paper leaves the house. Raises NotPermitted."""
    if booklet.status != Status.READY or not can_take_booklet(by, booklet.sitting, at=at or timezone.now()):
        raise NotPermitted
    record("printed_paper.taken", booklet, by=by, summary=booklet.sitting.code, details={"sha256": booklet.sha256}, at=at)
    with booklet.file.open("rb") as file:
        content: bytes = file.read()
    return content
