"""What is asked when an exam is sat on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from exams.models import AnswerSheet, PaperRendering, PrintedPaper, Registration, Sitting


def due_booklets(at: datetime | None = None) -> QuerySet[PrintedPaper]:
    """Booklets nobody is printing: asked for, or claimed by a worker whose time is over."""
    now = at or timezone.now()
    waiting, running = PrintedPaper.Status.WAITING, PrintedPaper.Status.RUNNING
    return PrintedPaper.objects.filter(Q(status=waiting) | Q(status=running, claimed_until__lt=now)).order_by("asked_at")


def positions_of_document(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [position for section in document["sections"] for position in section["positions"]]


def sheet_positions(sheet: AnswerSheet) -> list[dict[str, Any]]:
    """The positions of the sheet's paper as it was sealed: no key is in them."""
    rendering = PaperRendering.objects.get(paper=sheet.paper_id, language=sheet.language)
    return positions_of_document(rendering.document)


def sittings_for_paper(user: object) -> QuerySet[Sitting]:
    """Real sittings a person sees, newest first, with how many sheets wait to be keyed in."""
    waiting = Count("registrations__answer_sheets", filter=Q(registrations__answer_sheets__status="open"), distinct=True)
    sittings = Sitting.objects.visible_to(user).filter(is_rehearsal=False).exclude(status="cancelled")
    return sittings.select_related("exam", "paper").annotate(open_sheets=waiting).order_by("-opens_at", "pk")


def registrations_on_paper(sitting: Sitting) -> QuerySet[Registration]:
    """The sitting's registrations by name, each with its sheets and how far they are keyed in."""
    sheets = AnswerSheet.objects.exclude(status="discarded").annotate(keyed=Count("key_ins"))
    return (
        sitting.registrations.filter(status=Registration.Status.REGISTERED)
        .select_related("candidate")
        .prefetch_related(Prefetch("answer_sheets", queryset=sheets, to_attr="sheets"), "attempts")
        .order_by("candidate__full_name", "pk")
    )
