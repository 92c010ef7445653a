"""A candidate's own exams: choosing a sitting, getting ready, the result."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Consent, User
from accounts.texts import text_html
from exams.actions.registering import cancel_registration, register_candidate
from exams.clock import server_now
from exams.models import Result
from exams.queries.device_checks import check_of, lines_of
from exams.queries.late import late_of
from exams.queries.registrations import minutes_for, open_sittings, own_registrations, parts_of, standing_of
from exams.queries.results import areas_of_result

PER_PAGE = 25


class PersonRequest(HttpRequest):
    """A request behind login_required."""

    user: User


@login_required
@require_GET
def my_exams(request: PersonRequest) -> HttpResponse:
    """Everything this person registered for, with what can be done now."""
    page = Paginator(own_registrations(request.user), PER_PAGE).get_page(request.GET.get("page"))
    now = server_now()
    rows = [(registration, standing_of(registration, at=now)) for registration in page]
    return render(request, "exams/my_exams.html", {"rows": rows, "page_obj": page})


@login_required
@require_GET
def sittings(request: PersonRequest) -> HttpResponse:
    """Sittings this person may register for."""
    page = Paginator(open_sittings(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "exams/sittings.html", {"page_obj": page, "languages": settings.LANGUAGES})


@login_required
@require_POST
def register(request: PersonRequest, uuid: UUID) -> HttpResponse:
    sitting = get_object_or_404(open_sittings(request.user), uuid=uuid)
    registration = register_candidate(sitting, candidate=request.user, language=request.POST.get("language", ""))
    messages.success(request, _("You are registered. The exam is on your list."))
    return redirect("exams:registration", uuid=registration.uuid)


@login_required
@require_GET
def registration(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """One registration: when and how long, the rules, the paper's language, and the button to start."""
    found = get_object_or_404(own_registrations(request.user), uuid=uuid)
    check = check_of(request.user)
    standing = standing_of(found)
    closed = standing.attempt if standing.attempt and not standing.attempt.is_open else None
    return render(
        request,
        "exams/registration.html",
        {
            "registration": found,
            "standing": standing,
            "late_bundles": late_of(closed) if closed else [],
            "minutes": minutes_for(found),
            "languages": found.sitting.paper.languages,
            "parts": parts_of(found) if standing.word == "open" else 0,
            "check": check,
            "lines": lines_of(check),
            # The text is a page of its own elsewhere; here its title stands below two others.
            "rules": text_html(Consent.Purpose.EXAM_RULES, get_language() or "en").replace("h1>", "h3>"),
        },
    )


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
    return render(request, "exams/result.html", {"result": found, "areas": areas_of_result(found)})
