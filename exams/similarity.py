"""How alike two texts are, and a signature by which likely pairs are found without comparing all.

Shingles are overlapping triples of characters within words, edges marked, for scripts with an alphabet; for Chinese,
overlapping pairs. A Chinese word has two characters as a rule, so a pair is what a triple of letters is elsewhere: with
triples, changing one character of a ten-character question would already take away three of its eight shingles.

Alike = Jaccard: shared shingles ÷ all shingles of both (Broder 1997). Finding: one-permutation minima (Li, Owen & Zhang
2012) with empty bins filled by rotation (Shrivastava & Li 2014), in BANDS bands of ROWS; two texts of likeness s share a
band with chance 1 − (1 − s^ROWS)^BANDS: 0.89 at 0.6, 0.99 at 0.7, 0.9999 at 0.8. What is found is then compared exactly.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

from common.chinese import HAN_RUN
from exams.content import VersionContent
from exams.wording import words_only

# Two items this much alike are worth a look: about one word in eight differs. Random items of one bank reach about 0.2.
THRESHOLD = 0.6
MOST_SHOWN = 5
BANDS, ROWS = 16, 4
_BINS = BANDS * ROWS
_NO_WORD = re.compile(r"[\W_]+")
_MASK = (1 << 64) - 1


def texts_of(content: VersionContent, type: str) -> dict[str, str]:
    """Stem and options by language, folded: all that a candidate reads. Statements' own two words are left out."""
    texts = {}
    for language, wording in content.wordings.items():
        if wording.stem:
            spoken = [] if type == "true_false" else [choice.texts.get(language, "") for choice in content.choices]
            texts[language] = folded(" ".join(map(words_only, [wording.stem, *spoken])))
    return texts


def bands_of(texts: Iterable[str], bank: int) -> tuple[int, ...]:
    """The values under which texts of a bank are found, once each."""
    return tuple(dict.fromkeys(value for text in texts for value in signature(shingles(text), bank)))


def folded(text: str) -> str:
    """Case, width, punctuation and runs of space do not matter; numbers do."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


@lru_cache(maxsize=256)
def shingles(text: str) -> frozenset[str]:
    """Of a folded text. The last few are kept: an import compares many entries with the same ones."""
    found: set[str] = set()
    for run in HAN_RUN.findall(text):
        found.update(run[start : start + 2] for start in range(max(len(run) - 1, 1)))
    for word in HAN_RUN.sub(" ", text).split():
        marked = f" {word} "
        found.update(marked[start : start + 3] for start in range(len(marked) - 2))
    return frozenset(found)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared ÷ all, 0 to 1; two empty texts are not alike."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def signature(text: frozenset[str], bank: int) -> list[int]:
    """The values to look up: one over all shingles (equal texts meet in it whatever else is crowded), then one a band.

    63-bit whole numbers that depend on the bank, so that banks never meet. Empty for a text without shingles."""
    if not text:
        return []
    whole = _hashed(f"{bank}|{'|'.join(sorted(text))}")
    minima = _minima(text)
    bands = [_hashed(f"{bank}|{band}|{minima[band * ROWS : band * ROWS + ROWS]}") for band in range(BANDS)]
    return [whole, *bands]


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1


def _minima(text: frozenset[str]) -> list[int]:
    bins: list[int | None] = [None] * _BINS
    for shingle in text:
        # A CRC is no random function of short strings; one multiplication mixes it (Knuth's golden ratio, 64 bits).
        value = (crc32(shingle.encode()) * 0x9E3779B97F4A7C15 & _MASK) >> 20
        place, rank = value % _BINS, value // _BINS
        known = bins[place]
        if known is None or rank < known:
            bins[place] = rank
    # An empty bin takes the next full one's, moved by the distance, so that equal fillings are told from equal minima.
    filled = []
    for place in range(_BINS):
        distance = 0
        while (found := bins[(place + distance) % _BINS]) is None:
            distance += 1
        filled.append(found + distance * (1 << 44))
    return filled
