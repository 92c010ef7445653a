"""What lists find items by, made from their newest versions: words, languages, flaws, and the bands of their likeness.

Never the truth: made anew with each save, and by the sweep for items that have none (rows from before there was an
index). An import makes it in bulk from what it has in hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from exams.content import VersionContent, content_of, offered_languages
from exams.flaws import Finding, digest_of, findings_in
from exams.flaws.reading import subjects_of
from exams.item_types import Key
from exams.models import Item, ItemFlaw, ItemIndex, ItemVersion, SimilarityBand
from exams.queries.bank import full_versions
from exams.queries.readiness import complete_languages, missing_in
from exams.similarity import bands_of, folded, texts_of

AT_ONCE = 200


@dataclass(frozen=True)
class Found:
    """An item's row of the index, its flaws and the values of its bands; `version` None for an item without words."""

    item: Item
    version: ItemVersion | None = None
    text: str = ""
    languages: str = ""
    flaws: tuple[Finding, ...] = ()
    open_flaws: int = 0
    bands: tuple[int, ...] = ()


def index_version(version: ItemVersion) -> None:
    """After a draft was written."""
    store([_found(version)])


def index_item(item: Item) -> None:
    """After a draft was thrown away: by what the item says now."""
    newest = full_versions().filter(item=item).order_by("-number").first()
    store([_found(newest) if newest else Found(item, text=folded(item.code))])


def index_missing(*, most: int = AT_ONCE) -> int:
    """Items without an index row, as rows from before there was one; how many were done. The sweep calls it."""
    items = list(Item.objects.filter(index=None).order_by("pk")[:most])
    if items:
        newest: dict[int, ItemVersion] = {}
        for version in full_versions().filter(item__in=items).order_by("number"):
            newest[version.item_id] = version
        with transaction.atomic():
            store([_found(newest[item.pk]) if item.pk in newest else Found(item, text=folded(item.code)) for item in items])
    return len(items)


def _found(version: ItemVersion) -> Found:
    content = content_of(version)
    subjects = subjects_of(content, version.item.type)
    digest = digest_of(subjects)
    waived = {waiver.rule for waiver in version.flaw_waivers.all() if waiver.words_digest == digest}
    return found_in(version, content, languages=complete_languages(version), waived=waived)


def found_in(
    version: ItemVersion,
    content: VersionContent,
    *,
    languages: Iterable[str],
    waived: Iterable[str] = (),
    texts: dict[str, str] | None = None,
    flaws: tuple[Finding, ...] | None = None,
    bands: tuple[int, ...] | None = None,
) -> Found:
    """From content in hand, and from what else was worked out of it before."""
    item, gone = version.item, set(waived)
    texts = texts_of(content, item.type) if texts is None else texts
    flaws = tuple(findings_in(subjects_of(content, item.type))) if flaws is None else flaws
    return Found(
        item,
        version,
        text=" ".join([folded(item.code), *texts.values()]),
        languages=" ".join(languages),
        flaws=flaws,
        open_flaws=sum(finding.rule not in gone for finding in flaws),
        bands=bands_of(texts.values(), item.bank_id) if bands is None else bands,
    )


def complete_in(content: VersionContent, type: str, cases: dict[str, str] | None) -> list[str]:
    """The languages an imported item is complete in; `cases` are the words of its case, None without one."""
    key = Key(type, answer=content.key, presentation=content.presentation)
    return [
        code
        for code in offered_languages()
        if code in content.wordings and not missing_in(code, content, type, key, None if cases is None else cases.get(code, ""))
    ]


@transaction.atomic
def store(found: list[Found], *, are_new: bool = False) -> None:
    """Replace what the index says of these items; `are_new`: it says nothing of them yet."""
    items = [each.item for each in found]
    if not are_new:
        SimilarityBand.objects.filter(item__in=items).delete()
        ItemFlaw.objects.filter(version__in=[each.version for each in found if each.version]).delete()
    rows = [
        ItemIndex(item=each.item, text=each.text, languages=each.languages, open_flaws=min(each.open_flaws, 9999))
        for each in found
    ]
    if are_new:
        ItemIndex.objects.bulk_create(rows)
    else:
        ItemIndex.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["item"], update_fields=["text", "languages", "open_flaws"]
        )
    ItemFlaw.objects.bulk_create(_flaws(found))
    _store_bands(found)


def _store_bands(found: list[Found]) -> None:
    """Seventeen rows an item and language: past the model layer, which would cost more than all the rest of an import."""
    rows = [(each.item.pk, value) for each in found for value in each.bands]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO exams_similarityband (item_id, value) VALUES (%s, %s)", rows)


def _flaws(found: list[Found]) -> Iterator[ItemFlaw]:
    for each in found:
        for finding in each.flaws if each.version else ():
            yield ItemFlaw(version=each.version, rule=finding.rule, language=finding.language, details=finding.details)
