"""What may happen to a certificate after it was issued: each move with a reason, a name and an audit entry."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions.audit import record
from accounts.actions.letters import write_letter
from accounts.models import User
from certificates.actions.issuing import current_template, store_certificate
from certificates.errors import IllegalMove, NothingCorrected, ReasonMissing
from certificates.models import Certificate, CertificateStatusChange
from certificates.rules import can_change_status
from certificates.signals import certificate_status_changed
from common.errors import NotPermitted
from common.events import announce

Status = Certificate.Status


def suspend_certificate(certificate: Certificate, *, reason: str, by: User, at: datetime | None = None) -> Certificate:
    """Stop it for a time; verifiers see it at once."""
    return _move_by_officer(certificate, Status.SUSPENDED, reason=reason, by=by, at=at)


def reinstate_certificate(certificate: Certificate, *, reason: str, by: User, at: datetime | None = None) -> Certificate:
    """End a suspension."""
    return _move_by_officer(certificate, Status.VALID, reason=reason, by=by, at=at)


def withdraw_certificate(certificate: Certificate, *, reason: str, by: User, at: datetime | None = None) -> Certificate:
    """Take it back for good."""
    return _move_by_officer(certificate, Status.WITHDRAWN, reason=reason, by=by, at=at)


@transaction.atomic
def expire_certificate(certificate: Certificate, *, at: datetime | None = None) -> Certificate:
    """Past its last day it ends by itself; a suspended one too. Calling it early or again changes nothing."""
    at = at or timezone.now()
    certificate = _locked(certificate)
    if certificate.status in (Status.VALID, Status.SUSPENDED) and at.date() > certificate.valid_until:
        _move(certificate, Status.EXPIRED, reason="the validity ended", by=None, at=at)
    return certificate


@transaction.atomic
def supersede_certificate(
    certificate: Certificate, *, name: str, family_name: str, reason: str, by: User, at: datetime | None = None
) -> Certificate:
    """Issue a corrected certificate in place of this one and return it. The old one stays as it was issued.

    The correction rests on the same decision and ends on the same day: it mends words, it grants nothing.
    """
    at = at or timezone.now()
    certificate = _locked(certificate)
    _require(certificate, by=by, reason=reason)
    if certificate.status == Status.SUPERSEDED:
        return Certificate.objects.get(supersedes=certificate)
    name = name.strip()
    corrected = {"holder": name, "family_name": family_name.strip() or name}
    if not name or corrected.items() <= certificate.claims.items():
        raise NothingCorrected
    _move(certificate, Status.SUPERSEDED, reason=reason, by=by, at=at)
    successor = Certificate(
        decision=certificate.decision,
        supersedes=certificate,
        scheme=certificate.scheme,
        holder=certificate.holder,
        cycle=certificate.cycle,
        partner=certificate.partner,
        cohort=certificate.cohort,
        template=current_template(),
        issued_on=at.date(),
        valid_until=certificate.valid_until,
    )
    return store_certificate(
        successor, {**certificate.claims, **corrected}, reason=f"corrects {certificate.serial}", by=by, at=at
    )


@transaction.atomic
def _move_by_officer(certificate: Certificate, to: str, *, reason: str, by: User, at: datetime | None) -> Certificate:
    certificate = _locked(certificate)
    _require(certificate, by=by, reason=reason)
    if certificate.status != to:
        _move(certificate, to, reason=reason, by=by, at=at or timezone.now())
    return certificate


def _locked(certificate: Certificate) -> Certificate:
    return (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("scheme__track", "scheme__level", "partner", "cohort", "holder", "decision")
        .get(pk=certificate.pk)
    )


def _require(certificate: Certificate, *, by: User, reason: str) -> None:
    if not can_change_status(by, certificate):
        raise NotPermitted
    if not reason.strip():
        raise ReasonMissing


def _move(certificate: Certificate, to: str, *, reason: str, by: User | None, at: datetime) -> None:
    """One legal move with its history row and its audit entry, in the transaction of the caller."""
    before = certificate.status
    if to not in Certificate.MOVES.get(before, set()):
        raise IllegalMove
    certificate.status, certificate.status_changed_at = to, at
    certificate.save(update_fields=["status", "status_changed_at"])
    change = CertificateStatusChange.objects.create(
        certificate=certificate, before=before, after=to, reason=reason.strip()[:500], changed_by=by, changed_at=at
    )
    record(
        f"certificate.{to}",
        certificate,
        by=by,
        summary=f"{certificate.serial} {before} → {to}",
        partner=certificate.partner,
        details={"serial": certificate.serial, "before": before, "after": to, "reason": reason.strip()},
        at=at,
    )
    announce(certificate_status_changed, certificate_id=certificate.pk)
    write_letter(
        certificate.holder,
        key=f"certificate.moved:{change.pk}",
        template="certificates/mail/moved",
        link=reverse("certificates:mine"),
        at=at,
        certificate=certificate,
        reason="" if by is None else reason.strip(),
    )
