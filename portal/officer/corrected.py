"""Results that were corrected after somebody was certified on them, or applied to be."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certificates.actions.corrected import settle_corrected_result
from certificates.queries.corrected import unsettled_corrections
from certificates.rules import is_officer
from portal.officer.access import at_the_desk, page_of


@at_the_desk
@require_safe
def corrected(request: HttpRequest) -> HttpResponse:
    context = {
        "tab": "corrected",
        "may_act": is_officer(request.user),
        "page_obj": page_of(request, unsettled_corrections(request.user)),
    }
    return render(request, "portal/officer/corrected.html", context)


@at_the_desk
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(unsettled_corrections(request.user), pk=pk)
    settle_corrected_result(note, settlement=request.POST.get("settlement", ""), by=request.user)
    messages.success(request, _("It is on record what was done."))
    return redirect("portal:officer_corrected")
