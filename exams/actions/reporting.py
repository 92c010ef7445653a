"""A paper's technical report: asked for by a person, made by a worker, kept as it was found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions.audit import record
from accounts.models import User
from common.errors import NotPermitted
from common.events import ring
from exams.errors import NothingToReport
from exams.models import ItemStatistics, Paper, ReportDocument, Result, TechnicalReport
from exams.queries.reports import due_reports
from exams.rules.bank import can_ask_for_report

log = structlog.get_logger("touchstone.exams")

MOST_TRIES = 3
CLAIM = timedelta(minutes=10)
Status = TechnicalReport.Status


@transaction.atomic
def request_report(paper: Paper, *, by: User, at: datetime | None = None) -> TechnicalReport:
    """Ask for a report on the answers given so far. While one is at work, that one is the answer.

    Raises NotPermitted, NothingToReport.
    """
    from exams.tasks import build_technical_report_task

    if not can_ask_for_report(by):
        raise NotPermitted
    # Two who ask at once queue on the paper's row; the constraint lets only one report be at work anyway.
    paper = Paper.objects.select_for_update(of=("self",)).select_related("exam").get(pk=paper.pk)
    at_work = paper.technical_reports.filter(status__in=[Status.WAITING, Status.RUNNING]).first()
    if at_work is not None:
        return at_work
    if not Result.objects.filter(attempt__paper=paper, attempt__registration__sitting__is_rehearsal=False).exists():
        raise NothingToReport
    report = TechnicalReport.objects.create(paper=paper, asked_by=by, asked_at=at or timezone.now())
    record("technical_report.requested", report, by=by, summary=str(paper), at=at)
    ring(build_technical_report_task, report.pk)
    return report


def build_report(report_id: int, *, at: datetime | None = None) -> TechnicalReport | None:
    """Make the report if it is due; None when it is made already or another worker has it."""
    report = _claim(report_id, at=at)
    if report is None:
        return None
    try:
        figures = _figures(report)
        _store(report, figures, _printed(report, figures), at=at)
    except Exception as error:  # the row must say what happened, whatever it was
        log.warning("technical_report_failed", report=report.pk, error=type(error).__name__)
        if report.tries < MOST_TRIES:
            TechnicalReport.objects.filter(pk=report.pk).update(status=Status.WAITING, claimed_until=None)
            raise
        _fail(report, type(error).__name__)
    report.refresh_from_db()
    return report


def _claim(report_id: int, *, at: datetime | None) -> TechnicalReport | None:
    now = at or timezone.now()
    due = due_reports(now).filter(pk=report_id).order_by()
    if not due.update(status=Status.RUNNING, claimed_until=now + CLAIM, tries=F("tries") + 1, progress=0):
        return None
    report = TechnicalReport.objects.select_related("paper__exam__blueprint").get(pk=report_id)
    if report.tries > MOST_TRIES:
        # The worker died every time, so nobody could write down why.
        _fail(report, "WorkerLost")
        return None
    return report


def _figures(report: TechnicalReport) -> dict[str, Any]:
    from exams.queries.statistics import answers_of
    from exams.statistics.report import analyse_paper

    def tell(percent: int) -> None:
        TechnicalReport.objects.filter(pk=report.pk).update(progress=percent)

    answers = answers_of(report.paper)
    tell(15)
    return analyse_paper(answers, tell=tell)


def _printed(report: TechnicalReport, figures: dict[str, Any]) -> dict[str, bytes]:
    """The report as PDF in every language of the site."""
    from exams.printing.reports import print_report

    return {language: print_report(report, figures, language) for language, _name in settings.LANGUAGES}


def _store(report: TechnicalReport, figures: dict[str, Any], pdfs: dict[str, bytes], *, at: datetime | None) -> None:
    """Figures, documents and each item's statistics together. Made by another worker meanwhile, it stays as it is."""
    with transaction.atomic():
        row = TechnicalReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if row.status != Status.RUNNING:
            return
        row.status, row.figures, row.progress = Status.READY, figures, 100
        row.ready_at, row.claimed_until, row.failure = at or timezone.now(), None, ""
        row.save()
        for language, pdf in pdfs.items():
            document = ReportDocument(report=row, language=language)
            document.file.save(f"{row.uuid}-{language}.pdf", ContentFile(pdf), save=False)
            document.save()
        ItemStatistics.objects.filter(paper=row.paper_id).delete()
        ItemStatistics.objects.bulk_create(_statistics(row, figures, item) for item in figures["items"])


def _statistics(report: TechnicalReport, figures: dict[str, Any], item: dict[str, Any]) -> ItemStatistics:
    model = item.get("models", {}).get("2PL", {})
    return ItemStatistics(
        version_id=item["version_id"],
        paper_id=report.paper_id,
        report=report,
        exposure=figures["candidates"],
        facility=item.get("facility"),
        discrimination=item.get("discrimination"),
        slope=model.get("a"),
        slope_error=model.get("a_error"),
        place=model.get("b"),
        place_error=model.get("b_error"),
        median_seconds=item.get("time", {}).get("median"),
        verdict=item["verdict"],
        flags=item["flags"],
    )


def _fail(report: TechnicalReport, reason: str) -> None:
    TechnicalReport.objects.filter(pk=report.pk).update(status=Status.FAILED, failure=reason[:300], claimed_until=None)
