"""The list of items: filters, search and order that stay quick at 50,000 items (bench: `bank list of 50,000`).

Which items match is asked for as bare ids, in an order that an index gives; what a row shows is then read for the page
alone. Words are looked for in ItemIndex.text, one narrow table, and each search reads it once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from accounts.models import User
from exams.content import offered_languages
from exams.flaws import REGISTRY
from exams.models import Item, ItemFlaw, ItemIndex, ItemVersion
from exams.queries.banks import due_for_review
from exams.similarity import folded

OPEN, NONE = "open", "none"
MOST_WORDS = 8
PLAIN_FILTERS = {
    "bank": "bank",
    "area": "content_area",
    "competence": "competence",
    "type": "type",
    "level": "cognitive_level",
}
ORDERS = {
    "code": ("bank__code", "code"),
    "newest": ("-created_at", "-pk"),
    "area": ("content_area", "code", "pk"),
    "type": ("type", "code", "pk"),
    "level": ("cognitive_level", "code", "pk"),
}


def items_matching(user: User, filters: Mapping[str, Any]) -> QuerySet[Item]:
    """The items a person may see that match, in the order asked for."""
    items: QuerySet[Item] = Item.objects.visible_to(user)
    for name, column in PLAIN_FILTERS.items():
        if filters.get(name):
            items = items.filter(**{column: filters[name]})
    if filters.get("status"):
        statuses = ItemVersion.USABLE if filters["status"] == "usable" else (filters["status"],)
        items = items.filter(pk__in=newest_versions().filter(status__in=statuses).values("item"))
    if filters.get("review") == "due":
        items = items.filter(due_for_review())
    items = _searched(items, filters.get("q", ""))
    items = _in_languages(items, filters.get("languages", ""))
    items = _flawed(items, filters.get("flaws", ""))
    return items.order_by(*ORDERS.get(filters.get("order", ""), ORDERS["code"]))


def ids_matching(user: User, filters: Mapping[str, Any]) -> QuerySet[Item, int] | list[int]:
    """For a pager. A search by words is read once and held: counting and slicing would each read every word again."""
    ids = items_matching(user, filters).values_list("pk", flat=True)
    return list(ids) if folded(filters.get("q", "")) else ids


def newest_versions() -> QuerySet[ItemVersion]:
    newer = ItemVersion.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"))
    return ItemVersion.objects.filter(~Exists(newer)).order_by()


def live_versions() -> QuerySet[ItemVersion]:
    return ItemVersion.objects.filter(status__in=ItemVersion.LIVE)


def _searched(items: QuerySet[Item], words: str) -> QuerySet[Item]:
    """Every word in the code or in what the newest version asks and offers, in any language; the longest first, since
    it is in the fewest items."""
    wanted = sorted({folded(word) for word in words.split()[:MOST_WORDS]} - {""}, key=len, reverse=True)
    found = ItemIndex.objects.order_by()
    for word in wanted:
        found = found.filter(text__contains=word)
    # As a set of its own: joined, the words would be read in the order of the list, all over the table.
    return items.filter(pk__in=found.values("item")) if wanted else items


def _in_languages(items: QuerySet[Item], which: str) -> QuerySet[Item]:
    """`complete`, or `missing-<language>`: not, or not wholly, or no longer, said in that language."""
    if which == "complete":
        return items.filter(index__languages=" ".join(offered_languages()))
    if which.startswith("missing-"):
        language = which.removeprefix("missing-")
        # The few values there are, so that an index finds them.
        known = ItemIndex.objects.order_by("languages").values_list("languages", flat=True).distinct()
        having = [value for value in known if language in value.split()]
        return items.exclude(pk__in=ItemIndex.objects.filter(languages__in=having).values("item"))
    return items


def _flawed(items: QuerySet[Item], which: str) -> QuerySet[Item]:
    """`open`: flaws that are neither mended nor waived; `none`; or a rule, waived or not."""
    if which == OPEN:
        return items.filter(pk__in=ItemIndex.objects.filter(open_flaws__gt=0).values("item"))
    if which == NONE:
        return items.exclude(pk__in=ItemIndex.objects.filter(open_flaws__gt=0).values("item"))
    if which in REGISTRY:
        newer = ItemVersion.objects.filter(item=OuterRef("version__item"), number__gt=OuterRef("version__number"))
        return items.filter(pk__in=ItemFlaw.objects.filter(~Exists(newer), rule=which).order_by().values("version__item"))
    return items


def rows_of(ids: Sequence[int]) -> list[Item]:
    """The items of one page in its order, each with `newest_id`, `newest_number`, `newest_status` and `live_number`."""
    newest = ItemVersion.objects.filter(item=OuterRef("pk")).order_by("-number")
    live = live_versions().filter(item=OuterRef("pk")).order_by("-number")
    items = (
        Item.objects.filter(pk__in=ids)
        .select_related("bank", "competence", "index")
        .annotate(
            newest_id=Subquery(newest.values("pk")[:1]),
            newest_number=Subquery(newest.values("number")[:1]),
            newest_status=Subquery(newest.values("status")[:1]),
            live_number=Subquery(live.values("number")[:1]),
        )
    )
    found = {item.pk: item for item in items}
    return [found[pk] for pk in ids if pk in found]
