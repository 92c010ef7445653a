"""A candidate's own exams: choosing a sitting, the result. Getting ready is `exams.views.door`."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exams.actions.registering import cancel_registration, register_candidate
from exams.band_pictures import band_picture
from exams.clock import server_now
from exams.models import Result
from exams.queries.registrations import open_sittings, own_registrations, own_times, standing_of
from exams.queries.remarks import history_of
from exams.queries.results import lessons_for, score_report
from exams.rules.deadlines import times_for
from exams.rules.results import appeal_until
from exams.score_bands import LEAST_ITEMS
from exams.views.door import PersonRequest

PER_PAGE = 25


@login_required
@require_GET
def my_exams(request: PersonRequest) -> HttpResponse:
    """Everything this person registered for, with what can be done now."""
    page = Paginator(own_registrations(request.user), PER_PAGE).get_page(request.GET.get("page"))
    now = server_now()
    rows = [(each, standing_of(each, at=now), own_times(each, at=now)) for each in page]
    return render(request, "exams/my_exams.html", {"rows": rows, "page_obj": page})


@login_required
@require_GET
def sittings(request: PersonRequest) -> HttpResponse:
    """Sittings this person may register for."""
    now = server_now()
    page = Paginator(open_sittings(request.user, at=now), PER_PAGE).get_page(request.GET.get("page"))
    prefetch_related_objects([request.user], "accommodations")
    rows = [(sitting, times_for(request.user, sitting, at=now)) for sitting in page]
    return render(request, "exams/sittings.html", {"rows": rows, "page_obj": page, "languages": settings.LANGUAGES})


@login_required
@require_POST
def register(request: PersonRequest, uuid: UUID) -> HttpResponse:
    sitting = get_object_or_404(open_sittings(request.user), uuid=uuid)
    registration = register_candidate(sitting, candidate=request.user, language=request.POST.get("language", ""))
    messages.success(request, _("You are registered. The exam is on your list."))
    return redirect("exams:registration", uuid=registration.uuid)


@login_required
@require_POST
def cancel(request: PersonRequest, uuid: UUID) -> HttpResponse:
    cancel_registration(get_object_or_404(own_registrations(request.user), uuid=uuid))
    messages.success(request, _("Your registration is cancelled; the place is free again."))
    return redirect("exams:list")


@login_required
@require_GET
def result(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """A released result by content area, and after a failure what to study. Never an item."""
    results = Result.objects.visible_to(request.user).select_related("attempt__registration__sitting__exam__blueprint")
    found = get_object_or_404(results, uuid=uuid)
    report = score_report(found)
    failed = found.outcome == Result.Outcome.FAILED
    advice = [area for area in report.areas if failed and not area.reaches_cut]
    lessons = lessons_for(advice)
    return render(
        request,
        "exams/result.html",
        {
            "result": found,
            "report": report,
            "rows": [(area, band_picture(area.band, report.cut_percent) if area.band else None) for area in report.areas],
            "whole": band_picture(report.whole, report.cut_percent) if report.whole else None,
            "advice": [(area, [(each, lessons.get(each.pk, [])) for each in area.competences]) for area in advice],
            "history": list(history_of(found)),
            "least_items": LEAST_ITEMS,
            "appeal_until": appeal_until(found),
        },
    )
