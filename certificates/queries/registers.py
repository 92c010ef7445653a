"""Certificates as their holder, their partner and the officers list them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from certificates.models import Certificate, RegisterExport
from partners.models import Partner

SORTS = {
    "-issued": "-issued_on",
    "issued": "issued_on",
    "until": "valid_until",
    "name": "holder__full_name",
    "serial": "serial",
}
FILTERS = ("status", "cohort", "scheme", "issued_from", "issued_until", "expiring_within", "search")


def certificates_of(user: User) -> QuerySet[Certificate]:
    """A holder's own, newest first."""
    return (
        Certificate.objects.filter(holder=user)
        .select_related("document", "scheme__track", "scheme__level", "superseded_by")
        .order_by("-issued_on", "-pk")
    )


def certificates_past_their_end(day: date) -> QuerySet[Certificate]:
    running = Q(status__in=[Certificate.Status.VALID, Certificate.Status.SUSPENDED])
    return Certificate.objects.filter(running, valid_until__lt=day).order_by("pk")


def filtered(
    certificates: QuerySet[Certificate],
    *,
    status: str = "",
    cohort: str = "",
    scheme: str = "",
    issued_from: date | str | None = None,
    issued_until: date | str | None = None,
    expiring_within: int | str | None = None,
    search: str = "",
    today: date | None = None,
) -> QuerySet[Certificate]:
    """The register's filter. `cohort` is a cohort's uuid; dates may be ISO text, so that a stored filter works too."""
    today = today or timezone.now().date()
    if status == Certificate.Status.EXPIRED:
        certificates = certificates.filter(Q(status=status) | _ended(today))
    elif status in (Certificate.Status.VALID, Certificate.Status.SUSPENDED):
        certificates = certificates.filter(status=status, valid_until__gte=today)
    elif status:
        certificates = certificates.filter(status=status)
    if cohort:
        certificates = certificates.filter(cohort__uuid=cohort)
    if scheme:
        certificates = certificates.filter(scheme__code=scheme)
    if issued_from:
        certificates = certificates.filter(issued_on__gte=issued_from)
    if issued_until:
        certificates = certificates.filter(issued_on__lte=issued_until)
    if expiring_within:
        last = today + timedelta(days=int(expiring_within))
        certificates = certificates.filter(status=Certificate.Status.VALID, valid_until__range=(today, last))
    for word in search.split():
        certificates = certificates.filter(
            Q(serial__icontains=word) | Q(holder__full_name__icontains=word) | Q(holder__email__icontains=word)
        )
    return certificates


def _ended(today: date) -> Q:
    return Q(status__in=[Certificate.Status.VALID, Certificate.Status.SUSPENDED], valid_until__lt=today)


def register_of(partner: Partner, *, sort: str = "-issued", **filters: Any) -> QuerySet[Certificate]:
    """The certificates that came through this partner, with what a row shows.

    Filters: status, cohort (uuid), issued_from, issued_until, expiring_within (days), search.
    """
    certificates = Certificate.objects.filter(partner=partner).select_related("holder", "cohort", "document", "scheme")
    return filtered(certificates, **filters).order_by(SORTS.get(sort, "-issued_on"), "-pk")


def register_counts(partner: Partner, *, today: date | None = None) -> dict[str, int]:
    """Issued, valid, expiring within 90 days, suspended, withdrawn, expired: one query."""
    today = today or timezone.now().date()
    soon = today + timedelta(days=90)
    running = Q(status=Certificate.Status.VALID, valid_until__gte=today)
    return Certificate.objects.filter(partner=partner).aggregate(
        issued=Count("pk"),
        valid=Count("pk", filter=running),
        expiring=Count("pk", filter=running & Q(valid_until__lte=soon)),
        suspended=Count("pk", filter=Q(status=Certificate.Status.SUSPENDED, valid_until__gte=today)),
        withdrawn=Count("pk", filter=Q(status=Certificate.Status.WITHDRAWN)),
        expired=Count("pk", filter=Q(status=Certificate.Status.EXPIRED) | _ended(today)),
    )


ROW_TITLES = (
    "serial", "holder", "email", "scheme_code", "scheme", "level", "cohort", "status", "issued_on", "valid_until",
    "verify_url", "sha256",
)  # fmt: skip


def register_rows(certificates: QuerySet[Certificate], *, today: date | None = None) -> Iterator[dict[str, str]]:
    """Rows for CSV and XLSX, in the order of ROW_TITLES. Plain text: whoever writes the file escapes formulas."""
    today = today or timezone.now().date()
    for certificate in certificates.select_related("holder", "cohort", "document").iterator(chunk_size=500):
        claims = certificate.claims
        document = getattr(certificate, "document", None)
        yield {
            "serial": certificate.serial,
            "holder": claims["holder"],
            "email": certificate.holder.email,
            "scheme_code": claims["scheme_code"],
            "scheme": claims["scheme"],
            "level": claims["level_code"],
            "cohort": certificate.cohort.code if certificate.cohort else "",
            "status": certificate.status_on(today),
            "issued_on": certificate.issued_on.isoformat(),
            "valid_until": certificate.valid_until.isoformat(),
            "verify_url": claims["verify_url"],
            "sha256": document.sha256 if document else "",
        }


def exports_of(partner: Partner) -> QuerySet[RegisterExport]:
    return RegisterExport.objects.filter(partner=partner).select_related("asked_by").order_by("-created_at")


def certificates_for_desk(user: User, *, sort: str = "-issued", **filters: Any) -> QuerySet[Certificate]:
    """Every certificate an officer may see, with what a row shows."""
    certificates = Certificate.objects.visible_to(user).select_related("holder", "partner", "cohort", "document", "scheme")
    return filtered(certificates, **filters).order_by(SORTS.get(sort, "-issued_on"), "-pk")
