"""A partner's cohorts: the list, one cohort's progress, and what managers do with it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.actions.cohorts import change_cohort, create_cohort, finish_cohort, leave_cohort, start_cohort
from partners.actions.invitations import invite_to_cohort
from partners.models import Cohort
from partners.queries import cohorts_of, places_of, seats
from portal.access import entered_partner, managed_partner, read_partner, seen_cohort
from portal.actions import plan_cohort, register_cohort
from portal.forms.cohorts import CohortForm, PersonForm, RegistrationForm
from portal.queries.overview import sittings_of
from portal.queries.people import PEOPLE_FILTERS, chosen_places
from portal.queries.progress import cohort_progress, courses_of
from portal.views.partners import frame

PER_PAGE = 25


@login_required
@require_safe
def cohorts(request: HttpRequest, slug: str) -> HttpResponse:
    """The cohorts this person may see: all for managers, their own for instructors."""
    partner = entered_partner(request.user, slug)
    found = cohorts_of(partner, request.user)
    status = request.GET.get("status", "")
    if status in Cohort.Status.values:
        found = found.filter(status=status)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "statuses": Cohort.Status.choices, "status": status}
    return render(request, "portal/cohorts.html", {**frame(request, partner), **context})


@login_required
@require_safe
def cohort(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """The people of a cohort with their lessons, exams and certificates."""
    partner = entered_partner(request.user, slug)
    cohort = seen_cohort(request.user, partner, uuid)
    chosen, search = request.GET.get("show", ""), request.GET.get("search", "").strip()[:100]
    page = Paginator(chosen_places(places_of(cohort), show=chosen, search=search), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "cohort": cohort,
        "courses": courses_of(cohort),
        "sittings": sittings_of(cohort),
        "page_obj": page,
        "rows": cohort_progress(cohort, list(page)),
        "filters": PEOPLE_FILTERS,
        "show": chosen,
        "search": search,
    }
    return render(request, "portal/cohort.html", {**frame(request, partner), **context})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_new(request: HttpRequest, slug: str) -> HttpResponse:
    partner = managed_partner(request.user, slug)
    form = CohortForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            cohort = create_cohort(partner, by=request.user, **form.about)
            plan_cohort(cohort, by=request.user, **form.plan)
        messages.success(request, _("The cohort is created. Now bring its people."))
        return redirect("portal:cohort", slug, cohort.uuid)
    context = {**frame(request, partner), "form": form}
    return render(request, "portal/cohort_form.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_edit(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    partner = read_partner(request.user, slug)
    cohort = seen_cohort(request.user, partner, uuid)
    managed_partner(request.user, slug)
    form = CohortForm(request.POST or None, partner=partner, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            cohort = change_cohort(cohort, by=request.user, **form.about)
            plan_cohort(cohort, by=request.user, **form.plan)
        messages.success(request, _("The cohort is saved."))
        return redirect("portal:cohort", slug, cohort.uuid)
    context = {**frame(request, partner), "form": form, "cohort": cohort}
    return render(request, "portal/cohort_form.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def cohort_move(request: HttpRequest, slug: str, uuid: str, move: str) -> HttpResponse:
    """Start or finish."""
    partner = read_partner(request.user, slug)
    cohort = seen_cohort(request.user, partner, uuid)
    if move == "start":
        start_cohort(cohort, by=request.user)
        messages.success(request, _("The cohort is running."))
    else:
        finish_cohort(cohort, by=request.user)
        messages.success(request, _("The cohort is finished and its seats are free."))
    return redirect("portal:cohort", slug, cohort.uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_invite(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """One person, without a file."""
    partner = read_partner(request.user, slug)
    cohort = seen_cohort(request.user, partner, uuid)
    managed_partner(request.user, slug)
    form = PersonForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        offer = invite_to_cohort(cohort, by=request.user, **form.cleaned_data)
        messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": offer.email})
        return redirect("portal:cohort", slug, cohort.uuid)
    context = {**frame(request, partner), "form": form, "cohort": cohort, "seats": seats(partner)}
    return render(request, "portal/cohort_invite.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def place_leave(request: HttpRequest, slug: str, uuid: str, place_uuid: str) -> HttpResponse:
    partner = read_partner(request.user, slug)
    cohort = seen_cohort(request.user, partner, uuid)
    place = leave_cohort(get_object_or_404(places_of(cohort), uuid=place_uuid), by=request.user)
    messages.success(request, _("%(person)s has left the cohort; the seat is free.") % {"person": place.full_name})
    return redirect("portal:cohort", slug, cohort.uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_register(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """Register everybody for a sitting and say what happened to each. Sending it again changes nothing."""
    partner = read_partner(request.user, slug)
    cohort = seen_cohort(request.user, partner, uuid)
    managed_partner(request.user, slug)
    form = RegistrationForm(request.POST or None, partner=partner, cohort=cohort)
    context = {**frame(request, partner), "form": form, "cohort": cohort, "report": None}
    if request.method == "POST" and form.is_valid():
        context["report"] = register_cohort(cohort, **form.cleaned_data, by=request.user)
        context["sitting"] = form.cleaned_data["sitting"]
    return render(request, "portal/cohort_register.html", context, status=400 if form.errors else 200)
