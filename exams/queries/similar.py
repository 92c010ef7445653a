"""Items that read much like one another, found by their bands and compared word for word; within one bank only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from exams.content import VersionContent, content_of
from exams.models import ItemVersion
from exams.queries.bank import full_versions
from exams.similarity import MOST_SHOWN, THRESHOLD, bands_of, likeness, shingles, texts_of

# Rows read of one band, whatever crowds it, and items compared word for word: the cost of a look-up has an end.
MOST_OF_A_BAND, MOST_COMPARED = 100, 40


@dataclass(frozen=True)
class Similar:
    """An item, its newest version, and how alike in which language; 1.0 says the same."""

    version: ItemVersion
    likeness: float
    language: str

    @property
    def percent(self) -> int:
        return int(self.likeness * 100)


def similar_items(version: ItemVersion, content: VersionContent | None = None) -> list[Similar]:
    """The most similar items of the version's bank, most alike first, itself left out. A fixed number of queries, none
    of which grows with the bank."""
    item = version.item
    texts = texts_of(content or content_of(version), item.type)
    return compared(texts, look_up(bands_of(texts.values(), item.bank_id), without=item.pk), item.bank_id)


def look_up(values: Sequence[int], *, without: int = 0) -> list[int]:
    """The items that share most bands with these values, at most MOST_COMPARED; one query."""
    if not values:
        return []
    one = "SELECT * FROM (SELECT item_id FROM exams_similarityband WHERE value = %s LIMIT %s) AS band"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(values)), [each for value in values for each in (value, MOST_OF_A_BAND)])
        shared = Counter(item for (item,) in cursor.fetchall())
    shared.pop(without, None)
    return [item for item, _count in shared.most_common(MOST_COMPARED)]


def compared(texts: Mapping[str, str], items: Sequence[int], bank: int) -> list[Similar]:
    """Those above the threshold, in the language they are most alike in."""
    if not items:
        return []
    asked = {language: shingles(text) for language, text in texts.items()}
    newest: dict[int, ItemVersion] = {}
    for version in full_versions().filter(item__in=items, item__bank=bank).order_by("number"):
        newest[version.item_id] = version
    found = []
    for version in newest.values():
        theirs = texts_of(content_of(version), version.item.type)
        alike = [(likeness(text, shingles(theirs.get(language, ""))), language) for language, text in asked.items()]
        best, language = max(alike, default=(0.0, ""))
        if best >= THRESHOLD:
            found.append(Similar(version, best, language))
    return sorted(found, key=lambda each: (-each.likeness, each.version.item.code))[:MOST_SHOWN]
