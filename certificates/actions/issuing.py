"""From a grant to a certificate: serial, claims, template revision, and the waiting document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions.audit import record
from accounts.models import User
from certificates.errors import NoTemplate
from certificates.models import (
    Application,
    Certificate,
    CertificateStatusChange,
    CertificateTemplate,
    CertificationDecision,
    CertificationScheme,
    RenderedDocument,
)
from certificates.serials import draw_serial
from certificates.signals import certificate_issued
from common.codes import public_token
from common.events import announce, ring

ISSUER = {"issuer": "Touchstone", "issuer_zh": "试金石"}
SERIAL_TRIES = 5


def issue_certificate(decision: CertificationDecision, *, by: User | None, at: datetime | None = None) -> Certificate:
    """The certificate of a granted decision, made on the first call; every later or parallel call returns the same one."""
    existing = Certificate.objects.filter(decision=decision).order_by("pk").last()
    if existing is not None:
        return existing
    at = at or timezone.now()
    application = Application.objects.select_related("scheme__track", "scheme__level", "partner", "cohort").get(
        pk=decision.application_id
    )
    issued_on = at.date()
    certificate = Certificate(
        decision=decision,
        scheme=application.scheme,
        holder=decision.applicant,
        cycle=application.cycle,
        partner=application.partner,
        cohort=application.cohort,
        template=current_template(),
        issued_on=issued_on,
        valid_until=months_after(issued_on, application.scheme.validity_months),
    )
    claims = claims_of(application, name=decision.applicant.full_name, family_name=decision.applicant.family_name)
    return store_certificate(certificate, claims, reason="granted", by=by, at=at)


@transaction.atomic
def store_certificate(
    certificate: Certificate, claims: dict[str, Any], *, reason: str, by: User | None, at: datetime
) -> Certificate:
    """Insert the row under a fresh serial, with its history, its audit entry and its waiting document.

    Raises nothing when another transaction was quicker: the constraint lets one through, and that one is returned.
    """
    for _ in range(SERIAL_TRIES):
        certificate.token = public_token()
        certificate.serial = draw_serial(certificate.scheme, certificate.issued_on)
        certificate.status_changed_at = at
        certificate.claims = {**claims, **printed_facts(certificate)}
        try:
            with transaction.atomic():
                certificate.save(force_insert=True)
            break
        except IntegrityError:
            winner = Certificate.objects.filter(decision=certificate.decision, supersedes=certificate.supersedes).first()
            if winner is not None:
                return winner
            if not Certificate.objects.filter(serial=certificate.serial).exists():
                raise
    else:
        raise RuntimeError("No free serial was found; the random source of this machine is suspect.")
    CertificateStatusChange.objects.create(
        certificate=certificate, before="", after=certificate.status, reason=reason, changed_by=by, changed_at=at
    )
    document = RenderedDocument.objects.create(certificate=certificate, next_try_at=timezone.now())
    record(
        "certificate.issue",
        certificate,
        by=by,
        summary=f"{certificate.serial} {reason}"[:240],
        partner=certificate.partner,
        details={"serial": certificate.serial, "decision": certificate.decision_id, "template": str(certificate.template)},
        at=at,
    )
    announce(certificate_issued, certificate_id=certificate.pk)
    from certificates.tasks import render_document_task

    ring(render_document_task, document.pk)
    return certificate


def current_template() -> CertificateTemplate:
    template = CertificateTemplate.objects.filter(is_current=True).order_by("pk").first()
    if template is None:
        raise NoTemplate
    return template


def claims_of(application: Application, *, name: str, family_name: str) -> dict[str, Any]:
    """Everything printed or published about the award, in words of today, kept for ever."""
    scheme, partner = application.scheme, application.partner
    return {
        "holder": name.strip(),
        "family_name": family_name.strip() or name.strip(),
        **scheme_claims(scheme),
        **ISSUER,
        "partner": partner.name if partner else "",
        "partner_zh": (partner.name_zh or partner.name) if partner else "",
        "cohort": application.cohort.name if application.cohort else "",
    }


def scheme_claims(scheme: CertificationScheme) -> dict[str, Any]:
    return {
        "scheme_code": scheme.code,
        "scheme_version": scheme.version,
        "scheme": scheme.title,
        "scheme_zh": scheme.title_zh or scheme.title,
        "scope": scheme.scope,
        "scope_zh": scheme.scope_zh,
        "track": scheme.track.title,
        "track_zh": scheme.track.title_zh,
        "level": scheme.level.title,
        "level_zh": scheme.level.title_zh,
        "level_code": scheme.level.code,
    }


def printed_facts(certificate: Certificate) -> dict[str, Any]:
    return {
        "serial": certificate.serial,
        "issued_on": certificate.issued_on.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "verify_url": f"{settings.SITE_URL}/verify/{certificate.token}/",
    }


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of a month stays a last."""
    total = day.year * 12 + day.month - 1 + months
    for last in (day.day, 30, 29, 28):
        try:
            return date(total // 12, total % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
