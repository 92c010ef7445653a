"""Results that are held: by sitting, for the board's record, and one by one to look at. Nothing is released from here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certificates.rules import is_officer
from exams.queries.board_records import sittings_awaiting_board
from portal.officer.access import asked, at_the_desk, page_of
from portal.officer.queries import held_results, sittings_with_held_results


@at_the_desk
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    filters = asked(request, "sitting", "search")
    context = {
        "tab": "results",
        "may_act": is_officer(request.user),
        "awaiting": sittings_awaiting_board()[:25],
        "page_obj": page_of(request, held_results(**filters)),
        "filters": filters,
        "sittings": sittings_with_held_results(),
    }
    return render(request, "portal/officer/results.html", context)
