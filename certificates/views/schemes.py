"""The public pages of the certification schemes: what each demands, what it says, how long it lasts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from certificates.models import CertificationScheme
from certificates.queries import scheme_progress

ACTIVE = CertificationScheme.Status.ACTIVE


@require_GET
def scheme_list(request: HttpRequest) -> HttpResponse:
    schemes = (
        CertificationScheme.objects.filter(status=ACTIVE)
        .select_related("track", "level")
        .order_by("track__position", "level__position", "code")
    )
    return render(request, "certificates/schemes.html", {"schemes": schemes})


@require_GET
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(CertificationScheme.objects.select_related("track", "level"), code=code, status=ACTIVE)
    signed_in = request.user.is_authenticated
    progress = scheme_progress(request.user, found) if signed_in else []
    requirements = found.requirements.select_related("course", "exam")
    own = (
        found.applications.filter(applicant=request.user).select_related("decision").order_by("-pk").first()
        if signed_in
        else None
    )
    context = {
        "scheme": found,
        "requirements": requirements,
        "progress": progress,
        "may_apply": bool(progress) and all(each.is_met for each in progress) and (own is None or own.may_be_asked_again),
        "own_application": own,
    }
    return render(request, "certificates/scheme.html", context)
