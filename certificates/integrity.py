"""The invariants this package keeps, asked of the rows. `manage.py check_integrity` runs them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import storages
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import AuditEntry
from certificates.models import (
    Application,
    Certificate,
    CertificateStatusChange,
    CertificationDecision,
    RegisterExport,
    RenderedDocument,
)
from certificates.queries.documents import expired_exports
from common.integrity import Violation, invariant

# A sweep every few seconds makes good what waits; an hour says that nobody sweeps.
PATIENCE = timedelta(hours=1)
Status = Certificate.Status


@invariant(5, "one certificate per granted decision, one decision per decided application")
def decisions_and_certificates_match() -> Iterable[Violation]:
    standing = Certificate.objects.filter(decision=OuterRef("pk")).exclude(status=Status.SUPERSEDED)
    granted = CertificationDecision.objects.filter(outcome=CertificationDecision.Outcome.GRANTED)
    for decision in granted.filter(~Exists(standing)):
        yield Violation(f"CertificationDecision {decision.pk}", "granted, but no certificate stands for it")
    for decision in granted.annotate(n=Count("certificates", filter=~Q(certificates__status=Status.SUPERSEDED))).filter(
        n__gt=1
    ):
        yield Violation(f"CertificationDecision {decision.pk}", f"{decision.n} certificates stand for it")
    for certificate in Certificate.objects.exclude(decision__outcome=CertificationDecision.Outcome.GRANTED):
        yield Violation(f"Certificate {certificate.serial}", "its decision was not a grant")
    for application in Application.objects.filter(status=Application.Status.DECIDED, decision__isnull=True):
        yield Violation(f"Application {application.pk}", "decided without a decision")
    for application in Application.objects.exclude(status=Application.Status.DECIDED).filter(decision__isnull=False):
        yield Violation(f"Application {application.pk}", "has a decision but is not decided")
    for certificate in Certificate.objects.filter(holder__is_synthetic=True):
        yield Violation(f"Certificate {certificate.serial}", "issued to a synthetic candidate")


@invariant(5, "a superseded certificate has its successor, and only it")
def corrections_match() -> Iterable[Violation]:
    for certificate in Certificate.objects.filter(status=Status.SUPERSEDED, superseded_by__isnull=True):
        yield Violation(f"Certificate {certificate.serial}", "superseded by nothing")
    for certificate in Certificate.objects.filter(supersedes__isnull=False).exclude(supersedes__status=Status.SUPERSEDED):
        yield Violation(f"Certificate {certificate.serial}", "corrects a certificate that still stands")
    for certificate in Certificate.objects.filter(supersedes__isnull=False).exclude(decision=F("supersedes__decision")):
        yield Violation(f"Certificate {certificate.serial}", "rests on another decision than the one it corrects")


@invariant(8, "an export is gone at the end of its seven days")
def exports_are_discarded() -> Iterable[Violation]:
    long_ago = timezone.now() - PATIENCE
    for export in expired_exports(long_ago):
        yield Violation(f"RegisterExport {export.pk}", "was to be discarded more than an hour ago")
    storage = storages["private"]
    try:
        _folders, files = storage.listdir("exports")
    except FileNotFoundError:
        return
    kept = set(RegisterExport.objects.exclude(file="").values_list("file", flat=True))
    for name in sorted(f"exports/{file}" for file in files):
        # A file is written just before its row: only one that stays alone was forgotten.
        if name not in kept and storage.get_modified_time(name) < long_ago:
            yield Violation(f"file {name}", "belongs to no export any more")


@invariant(9, "the status of a certificate is the last line of its history")
def status_matches_history() -> Iterable[Violation]:
    last = CertificateStatusChange.objects.filter(certificate=OuterRef("pk")).order_by("-changed_at", "-pk").values("after")[:1]
    with_last = Certificate.objects.annotate(last=Subquery(last))
    for certificate in with_last.filter(Q(last__isnull=True) | ~Q(last=F("status"))):
        yield Violation(f"Certificate {certificate.serial}", f"is {certificate.status}, its history says {certificate.last}")
    before: dict[int, str] = {}
    for change in CertificateStatusChange.objects.order_by("certificate_id", "changed_at", "pk").iterator():
        expected = before.get(change.certificate_id, "")
        if change.before != expected or (expected and change.after not in Certificate.MOVES.get(expected, set())):
            yield Violation(
                f"CertificateStatusChange {change.pk}", f"{change.before} → {change.after} does not follow {expected!r}"
            )
        before[change.certificate_id] = change.after


@invariant(10, "every stored document is the bytes that were hashed")
def documents_match_their_hash() -> Iterable[Violation]:
    for document in RenderedDocument.objects.filter(status=RenderedDocument.Status.STORED).iterator():
        try:
            with document.file.open("rb") as file:
                content = file.read()
        except OSError:
            yield Violation(f"RenderedDocument {document.pk}", "its file is missing")
            continue
        except SuspiciousOperation:
            yield Violation(f"RenderedDocument {document.pk}", "its file lies outside the private folder")
            continue
        if hashlib.sha256(content).hexdigest() != document.sha256 or len(content) != document.size:
            yield Violation(f"RenderedDocument {document.pk}", "its file is not the one that was stored")


@invariant(10, "the claims of a certificate say what its row says")
def claims_match_the_row() -> Iterable[Violation]:
    for certificate in Certificate.objects.iterator():
        row = {
            "serial": certificate.serial,
            "issued_on": certificate.issued_on.isoformat(),
            "valid_until": certificate.valid_until.isoformat(),
        }
        wrong = [name for name, value in row.items() if certificate.claims.get(name) != value]
        wrong += [name for name in ("holder", "scheme", "scope", "issuer") if not certificate.claims.get(name)]
        if wrong or certificate.token not in certificate.claims.get("verify_url", ""):
            yield Violation(f"Certificate {certificate.serial}", f"its claims differ: {', '.join(wrong) or 'verify_url'}")


@invariant(11, "every certificate has a document, and no work waits that nobody does")
def pending_work_is_done() -> Iterable[Violation]:
    for certificate in Certificate.objects.filter(document__isnull=True):
        yield Violation(f"Certificate {certificate.serial}", "has no document row, so nobody will ever print it")
    long_ago = timezone.now() - PATIENCE
    for document in RenderedDocument.objects.filter(status=RenderedDocument.Status.WAITING, next_try_at__lt=long_ago):
        yield Violation(f"RenderedDocument {document.pk}", "waits for more than an hour: no sweeper runs")
    for document in RenderedDocument.objects.filter(status=RenderedDocument.Status.RENDERING).filter(
        Q(claimed_until__lt=long_ago) | Q(claimed_until__isnull=True)
    ):
        yield Violation(f"RenderedDocument {document.pk}", "its claim ran out long ago: no sweeper runs")
    pending = (RegisterExport.Status.WAITING, RegisterExport.Status.RUNNING)
    for export in RegisterExport.objects.filter(status__in=pending, created_at__lt=long_ago):
        yield Violation(f"RegisterExport {export.pk}", "asked for more than an hour ago and not made")


@invariant(13, "every decision, certificate and change of status has its audit entry")
def acts_are_audited() -> Iterable[Violation]:
    for decision in CertificationDecision.objects.filter(~_audited("certificates.certificationdecision", "application.decide")):
        yield Violation(f"CertificationDecision {decision.pk}", "no audit entry")
    for certificate in Certificate.objects.filter(~_audited("certificates.certificate", "certificate.issue")):
        yield Violation(f"Certificate {certificate.serial}", "issued without an audit entry")
    moves = CertificateStatusChange.objects.exclude(before="").values_list("certificate_id", "after").annotate(n=Count("pk"))
    audited = {
        (entry["thing_id"], entry["act"]): entry["n"]
        for entry in AuditEntry.objects.filter(thing="certificates.certificate", act__startswith="certificate.")
        .order_by()
        .values("thing_id", "act")
        .annotate(n=Count("pk"))
    }
    for certificate_id, after, count in moves.order_by():
        if audited.get((str(certificate_id), f"certificate.{after}"), 0) != count:
            yield Violation(f"Certificate {certificate_id}", f"moved to {after} {count} times, audited otherwise")


def _audited(thing: str, act: str) -> Exists:
    return Exists(AuditEntry.objects.filter(thing=thing, act=act, thing_id=Cast(OuterRef("pk"), CharField())))
