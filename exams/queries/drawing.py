"""What a paper can be drawn from, and what was drawn."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from exams.content import offered_languages
from exams.models import Item, ItemBank, ItemVersion, Option, Paper, PaperItem, Translation
from exams.queries.overlaps import overlapping_pairs


def usable_versions(bank: ItemBank) -> QuerySet[ItemVersion]:
    """The approved versions of a bank, none at rest, that speak every offered language, none of it stale; in a stable order."""
    languages = offered_languages()
    worded = Q(wordings__language__in=languages) & ~Q(wordings__stem="")
    spoken = Q(wordings__language__in=languages) & ~Q(wordings__text="")
    mute = (
        Option.objects.filter(version__item__bank=bank)
        .annotate(spoken=Count("wordings", filter=spoken))
        .filter(spoken__lt=len(languages))
        .order_by()
    )
    return (
        ItemVersion.objects.filter(item__bank=bank, status__in=ItemVersion.USABLE)
        .annotate(spoken=Count("wordings", filter=worded))
        .filter(spoken=len(languages))
        .exclude(pk__in=mute.values("version"))
        .exclude(pk__in=Translation.objects.stale().filter(language__in=languages).values("version"))
        .select_related("item")
        .order_by("item__code")
    )


def enemy_pairs(bank: ItemBank) -> frozenset[frozenset[int]]:
    """The pairs of items of a bank that must not share a paper: enemies, and the members of one overlap group."""
    pairs = Item.enemies.through.objects.filter(from_item__bank=bank).values_list("from_item_id", "to_item_id")
    return frozenset(frozenset(pair) for pair in pairs) | overlapping_pairs(bank)


def positions_of(paper: Paper) -> QuerySet[PaperItem]:
    """The positions of a paper with what a list of them shows: codes and classes, never a stem or a key."""
    return paper.items.select_related("version__item__competence", "version__item__bank").order_by("position")


def papers_with_counts() -> QuerySet[Paper]:
    return (
        Paper.objects.select_related("exam__blueprint__bank")
        .annotate(item_count=Count("items", distinct=True), sitting_count=Count("sittings", distinct=True))
        .order_by("exam__code", "code")
    )
