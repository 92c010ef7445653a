"""Technical reports as their readers and the sweeper ask for them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from exams.models import Paper, TechnicalReport


def papers_with_reports() -> QuerySet[Paper]:
    """Sealed and retired papers with how many attempts are scored and what their last report says."""
    scored = Count("attempts__result", filter=Q(attempts__registration__sitting__is_rehearsal=False), distinct=True)
    last = TechnicalReport.objects.filter(paper=OuterRef("pk"), status=TechnicalReport.Status.READY).order_by("-ready_at")
    return (
        Paper.objects.exclude(status=Paper.Status.DRAFT)
        .select_related("exam")
        .annotate(scored_attempts=scored, last_ready_at=Subquery(last.values("ready_at")[:1]))
        .prefetch_related(
            Prefetch(
                "technical_reports",
                queryset=TechnicalReport.objects.filter(status__in=["waiting", "running"]),
                to_attr="at_work",
            )
        )
        .order_by("exam__code", "code")
    )


def due_reports(at: datetime | None = None) -> QuerySet[TechnicalReport]:
    """Reports nobody is making: asked for, or claimed by a worker whose time is over."""
    now = at or timezone.now()
    return TechnicalReport.objects.filter(
        Q(status=TechnicalReport.Status.WAITING) | Q(status=TechnicalReport.Status.RUNNING, claimed_until__lt=now)
    ).order_by("asked_at")


def last_report(paper: Paper, user: object) -> TechnicalReport | None:
    """The newest finished report that this person may see."""
    return TechnicalReport.objects.visible_to(user).filter(paper=paper, status="ready").order_by("-ready_at").first()


def report_at_work(paper: Paper, user: object) -> TechnicalReport | None:
    return TechnicalReport.objects.visible_to(user).filter(paper=paper).exclude(status="ready").order_by("-asked_at").first()
