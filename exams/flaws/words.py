"""Words as rules count them: Latin words whole, Chinese by characters."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d+(?:\.\d+)?")
_SPACE = re.compile(r"\s+")


def words_of(text: str) -> list[str]:
    """The Latin words and numbers, lower case, without apostrophes' variants."""
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def length_of(text: str, *, is_chinese: bool) -> int:
    """How long an option looks: characters without spaces in Chinese, characters in other languages."""
    return len(_SPACE.sub("", text)) if is_chinese else len(_SPACE.sub(" ", text).strip())


def stem_of_word(word: str) -> str:
    """The word without the commonest endings, so that `encrypts`, `encrypted` and `encryption` meet."""
    for ending in ("ations", "ation", "ing", "ions", "ion", "ers", "ies", "ed", "er", "es", "ly", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
