"""How hard items are held to be: what makes parallel papers equally hard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.errors import NotYourBank
from exams.models import ItemBank, ItemEstimate, ItemVersion
from exams.rules.bank import can_administer_exams


@dataclass(frozen=True)
class Estimate:
    """What one source says of one version."""

    version: ItemVersion
    borderline: Decimal | None = None
    discrimination: Decimal | None = None
    difficulty: Decimal | None = None


@transaction.atomic
def set_estimates(
    bank: ItemBank, estimates: Sequence[Estimate], *, source: str, by: User | None, at: datetime | None = None
) -> int:
    """What one source says of many items of a bank at once, all or none; says how many. Raises as `set_estimate`."""
    if by is not None and not can_administer_exams(by):
        raise NotYourBank
    for each in estimates:
        if each.version.item.bank_id != bank.pk:
            raise NotYourBank
        _store(each, source, by, at or timezone.now())
    details = {"source": source, "items": len(estimates)}
    record("item_bank.estimated", bank, by=by, summary=bank.code, details=details, at=at)
    return len(estimates)


@transaction.atomic
def set_estimate(
    version: ItemVersion,
    *,
    source: str,
    borderline: Decimal | None = None,
    discrimination: Decimal | None = None,
    difficulty: Decimal | None = None,
    by: User | None,
    at: datetime | None = None,
) -> ItemEstimate:
    """What one source says of a version; a later word of the same source replaces it. `by=None` is a computation of ours.

    Raises NotYourBank, InvalidInput (a chance outside 0 to 1, half a calibration, nothing at all).
    """
    if by is not None and not can_administer_exams(by):
        raise NotYourBank
    given = Estimate(version, borderline, discrimination, difficulty)
    estimate = _store(given, source, by, at or timezone.now())
    values = {"borderline": borderline, "discrimination": discrimination, "difficulty": difficulty}
    details = {name: str(value) for name, value in values.items() if value is not None}
    record("item_version.estimated", version, by=by, summary=str(version), details={"source": source, **details}, at=at)
    return estimate


def _store(given: Estimate, source: str, by: User | None, at: datetime) -> ItemEstimate:
    borderline, discrimination, difficulty = given.borderline, given.discrimination, given.difficulty
    if source not in ItemEstimate.Source.values:
        raise InvalidInput(_("An estimate is judged, observed or calibrated."))
    if borderline is not None and not 0 <= borderline <= 1:
        raise InvalidInput(_("The chance of a borderline candidate lies between 0 and 1."))
    if (discrimination is None) != (difficulty is None) or (discrimination is not None and discrimination <= 0):
        raise InvalidInput(_("A calibration is a discrimination above 0 together with a difficulty."))
    if borderline is None and discrimination is None:
        raise InvalidInput(_("The estimate says nothing."))
    estimate, _is_new = ItemEstimate.objects.update_or_create(
        version=given.version,
        source=source,
        defaults={
            "borderline": borderline,
            "discrimination": discrimination,
            "difficulty": difficulty,
            "set_by": by,
            "set_at": at,
        },
    )
    return estimate
