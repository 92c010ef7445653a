"""Words for a search index that knows none: Chinese text as overlapping pairs of characters.

Neither SQLite's FTS5 nor PostgreSQL splits Chinese into words, so "食品" is not found in "食品卫生基础". Indexing the
pairs of every run of Han characters, and asking with the same pairs, finds it in both.
"""

from __future__ import annotations

import re

HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")

NO_WORD = re.compile(r"[^\w\s]|_")


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)] or [run]


def bigrams(*texts: str) -> str:
    """The pairs of all texts, once each, for the index. A single character stands for itself."""
    found: dict[str, None] = {}
    for text in texts:
        for run in HAN_RUN.findall(str(text)):
            found.update(dict.fromkeys(_pairs(run)))
    return " ".join(found)


def search_words(query: str) -> str:
    """A query with every Chinese run written as its pairs; other words stay, signs that an index would read as
    commands go."""
    words = NO_WORD.sub(" ", query)
    return " ".join(HAN_RUN.sub(lambda match: f" {' '.join(_pairs(match.group()))} ", words).split())
