"""Rest and retirement by exposure: the rules of a bank, the sweep that applies them, and rests by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.actions.reviews import retire
from exams.errors import MoveNotPossible, NotYourBank, RuleInvalid
from exams.models import ItemBank, ItemVersion
from exams.queries.exposure import NONE, Exposure, banks_with_rules, exposure_of, rested_enough, stands_on_sealed_paper
from exams.rules.bank import can_administer_exams
from exams.rules.reviewing import can_rest_version

Status = ItemVersion.Status
RULES = ("rest_after", "rest_days", "retire_after")


@transaction.atomic
def set_exposure_rules(
    bank: ItemBank, *, rest_after: int | None, rest_days: int | None, retire_after: int | None, by: User
) -> ItemBank:
    """After so many candidates a version of the bank rests so many days, or is used up; None: no such rule.

    Raises NotYourBank, RuleInvalid (the database keeps it too).
    """
    if not can_administer_exams(by) or not ItemBank.objects.visible_to(by).filter(pk=bank.pk).exists():
        raise NotYourBank
    whole = (rest_after is None) == (rest_days is None)
    if not whole or any(number is not None and number < 1 for number in (rest_after, rest_days, retire_after)):
        raise RuleInvalid
    bank = ItemBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
    before = _rules_of(bank)
    bank.rest_after, bank.rest_days, bank.retire_after = rest_after, rest_days, retire_after
    if before != _rules_of(bank):
        bank.save(update_fields=list(RULES))
        record("item_bank.rules_set", bank, by=by, summary=bank.code, details={"before": before, "after": _rules_of(bank)})
    return bank


def _rules_of(bank: ItemBank) -> dict[str, int | None]:
    return {name: getattr(bank, name) for name in RULES}


@transaction.atomic
def rest_version(version: ItemVersion, *, until: datetime | None = None, by: User, at: datetime | None = None) -> ItemVersion:
    """No new paper takes it; sealed ones keep it. Without `until` it rests until somebody ends that.

    Raises NotYourBank, MoveNotPossible, InvalidInput.
    """
    moment = at or timezone.now()
    version = _locked(version)
    if not can_rest_version(by, version):
        raise NotYourBank
    if version.status not in ItemVersion.USABLE:
        raise MoveNotPossible
    if until and until <= moment:
        raise InvalidInput(_("Choose a moment to come."))
    _rest(version, until=until, by=by, at=moment, details={})
    return version


@transaction.atomic
def end_rest(version: ItemVersion, *, by: User, at: datetime | None = None) -> ItemVersion:
    """New papers may take it again, and its count begins anew. Raises NotYourBank, MoveNotPossible."""
    version = _locked(version)
    if not can_rest_version(by, version):
        raise NotYourBank
    if version.status != Status.RESTING:
        raise MoveNotPossible
    _wake(version, by=by, at=at or timezone.now())
    return version


def apply_exposure_rules(*, at: datetime | None = None) -> dict[str, int]:
    """What is due by the rules of every bank: rests that end, versions that are used up, versions that need a rest.

    Run again it finds nothing more to do: each version is locked and looked at anew before it moves. Answers how many.
    """
    now = at or timezone.now()
    ended = [pk for pk in rested_enough(now).values_list("pk", flat=True) if _end_if_due(pk, at=now)]
    moved = {"ended": len(ended), "rested": 0, "retired": 0}
    for bank in banks_with_rules():
        live = ItemVersion.objects.filter(item__bank=bank, status__in=ItemVersion.LIVE)
        for pk, seen in sorted(exposure_of(live).items()):
            if _is_used_up(bank, seen) and _retire_if_live(pk, seen, at=now):
                moved["retired"] += 1
            elif _needs_rest(bank, seen) and _rest_if_usable(pk, bank, at=now):
                moved["rested"] += 1
    return moved


def _is_used_up(bank: ItemBank, seen: Exposure) -> bool:
    return bank.retire_after is not None and seen.total >= bank.retire_after


def _needs_rest(bank: ItemBank, seen: Exposure) -> bool:
    return bank.rest_after is not None and seen.since_rest >= bank.rest_after


@transaction.atomic
def _end_if_due(pk: int, *, at: datetime) -> bool:
    version = _locked_row(pk)
    if version.status != Status.RESTING or version.rests_until is None or version.rests_until > at:
        return False
    _wake(version, by=None, at=at)
    return True


@transaction.atomic
def _retire_if_live(pk: int, seen: Exposure, *, at: datetime) -> bool:
    version = _locked_row(pk)
    if version.status not in ItemVersion.LIVE:
        return False
    retire(version, by=None, reason=_("seen by %(count)s candidates") % {"count": seen.total}, at=at)
    return True


@transaction.atomic
def _rest_if_usable(pk: int, bank: ItemBank, *, at: datetime) -> bool:
    version = _locked_row(pk)
    # Counted anew under the lock: a rest that ended meanwhile has begun another count.
    seen = exposure_of([pk]).get(pk, NONE)
    if version.status not in ItemVersion.USABLE or not _needs_rest(bank, seen):
        return False
    until = at + timedelta(days=bank.rest_days or 0)
    _rest(version, until=until, by=None, at=at, details={"seen": seen.since_rest})
    return True


def _rest(version: ItemVersion, *, until: datetime | None, by: User | None, at: datetime, details: dict[str, Any]) -> None:
    version.status, version.rests_until = Status.RESTING, until
    version.save(update_fields=["status", "rests_until"])
    details = {**details, "until": until.isoformat() if until else None}
    record("item_version.rested", version, by=by, summary=str(version), details=details, at=at)


def _wake(version: ItemVersion, *, by: User | None, at: datetime) -> None:
    version.status = Status.IN_USE if stands_on_sealed_paper(version) else Status.APPROVED
    version.rests_until, version.rested_at = None, at
    version.save(update_fields=["status", "rests_until", "rested_at"])
    record("item_version.rest_ended", version, by=by, summary=str(version), at=at)


def _locked(version: ItemVersion) -> ItemVersion:
    return _locked_row(version.pk)


def _locked_row(pk: int) -> ItemVersion:
    return ItemVersion.objects.select_for_update(of=("self",)).select_related("item").get(pk=pk)
