"""Groups of items that ask for the same thing: made, changed, and taken away."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.errors import CodeTaken, NotYourBank
from exams.models import Item, ItemBank, OverlapGroup
from exams.rules.bank import can_write_items

# Every two of a group are kept apart: a group of n is n(n - 1)/2 pairs for the solver.
MOST_ITEMS = 100


@transaction.atomic
def create_overlap_group(bank: ItemBank, *, code: str, name: str, items: Sequence[Item] = (), by: User) -> OverlapGroup:
    """Raises NotYourBank, CodeTaken, InvalidInput."""
    _require_writer(bank.pk, by)
    try:
        with transaction.atomic():
            group = OverlapGroup.objects.create(bank=bank, code=code.strip(), name=name.strip())
    except IntegrityError as error:
        raise CodeTaken from error
    _put(group, items)
    details = {"bank": bank.code, "items": sorted(item.code for item in items)}
    record("overlap_group.created", group, by=by, summary=group.code, details=details)
    return group


@transaction.atomic
def change_overlap_group(group: OverlapGroup, *, name: str, items: Sequence[Item], by: User) -> OverlapGroup:
    """Its name and its items, whole; papers already drawn keep theirs. Raises NotYourBank, InvalidInput."""
    group = _locked(group, by)
    before = sorted(group.items.values_list("code", flat=True))
    after = sorted(item.code for item in items)
    if (group.name, before) == (name.strip(), after):
        return group
    group.name = name.strip()
    group.save(update_fields=["name"])
    _put(group, items)
    record("overlap_group.changed", group, by=by, summary=group.code, details={"before": before, "after": after})
    return group


@transaction.atomic
def remove_overlap_group(group: OverlapGroup, *, by: User) -> None:
    """Its items may meet on a paper again. Raises NotYourBank."""
    group = _locked(group, by)
    details = {"items": sorted(group.items.values_list("code", flat=True))}
    record("overlap_group.removed", group, by=by, summary=group.code, details=details)
    group.delete()


def _put(group: OverlapGroup, items: Sequence[Item]) -> None:
    if any(item.bank_id != group.bank_id for item in items):
        raise InvalidInput(_("Choose items of the same bank."))
    if len(items) > MOST_ITEMS:
        raise InvalidInput(_("A group has at most %(count)s items.") % {"count": MOST_ITEMS})
    group.items.set(items)


def _require_writer(bank_id: int, by: User) -> None:
    if not can_write_items(by) or not ItemBank.objects.visible_to(by).filter(pk=bank_id).exists():
        raise NotYourBank


def _locked(group: OverlapGroup, by: User) -> OverlapGroup:
    group = OverlapGroup.objects.select_for_update().get(pk=group.pk)
    _require_writer(group.bank_id, by)
    return group
