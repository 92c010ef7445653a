"""A result that certification rests on was corrected downward: noted as officers' work, and settled by one of them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from certificates.errors import NotImpartial
from certificates.models import CorrectedResult
from certificates.queries.corrected import applications_resting_on, turned_down
from certificates.rules import can_decide
from common.errors import InvalidInput


@transaction.atomic
def note_corrected_result(change_id: int, *, at: datetime | None = None) -> list[CorrectedResult]:
    """One note for each application that rests on the result, if it no longer is a pass; asked again, none more."""
    change = turned_down().select_related("result").filter(pk=change_id).first()
    if change is None:
        return []
    noted = []
    for application, _uuid in applications_resting_on([str(change.result.uuid)]):
        note, is_new = CorrectedResult.objects.get_or_create(
            application=application, change=change, defaults={"noted_at": at or timezone.now()}
        )
        if is_new:
            record("corrected_result.noted", note, by=None, summary=str(application), partner=application.partner)
            noted.append(note)
    return noted


@transaction.atomic
def settle_corrected_result(note: CorrectedResult, *, settlement: str, by: User, at: datetime | None = None) -> CorrectedResult:
    """Say what was done about it: nothing, a suspension, a withdrawal, another exam. Settled already, it stays as it is.

    Raises NotImpartial (as for a decision on the application), InvalidInput.
    """
    note = CorrectedResult.objects.select_for_update(of=("self",)).select_related("application__applicant").get(pk=note.pk)
    permission = can_decide(by, note.application, at=at)
    if not permission:
        raise permission.refusal or NotImpartial()
    if note.settled_at is not None:
        return note
    if not settlement.strip():
        raise InvalidInput(_("Say what was done about it, and why."))
    note.settled_by, note.settled_at, note.settlement = by, at or timezone.now(), settlement.strip()
    note.save(update_fields=["settled_by", "settled_at", "settlement"])
    partner = note.application.partner
    details = {"settlement": note.settlement}
    record("corrected_result.settled", note, by=by, summary=str(note.application), partner=partner, details=details, at=at)
    return note
