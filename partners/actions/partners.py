"""Taking an institution in, and what is agreed with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import Role, User
from partners.errors import AgreementRefused, NotYourPartner
from partners.models import Agreement, Partner
from partners.queries import seats_used

CHANGEABLE = ("name", "name_zh", "kind", "contact_email", "status")


@transaction.atomic
def create_partner(*, slug: str, name: str, kind: str, by: User | None, name_zh: str = "", contact_email: str = "") -> Partner:
    """A new tenant, empty: an agreement and a first manager come next."""
    _must_administer(by)
    partner = Partner.objects.create(slug=slug, name=name, name_zh=name_zh, kind=kind, contact_email=contact_email)
    record("partner.created", partner, by=by, partner=partner, summary=name, details={"slug": slug, "kind": kind})
    return partner


@transaction.atomic
def change_partner(partner: Partner, *, by: User | None, **changes: Any) -> Partner:
    """Change what is known about a partner, or close it. Its slug stays: it is in people's links."""
    _must_administer(by)
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"a partner has no changeable {', '.join(sorted(unknown))}")
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    before = {name: getattr(partner, name) for name in changes}
    moved = {name: [before[name], value] for name, value in changes.items() if before[name] != value}
    if moved:
        for name, value in changes.items():
            setattr(partner, name, value)
        partner.save(update_fields=list(changes))
        record("partner.changed", partner, by=by, partner=partner, summary=partner.name, details={"changes": moved})
    return partner


@transaction.atomic
def sign_agreement(
    partner: Partner,
    *,
    reference: str,
    starts_on: date,
    ends_on: date,
    seats: int,
    exam_quota: int,
    by: User | None,
) -> Agreement:
    """Record an agreement. A renewal is a new row, so what was agreed before stays readable."""
    _must_administer(by)
    if ends_on < starts_on:
        raise AgreementRefused(_("An agreement cannot end before it starts."))
    if partner.agreements.filter(reference=reference).exists():
        raise AgreementRefused(_("This institution already has an agreement with this reference."))
    agreement = Agreement.objects.create(
        partner=partner, reference=reference, starts_on=starts_on, ends_on=ends_on, seats=seats, exam_quota=exam_quota
    )
    _record_agreement("agreement.signed", agreement, by)
    return agreement


@transaction.atomic
def amend_agreement(agreement: Agreement, *, by: User | None, ends_on: date, seats: int, exam_quota: int) -> Agreement:
    """Change an agreement's end, seats or quota. Never below the seats people hold today."""
    _must_administer(by)
    agreement = Agreement.objects.select_for_update().select_related("partner").get(pk=agreement.pk)
    if ends_on < agreement.starts_on:
        raise AgreementRefused(_("An agreement cannot end before it starts."))
    used = seats_used(agreement.partner)
    if seats < agreement.seats and seats < used:
        raise AgreementRefused(
            _("%(used)s people hold seats today, so the seats cannot be fewer. Let people leave first.") % {"used": used}
        )
    agreement.ends_on, agreement.seats, agreement.exam_quota = ends_on, seats, exam_quota
    agreement.save(update_fields=["ends_on", "seats", "exam_quota"])
    _record_agreement("agreement.amended", agreement, by)
    return agreement


def _must_administer(by: User | None) -> None:
    if by is not None and not by.has_role(Role.ADMINISTRATOR):
        raise NotYourPartner(_("Only administrators look after institutions and their agreements."))


def _record_agreement(act: str, agreement: Agreement, by: User | None) -> None:
    record(
        act,
        agreement,
        by=by,
        partner=agreement.partner,
        summary=agreement.reference,
        details={
            "starts_on": agreement.starts_on,
            "ends_on": agreement.ends_on,
            "seats": agreement.seats,
            "exam_quota": agreement.exam_quota,
        },
    )
