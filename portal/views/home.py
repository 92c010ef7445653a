"""The first page after signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.queries.desks import desks_of, workplaces_of
from portal.queries.home import address, learner_home


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What to do next as a learner, and the ways to wherever else one works."""
    context = {
        "home": learner_home(request.user),
        "desks": desks_of(request.user),
        "workplaces": workplaces_of(request.user),
        "exams_url": address("exams:list"),
        "certificates_url": address("certificates:mine"),
    }
    return render(request, "portal/home.html", context)
