"""A roster's way in: upload, look, apply."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common.exports import csv_response, write_csv
from partners.models import Partner, RosterImport
from partners.queries import earlier_application, seats
from partners.rosters.applying import apply_roster, compare_again, discard_roster, preview_roster, seat_check
from partners.rosters.comparing import OUTCOMES
from partners.rosters.wording import OUTCOME_NAMES, in_words
from portal.access import managed_partner, read_partner, seen_cohort
from portal.forms.cohorts import RosterForm
from portal.views.partners import frame

ROWS_PER_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """Upload a roster; nothing happens to the cohort yet."""
    partner = read_partner(request.user, slug)
    cohort = seen_cohort(request.user, partner, uuid)
    managed_partner(request.user, slug)
    form = RosterForm(request.POST or None, request.FILES or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        roster_import = preview_roster(
            cohort,
            content=upload.read(),
            file_name=upload.name,
            by=request.user,
            language=form.cleaned_data["language"],
        )
        return redirect("portal:roster_preview", slug, roster_import.uuid)
    earlier = cohort.roster_imports.defer("rows", "report").select_related("uploaded_by")[:10]
    context = {**frame(request, partner), "cohort": cohort, "form": form, "earlier": earlier, "seats": seats(partner)}
    return render(request, "portal/roster.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def roster_preview(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """What the roster would do, or did: row by row, by outcome."""
    partner = read_partner(request.user, slug)
    roster_import = _import(request.user, partner, uuid)
    outcome = request.GET.get("outcome", "")
    rows = [row for row in roster_import.report if outcome not in OUTCOMES or row["outcome"] == outcome]
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    needed, stock = seat_check(roster_import)
    context = {
        "roster_import": roster_import,
        "cohort": roster_import.cohort,
        "page_obj": page,
        "rows": [
            {**row, "label": OUTCOME_NAMES[row["outcome"]], "sentences": [in_words(message) for message in row["messages"]]}
            for row in page
        ],
        "outcome": outcome,
        "seats_needed": needed,
        "seats": stock,
        "applied_before": earlier_application(roster_import),
        "changes_nothing": not (roster_import.added_count or roster_import.changed_count or roster_import.error_count),
    }
    return render(request, "portal/roster_preview.html", {**frame(request, partner), **context})


@login_required
@require_safe
def roster_report(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """The whole report as a table for a spreadsheet."""
    roster_import = _import(request.user, read_partner(request.user, slug), uuid)
    response = csv_response(f"roster-report-{roster_import.cohort.code}.csv")
    header = [_("Line"), _("Outcome"), _("E-mail address"), _("Name"), _("Remarks")]
    rows = (
        [
            row["line"],
            OUTCOME_NAMES[row["outcome"]],
            row["email"],
            row["name"],
            " ".join(in_words(message) for message in row["messages"]),
        ]
        for row in roster_import.report
    )
    return write_csv(response, header, rows)


@login_required
@require_POST
def roster_apply(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    roster_import = _import(request.user, read_partner(request.user, slug), uuid)
    roster_import = apply_roster(roster_import, by=request.user)
    messages.success(
        request,
        _("The roster is imported: %(added)s added, %(changed)s changed. The invitations are on their way.")
        % {"added": roster_import.added_count, "changed": roster_import.changed_count},
    )
    return redirect("portal:cohort", slug, roster_import.cohort.uuid)


@login_required
@require_POST
def roster_compare(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    roster_import = _import(request.user, read_partner(request.user, slug), uuid)
    compare_again(roster_import, by=request.user)
    messages.info(request, _("The file was compared with the cohort as it is now."))
    return redirect("portal:roster_preview", slug, roster_import.uuid)


@login_required
@require_POST
def roster_discard(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    roster_import = _import(request.user, read_partner(request.user, slug), uuid)
    discard_roster(roster_import, by=request.user)
    messages.info(request, _("The file was put away; nothing was imported."))
    return redirect("portal:cohort", slug, roster_import.cohort.uuid)


def _import(user: User, partner: Partner, uuid: str) -> RosterImport:
    imports = RosterImport.objects.filter(cohort__in=partner.cohorts.visible_to(user))
    return get_object_or_404(imports.select_related("cohort__partner", "uploaded_by"), uuid=uuid)
