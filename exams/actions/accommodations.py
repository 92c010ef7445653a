"""Adjusted conditions a person is entitled to: granted, ended. What they come to is `exams.rules.deadlines`."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from exams.errors import AccommodationInvalid, NotYourBank
from exams.models import Accommodation
from exams.rules.bank import can_administer_exams
from exams.rules.deadlines import Conditions

MOST_EXTRA_PERCENT = 200
MOST_BREAK_MINUTES = 240


@transaction.atomic
def grant_accommodation(
    candidate: User,
    *,
    valid_from: date,
    valid_until: date,
    extra_time_percent: int = 0,
    break_minutes: int = 0,
    contrast: str = Accommodation.Contrast.NORMAL.value,
    text_size: int = Accommodation.TextSize.NORMAL.value,
    has_reader: bool = False,
    has_separate_room: bool = False,
    is_exempt_from_lockdown: bool = False,
    reason: str = "",
    by: User,
    at: datetime | None = None,
) -> Accommodation:
    """Entitle a person to adjusted conditions for a while. Attempts already running keep their end and their breaks.

    Raises NotYourBank, AccommodationInvalid. The reason is not in the audit trail: it is about a person's health.
    """
    if not can_administer_exams(by):
        raise NotYourBank
    granted = Conditions(
        extra_time_percent, break_minutes, contrast, text_size, has_reader, has_separate_room, is_exempt_from_lockdown
    )
    _check(granted)
    if valid_until < valid_from:
        raise AccommodationInvalid(_("The last day lies before the first."))
    if candidate.pk == by.pk:
        raise AccommodationInvalid(_("Nobody grants an accommodation to themselves."))
    accommodation = Accommodation.objects.create(
        candidate=candidate,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=by,
        reason=reason.strip(),
        **granted._asdict(),
    )
    details = {**_other_than_usual(granted), "valid_from": valid_from, "valid_until": valid_until}
    record("accommodation.granted", accommodation, by=by, details={**details, "candidate": candidate.pk}, at=at)
    return accommodation


def _check(granted: Conditions) -> None:
    if not 0 <= granted.extra_time_percent <= MOST_EXTRA_PERCENT:
        raise AccommodationInvalid(_("Extra time is between 0 and %(most)s percent.") % {"most": MOST_EXTRA_PERCENT})
    if not 0 <= granted.break_minutes <= MOST_BREAK_MINUTES:
        raise AccommodationInvalid(_("Breaks last at most %(most)s minutes together.") % {"most": MOST_BREAK_MINUTES})
    if granted.contrast not in Accommodation.Contrast.values or granted.text_size not in Accommodation.TextSize.values:
        raise AccommodationInvalid
    if granted == Conditions():
        raise AccommodationInvalid(_("Choose at least one thing to grant."))


def _other_than_usual(granted: Conditions) -> dict[str, object]:
    usual = Conditions()._asdict()
    return {name: value for name, value in granted._asdict().items() if value != usual[name]}


@transaction.atomic
def end_accommodation(accommodation: Accommodation, *, on: date, by: User, at: datetime | None = None) -> Accommodation:
    """Let an entitlement run out on an earlier day than granted. Raises NotYourBank, AccommodationInvalid."""
    if not can_administer_exams(by):
        raise NotYourBank
    accommodation = Accommodation.objects.select_for_update().get(pk=accommodation.pk)
    if not accommodation.valid_from <= on <= accommodation.valid_until:
        raise AccommodationInvalid(_("The last day has to lie within the time that was granted."))
    accommodation.valid_until = on
    accommodation.save(update_fields=["valid_until"])
    record("accommodation.ended", accommodation, by=by, details={"valid_until": on}, at=at)
    return accommodation
