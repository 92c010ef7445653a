"""The decision: grant or refuse, with reasons and a name; what is granted is issued in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions.audit import record
from accounts.actions.letters import write_letter
from accounts.models import User
from certificates.actions.issuing import issue_certificate
from certificates.errors import AlreadyDecided, ApplicationClosed, HolderNameMissing, ReasonMissing
from certificates.models import Application, CertificationDecision
from certificates.rules import can_decide


@transaction.atomic
def decide_application(
    application: Application, *, outcome: str, reasons: str, by: User, at: datetime | None = None
) -> CertificationDecision:
    """Grant or refuse, once. Granting issues the certificate and starts its PDF.

    The same outcome again returns the decision that stands; another outcome is refused.
    """
    at = at or timezone.now()
    # The lock makes two officers, or two clicks of one, queue here.
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("applicant", "scheme__track", "scheme__level", "partner", "cohort")
        .get(pk=application.pk)
    )
    permission = can_decide(by, application, at=at)
    if permission.refusal is not None:
        raise permission.refusal
    if application.status == Application.Status.DECIDED:
        return _standing(application, outcome)
    if application.status != Application.Status.OPEN:
        raise ApplicationClosed
    granted = outcome == CertificationDecision.Outcome.GRANTED
    if not reasons.strip():
        raise ReasonMissing
    if granted and not application.applicant.full_name.strip():
        raise HolderNameMissing
    decision = CertificationDecision.objects.create(
        application=application,
        applicant=application.applicant,
        outcome=CertificationDecision.Outcome(outcome),
        reasons=reasons.strip(),
        decided_by=by,
        decided_at=at,
    )
    application.status = Application.Status.DECIDED
    application.save(update_fields=["status"])
    record(
        "application.decide",
        decision,
        by=by,
        summary=f"{application.scheme.code} {decision.outcome}",
        partner=application.partner,
        details={"application": str(application.uuid), "outcome": decision.outcome, "reasons": decision.reasons},
        at=at,
    )
    if granted:
        issue_certificate(decision, by=by, at=at)
    write_letter(
        application.applicant,
        key=f"application.decided:{decision.pk}",
        template="certificates/mail/granted" if granted else "certificates/mail/refused",
        link=reverse("certificates:mine") if granted else reverse("certificates:application", args=[application.uuid]),
        at=at,
        scheme=application.scheme,
    )
    return decision


def _standing(application: Application, outcome: str) -> CertificationDecision:
    decision = CertificationDecision.objects.get(application=application)
    if decision.outcome != outcome:
        raise AlreadyDecided
    return decision
