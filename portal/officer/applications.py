"""The queue, and one application with everything a decision rests on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certificates.actions.decisions import decide_application
from certificates.forms import DecisionForm
from certificates.models import Application, Certificate, CertificationScheme
from certificates.queries import applications_for_desk, certificates_for_desk, open_applications_count, parked_documents
from certificates.queries.corrected import unsettled_corrections
from certificates.rules import can_decide
from portal.officer.access import asked, at_the_desk, page_of
from portal.officer.queries import applicants_history, held_results


@at_the_desk
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for an officer."""
    context = {
        "tab": "desk",
        "open_count": open_applications_count(request.user),
        "parked_count": parked_documents().count(),
        "held_count": held_results().count(),
        "corrected_count": unsettled_corrections(request.user).count(),
        "suspended_count": certificates_for_desk(request.user, status=Certificate.Status.SUSPENDED).count(),
        "oldest": applications_for_desk(request.user, status=Application.Status.OPEN)[:5],
    }
    return render(request, "portal/officer/desk.html", context)


@at_the_desk
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    filters = asked(request, "status", "scheme", "search", "sort")
    if "status" not in request.GET:
        filters["status"] = Application.Status.OPEN
    context = {
        "tab": "applications",
        "page_obj": page_of(request, applications_for_desk(request.user, **filters)),
        "filters": filters,
        "statuses": Application.Status.choices,
        "scheme_codes": CertificationScheme.objects.order_by("code").values_list("code", flat=True).distinct(),
    }
    return render(request, "portal/officer/applications.html", context)


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, uuid: object) -> HttpResponse:
    found = get_object_or_404(
        applications_for_desk(request.user).select_related("decision__decided_by", "cohort__instructor"), uuid=uuid
    )
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decide_application(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your decision is recorded."))
        return redirect("portal:officer_application", uuid=found.uuid)
    context = {
        "tab": "applications",
        "application": found,
        "form": form,
        "permission": can_decide(request.user, found),
        "certificate": Certificate.objects.filter(decision__application=found).order_by("-pk").first(),
        "history": applicants_history(found),
        "corrections": unsettled_corrections(request.user).filter(application=found),
    }
    return render(request, "portal/officer/application.html", context)
