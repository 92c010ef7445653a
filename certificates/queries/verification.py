"""What the register says to a stranger. Always asked afresh: nothing here is cached."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from certificates.errors import CertificateNotFound, UnknownLink
from certificates.models import Certificate
from certificates.serials import serials_meant_by


@dataclass(frozen=True)
class Answer:
    """The register's word on one certificate at one moment."""

    certificate: Certificate
    status: str
    as_of: datetime

    @property
    def is_valid(self) -> bool:
        return self.status == Certificate.Status.VALID

    @property
    def claims(self) -> dict[str, Any]:
        return self.certificate.claims

    @property
    def status_label(self) -> str:
        return str(Certificate.Status(self.status).label)

    @property
    def sha256(self) -> str | None:
        document = getattr(self.certificate, "document", None)
        return document.sha256 or None if document else None

    def as_json(self) -> dict[str, Any]:
        """The contract of docs/architecture.md, section Certificates: other programs read it."""
        successor = self.certificate.successor
        return {
            "serial": self.certificate.serial,
            "status": self.status,
            "as_of": self.as_of.isoformat(),
            "holder": self.claims["holder"],
            "scheme": self.claims["scheme"],
            "scope": self.claims["scope"],
            "issued_on": self.certificate.issued_on.isoformat(),
            "valid_until": self.certificate.valid_until.isoformat(),
            "issuer": self.claims["issuer"],
            "sha256": self.sha256,
            "superseded_by": successor.serial if successor else None,
        }


def answer_for(certificate: Certificate, *, at: datetime | None = None) -> Answer:
    at = at or timezone.now()
    return Answer(certificate, certificate.status_on(at.date()), at)


def _register() -> QuerySet[Certificate]:
    return Certificate.objects.select_related("document", "superseded_by")


def find_by_token(token: str) -> Certificate:
    certificate = _register().filter(token=token.strip().upper()).first()
    if certificate is None:
        raise UnknownLink
    return certificate


def find_by_serial_and_name(serial: str, name: str) -> Certificate:
    """The certificate of this serial, if its holder has this family name (or this whole name).

    Never existed and wrong name are refused alike, after the same work.
    """
    certificate = _register().filter(serial__in=serials_meant_by(serial)).first()
    names = [certificate.claims["family_name"], certificate.claims["holder"]] if certificate else ["", ""]
    fits = [_comparable(each) == _comparable(name) for each in names]
    if certificate is None or not any(fits):
        raise CertificateNotFound
    return certificate


def find_by_document(sha256: str) -> Certificate | None:
    """The certificate whose stored file has exactly these bytes."""
    return _register().filter(document__sha256=sha256.strip().lower()).first() if sha256.strip() else None


def _comparable(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
