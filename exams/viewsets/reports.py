"""What the answers say about each paper. Made by workers; these pages only show what is stored."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from common.exports import csv_response, write_csv
from exams.actions.reporting import request_report
from exams.models import Paper
from exams.presenting import presented, table_header, table_rows
from exams.queries.reports import last_report, papers_with_reports, report_at_work
from exams.rules.bank import can_ask_for_report, can_see_keys
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
REPORTS = gettext_lazy("Technical reports")


def _paper(uuid: UUID) -> Paper:
    return get_object_or_404(Paper.objects.exclude(status=Paper.Status.DRAFT).select_related("exam"), uuid=uuid)


@for_roles(*READERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return show(request, "reports.html", title=str(REPORTS), icon="table", **page_of(request, papers_with_reports()))


@for_roles(*READERS)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    paper = _paper(uuid)
    report = last_report(paper, request.user)
    language = get_language() or "en"
    figures = report.figures if report and report.figures else None
    return show(
        request,
        "report.html",
        title=_("Technical report"),
        crumbs=[(str(REPORTS), reverse("technical_reports:index"))],
        icon="table",
        paper=paper,
        report=report,
        at_work=report_at_work(paper, request.user),
        language=language,
        document=report.documents.filter(language=language).exists() if report else False,
        may_ask=can_ask_for_report(request.user),  # type: ignore[arg-type]
        **(presented(figures, shows_keys=can_see_keys(request.user)) if figures else {}),  # type: ignore[arg-type]
    )


@for_roles(Role.ADMINISTRATOR)
@require_POST
def ask(request: HttpRequest, uuid: UUID) -> HttpResponse:
    paper = _paper(uuid)
    done(request, lambda: request_report(paper, by=request.user), _("The report is being made."))  # type: ignore[arg-type]
    return redirect("technical_reports:detail", uuid=paper.uuid)


@for_roles(*READERS)
@require_GET
def table(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The items' figures for a spreadsheet."""
    paper = _paper(uuid)
    report = last_report(paper, request.user)
    if report is None or not report.figures:
        raise Http404
    response = csv_response(f"{paper.exam.code}-{paper.code}-items.csv")
    written: HttpResponse = write_csv(response, table_header(), table_rows(report.figures))
    return written


@for_roles(*READERS)
@require_GET
def pdf(request: HttpRequest, uuid: UUID, language: str) -> HttpResponse:
    """The printed report; no key stands in it."""
    paper = _paper(uuid)
    report = last_report(paper, request.user)
    document = report.documents.filter(language=language).first() if report else None
    if document is None:
        raise Http404
    name = f"{paper.exam.code}-{paper.code}-technical-report-{language}.pdf"
    with document.file.open("rb") as file:
        content = file.read()
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


class TechnicalReportViewSet(RoleViewSet):
    name = "technical_reports"
    menu_label = REPORTS
    menu_name = "technical-reports"
    icon = "table"
    roles = READERS
    patterns = (
        path("", index, name="index"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/ask/", ask, name="ask"),
        path("<uuid:uuid>/table/", table, name="table"),
        path("<uuid:uuid>/pdf/<str:language>/", pdf, name="pdf"),
    )
