"""What can be asked of the item bank: lists with filters, an item with its versions, two versions compared."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from accounts.models import User
from exams.content import VersionContent, content_of, offered_languages
from exams.models import Item, ItemReview, ItemVersion, ItemWording, Option
from exams.queries.banks import due_for_review
from exams.queries.keys import readable_key, readable_presentation
from exams.queries.readiness import language_name

Status = ItemVersion.Status


def items_matching(user: User, filters: Mapping[str, Any]) -> QuerySet[Item]:
    """The items a person may see that match, each annotated with `newest_id`, `newest_status` and `live_number`."""
    newest = ItemVersion.objects.filter(item=OuterRef("pk")).order_by("-number")
    live = ItemVersion.objects.filter(item=OuterRef("pk"), status__in=ItemVersion.LIVE)
    items: QuerySet[Item] = (
        Item.objects.visible_to(user)
        .select_related("bank", "competence")
        .annotate(
            newest_id=Subquery(newest.values("pk")[:1]),
            newest_status=Subquery(newest.values("status")[:1]),
            live_number=Subquery(live.values("number")[:1]),
        )
    )
    filters = dict(filters)
    if filters.get("status") == "usable":
        usable: dict[str, Any] = {"newest_status__in": ItemVersion.USABLE}
        items = items.filter(**usable)
        del filters["status"]
    if filters.get("review") == "due":
        items = items.filter(due_for_review())
    for name, column in PLAIN_FILTERS.items():
        if filters.get(name):
            items = items.filter(**{column: filters[name]})
    items = _searched(items, filters.get("q", ""))
    return _worded(items, filters.get("languages", "")).order_by(*ORDERS.get(filters.get("order", ""), ORDERS["code"]))


PLAIN_FILTERS = {
    "bank": "bank",
    "area": "content_area",
    "competence": "competence",
    "type": "type",
    "level": "cognitive_level",
    "status": "newest_status",
}
ORDERS = {
    "code": ("bank__code", "code"),
    "newest": ("-created_at", "-pk"),
    "area": ("content_area", "code"),
}


def _searched(items: QuerySet[Item], words: str) -> QuerySet[Item]:
    """Every word in the code or in what the newest version asks, in any language."""
    for word in words.split()[:8]:
        asked = ItemWording.objects.filter(version=OuterRef("newest_id"), stem__icontains=word)
        items = items.filter(Q(code__icontains=word) | Exists(asked))
    return items


def _worded(items: QuerySet[Item], which: str) -> QuerySet[Item]:
    """`complete`, or `missing-<language>`: by question, rationale and options of the newest version."""
    if which == "complete":
        for language in offered_languages():
            items = items.filter(_speaks(language)).exclude(_mute_option(language))
    elif which.startswith("missing-"):
        language = which.removeprefix("missing-")
        items = items.filter(~_speaks(language) | _mute_option(language))
    return items


def _speaks(language: str) -> Q:
    said = ItemWording.objects.filter(version=OuterRef("newest_id"), language=language).exclude(Q(stem="") | Q(rationale=""))
    return Q(Exists(said))


def _mute_option(language: str) -> Q:
    spoken = Count("wordings", filter=Q(wordings__language=language) & ~Q(wordings__text=""))
    mute = Option.objects.filter(version=OuterRef("newest_id")).annotate(spoken=spoken).filter(spoken=0)
    return Q(Exists(mute))


def with_newest_version(items: list[Item]) -> list[tuple[Item, ItemVersion | None]]:
    """A page of items, each with its newest version and its words; four queries for the page."""
    numbers = {item.pk: item.newest_id for item in items}  # type: ignore[attr-defined]
    versions = full_versions().filter(pk__in=[number for number in numbers.values() if number])
    found = {version.pk: version for version in versions}
    return [(item, found.get(numbers[item.pk])) for item in items]


def full_versions() -> QuerySet[ItemVersion]:
    """Versions with all that reading, showing and checking them needs."""
    return ItemVersion.objects.select_related(
        "item__bank", "item__competence", "item__edition", "stimulus", "written_by", "subject_reviewed_by", "approved_by"
    ).prefetch_related(
        "wordings",
        "options__wordings",
        Prefetch("reviews", queryset=ItemReview.objects.select_related("reviewer")),
    )


def versions_waiting_for(user: User, *, stages: Iterable[str] = ItemVersion.IN_REVIEW) -> QuerySet[ItemVersion]:
    """What lies with the reviewers, the longest waiting first; own versions are shown, but not one's to decide."""
    waiting = full_versions().filter(item__in=Item.objects.visible_to(user), status__in=list(stages))
    return waiting.order_by("created_at", "pk")


def waiting_counts(user: User) -> dict[str, int]:
    """How many versions wait at each stage that this person did not write."""
    waiting = ItemVersion.objects.filter(item__in=Item.objects.visible_to(user), status__in=ItemVersion.IN_REVIEW)
    counts = waiting.exclude(written_by=user).values("status").annotate(number=Count("pk")).order_by()
    return dict.fromkeys(ItemVersion.IN_REVIEW, 0) | {row["status"]: row["number"] for row in counts}


def excerpt(version: ItemVersion | None, language: str, length: int = 110) -> str:
    """The beginning of the question in a language, or in another one when it is missing there."""
    stems = {wording.language: strip_tags(wording.stem) for wording in version.wordings.all()} if version else {}
    text = " ".join((stems.get(language) or next((stem for stem in stems.values() if stem), "")).split())
    return text if len(text) <= length else f"{text[:length].rstrip()}…"


def paper_uses(item: Item) -> list[dict[str, Any]]:
    """The papers an item stands on, newest first."""
    uses = (
        item.versions.filter(paper_items__isnull=False)
        .values("number", code=F("paper_items__paper__code"), exam=F("paper_items__paper__exam__code"))
        .annotate(status=F("paper_items__paper__status"))
        .order_by("-number", "exam", "code")
    )
    return [dict(use) for use in uses]


# --- Two versions compared ----------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One part of a version that reads differently: what it is called, and its text in pieces."""

    name: str
    pieces: tuple[tuple[str, str], ...]


def differences(before: ItemVersion, after: ItemVersion) -> list[Difference]:
    """What changed between two versions, part by part; parts that read the same are left out."""
    old, new = dict(_parts(content_of(before))), dict(_parts(content_of(after)))
    names = list(dict.fromkeys([*old, *new]))
    return [
        Difference(name, tuple(_pieces(old.get(name, ""), new.get(name, ""))))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def _parts(content: VersionContent) -> Iterator[tuple[str, str]]:
    for language, wording in content.wordings.items():
        words = {"language": language_name(language)}
        yield _("Question, %(language)s") % words, wording.stem
        yield _("Rationale, %(language)s") % words, wording.rationale
        yield _("Reference, %(language)s") % words, wording.reference
        yield _("Unit, %(language)s") % words, wording.unit
    for number, choice in enumerate(content.choices, 1):
        for language, text in choice.texts.items():
            yield _("Option %(number)s, %(language)s") % {"number": number, "language": language_name(language)}, text
        yield _("Option %(number)s: key") % {"number": number}, _("yes") if choice.is_key else _("no")
        place = f"{choice.group} {choice.pair if choice.pair is not None else ''}".strip()
        yield _("Option %(number)s: where it belongs") % {"number": number}, place
    yield _("Key"), readable_key(content.key)
    yield _("What candidates see besides words"), readable_presentation(content.presentation)
    yield _("Case"), content.stimulus
    yield _("Scoring rule"), str(ItemVersion.ScoringRule(content.scoring_rule).label)
    yield _("Points"), str(content.points)
    yield _("Expected minutes"), str(content.minutes)
    yield _("Keep the options' order"), _("yes") if content.keep_option_order else _("no")


# Words of Latin script as a whole, every other character by itself: Chinese writes no spaces.
_TOKEN = re.compile(r"</?\w+[^>]*>|[A-Za-z0-9À-ɏ'’-]+|\s+|.", re.DOTALL)


def _pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    """(`same` | `gone` | `new`, text) from the first to the last."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", strip_tags("".join(old[a:b]))
            continue
        if a < b:
            yield "gone", "".join(old[a:b])
        if c < d:
            yield "new", "".join(new[c:d])
