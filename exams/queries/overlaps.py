"""Overlap groups as pairs: of a group at most one item stands on a paper, as if all its items were enemies."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from django.db.models import Count, QuerySet

from accounts.models import User
from exams.models import ItemBank, OverlapGroup, PaperItem


def overlapping_pairs(bank: ItemBank) -> frozenset[frozenset[int]]:
    """Every two items of a bank that share a group; one query."""
    members: dict[int, list[int]] = defaultdict(list)
    rows = OverlapGroup.items.through.objects.filter(overlapgroup__bank=bank).values_list("overlapgroup_id", "item_id")
    for group, item in rows:
        members[group].append(item)
    return frozenset(frozenset(pair) for items in members.values() for pair in combinations(items, 2))


def groups_with_counts(user: User) -> QuerySet[OverlapGroup]:
    return (
        OverlapGroup.objects.visible_to(user)
        .select_related("bank")
        .annotate(item_count=Count("items"))
        .order_by("bank__code", "code")
    )


def kept_apart_together(items: list[PaperItem]) -> tuple[str, str] | None:
    """Two codes on a paper that must not stand on one, or None; two queries."""
    from exams.queries.drawing import enemy_pairs

    codes = {item.version.item_id: item.version.item.code for item in items}
    met = sorted(sorted(codes[one] for one in pair) for pair in enemy_pairs(items[0].version.item.bank) if pair <= codes.keys())
    return (met[0][0], met[0][1]) if met else None
