"""What a person sees of their own: certificates, applications, the way to the PDF."""

from __future__ import annotations

import structlog
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from certificates.actions.applications import apply_for_certification, withdraw_application
from certificates.models import Application, Certificate, CertificationScheme, RenderedDocument
from certificates.queries import answer_for, certificates_of
from certificates.rules import can_withdraw_application

log = structlog.get_logger("touchstone.certificates")


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My certificates and my applications."""
    applications = Application.objects.filter(applicant=request.user).select_related("scheme", "decision")
    return render(
        request,
        "certificates/mine.html",
        {"answers": [answer_for(each) for each in certificates_of(request.user)], "applications": applications},
    )


@login_required
@require_GET
def application(request: HttpRequest, uuid: object) -> HttpResponse:
    found = get_object_or_404(
        Application.objects.visible_to(request.user).select_related("scheme", "decision", "applicant", "partner"), uuid=uuid
    )
    certificate = Certificate.objects.filter(decision__application=found).order_by("-pk").first()
    context = {
        "application": found,
        "certificate": certificate,
        "may_withdraw": can_withdraw_application(request.user, found),
    }
    return render(request, "certificates/application.html", context)


@login_required
@require_POST
def application_withdraw(request: HttpRequest, uuid: object) -> HttpResponse:
    found = get_object_or_404(Application.objects.visible_to(request.user), uuid=uuid)
    withdraw_application(found, by=request.user)
    messages.success(request, _("Your application is withdrawn. You can apply again from the page of the scheme."))
    return redirect("certificates:application", uuid=found.uuid)


@login_required
@require_POST
def apply(request: HttpRequest, code: str) -> HttpResponse:
    scheme = get_object_or_404(CertificationScheme, code=code, status=CertificationScheme.Status.ACTIVE)
    opened = apply_for_certification(scheme, by=request.user)
    messages.success(request, _("Your application is open. A certification officer will decide on it."))
    return redirect("certificates:application", uuid=opened.uuid)


@login_required
@require_GET
def download(request: HttpRequest, uuid: object) -> FileResponse:
    """The PDF, for its holder, the partner it came through, and officers. Every fetch is logged."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user).select_related("document"), uuid=uuid)
    document = certificate.document
    if document.status != RenderedDocument.Status.STORED:
        raise Http404
    log.info(
        "certificate_downloaded", certificate=certificate.pk, user=request.user.pk, own=certificate.holder_id == request.user.pk
    )
    response = FileResponse(
        document.file.open("rb"), as_attachment=True, filename=f"{certificate.serial}.pdf", content_type="application/pdf"
    )
    response["Cache-Control"] = "no-store"
    return response
