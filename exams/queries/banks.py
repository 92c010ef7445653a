"""Banks as their pages show them: what they hold, and what in them is due to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from exams.models import Item, ItemBank, ItemVersion


@dataclass
class BankRow:
    """A bank with its versions counted by state, and how many live items are due for review."""

    bank: ItemBank
    items: int = 0
    due: int = 0
    states: dict[str, int] = field(default_factory=dict)

    @property
    def usable(self) -> int:
        return sum(self.states.get(state, 0) for state in ItemVersion.USABLE)

    @property
    def waiting(self) -> int:
        return sum(self.states.get(state, 0) for state in ItemVersion.IN_REVIEW)

    @property
    def resting(self) -> int:
        return self.states.get(ItemVersion.Status.RESTING, 0)

    def by_state(self) -> list[tuple[str, str, int]]:
        """Value, name and number of each state, in the order of an item's way."""
        return [(value, str(label), self.states.get(value, 0)) for value, label in ItemVersion.Status.choices]


def due_for_review(today: date | None = None) -> Q:
    """Items with a live version whose day has come. Through the versions: one live version, so one row an item."""
    return Q(review_by__lte=today or timezone.localdate(), versions__status__in=ItemVersion.LIVE)


def banks_of(user: User, *, bank: ItemBank | None = None) -> list[BankRow]:
    """The banks a person may see; four queries whatever their number."""
    banks = ItemBank.objects.visible_to(user).order_by("code")
    rows = {each.pk: BankRow(each) for each in (banks.filter(pk=bank.pk) if bank else banks)}
    items = Item.objects.filter(bank__in=list(rows)).order_by()
    for pk, number in items.values_list("bank").annotate(number=Count("pk")):
        rows[pk].items = number
    for pk, number in items.filter(due_for_review()).values_list("bank").annotate(number=Count("pk")):
        rows[pk].due = number
    versions = ItemVersion.objects.filter(item__bank__in=list(rows)).order_by()
    for pk, status, number in versions.values_list("item__bank", "status").annotate(number=Count("pk")):
        rows[pk].states[status] = number
    return list(rows.values())
