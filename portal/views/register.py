"""The certificate register of a partner, and what can be taken home from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from certificates.actions.exports import kept_until, request_register_export
from certificates.models import Certificate, RegisterExport
from certificates.queries.registers import ROW_TITLES, exports_of, register_counts, register_of, register_rows
from common.exports import csv_response, write_csv, xlsx_response
from partners.models import Partner
from portal.access import managed_partner, read_partner
from portal.forms.register import RegisterFilter
from portal.views.partners import frame

PER_PAGE = 25
COLUMN_NAMES = {
    "serial": gettext_lazy("Certificate number"),
    "holder": gettext_lazy("Holder"),
    "email": gettext_lazy("E-mail address"),
    "scheme_code": gettext_lazy("Scheme code"),
    "scheme": gettext_lazy("Scheme"),
    "level": gettext_lazy("Level"),
    "cohort": gettext_lazy("Cohort"),
    "status": gettext_lazy("Status"),
    "issued_on": gettext_lazy("Issued on"),
    "valid_until": gettext_lazy("Valid until"),
    "verify_url": gettext_lazy("Verification link"),
    "sha256": gettext_lazy("SHA-256 of the PDF"),
}


@login_required
@require_safe
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Every certificate that came through the partner: filter, search, sort, page."""
    partner = read_partner(request.user, slug)
    form = RegisterFilter(request.GET, partner=partner)
    page = Paginator(_chosen(partner, form), PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(certificate, certificate.status_on(today)) for certificate in page],
        "status_names": dict(Certificate.Status.choices),
        "counts": register_counts(partner),
        "exports": exports_of(partner)[:5],
        "is_filtering": form.is_filtering,
    }
    return render(request, "portal/register.html", {**frame(request, partner), **context})


@login_required
@require_safe
def register_csv(request: HttpRequest, slug: str) -> HttpResponse:
    partner = read_partner(request.user, slug)
    certificates = _chosen(partner, RegisterFilter(request.GET, partner=partner))
    return write_csv(csv_response(f"register-{partner.slug}.csv"), _header(), _rows(certificates))


@login_required
@require_safe
def register_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    partner = read_partner(request.user, slug)
    certificates = _chosen(partner, RegisterFilter(request.GET, partner=partner))
    return xlsx_response(f"register-{partner.slug}.xlsx", _header(), _rows(certificates))


@login_required
@require_POST
def register_zip(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the PDFs of what the filter shows; a task makes the file."""
    partner = managed_partner(request.user, slug)
    form = RegisterFilter(request.POST, partner=partner)
    export = request_register_export(partner, by=request.user, filters=form.filters)
    return redirect("portal:export", slug, export.uuid)


@login_required
@require_safe
def export(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    """How far the file is. htmx asks again by itself; without it the reader reloads."""
    partner = read_partner(request.user, slug)
    export = _export(partner, uuid)
    template = "portal/_export_state.html" if getattr(request, "htmx", False) else "portal/export.html"
    is_working = export.status in (RegisterExport.Status.WAITING, RegisterExport.Status.RUNNING)
    context = {"export": export, "kept_until": kept_until(export), "is_working": is_working}
    return render(request, template, {**frame(request, partner), **context})


@login_required
@require_safe
def export_file(request: HttpRequest, slug: str, uuid: str) -> HttpResponseBase:
    """The file itself, while it is kept; the right to it is asked again on every download."""
    partner = read_partner(request.user, slug)
    export = _export(partner, uuid)
    if export.status != RegisterExport.Status.READY or not export.file or kept_until(export) <= timezone.now():
        raise Http404
    name = f"certificates-{partner.slug}-{export.created_at:%Y-%m-%d}.zip"
    response = FileResponse(export.file.open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


def _chosen(partner: Partner, form: RegisterFilter) -> QuerySet[Certificate]:
    return register_of(partner, sort=form.order, **form.filters)


def _header() -> list[str]:
    return [str(COLUMN_NAMES[title]) for title in ROW_TITLES]


def _rows(certificates: QuerySet[Certificate]) -> Iterator[list[Any]]:
    names = dict(Certificate.Status.choices)
    for row in register_rows(certificates):
        yield [names.get(row[title], row[title]) if title == "status" else row[title] for title in ROW_TITLES]


def _export(partner: Partner, uuid: str) -> RegisterExport:
    return get_object_or_404(RegisterExport.objects.filter(partner=partner).select_related("asked_by"), uuid=uuid)
