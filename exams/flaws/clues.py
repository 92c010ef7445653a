"""Words by which a candidate who knows nothing finds the key, or drops an option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.chinese import HAN_RUN
from exams.flaws.contract import MINOR, SERIOUS, Rule, Said, Subject
from exams.flaws.words import stem_of_word, words_of

# "only" and "all" are too common in technical English to say anything; the list is that of test-taking guides.
_ABSOLUTE = re.compile(
    r"\b(always|never|completely|absolutely|entirely|impossible|guarantees?|guaranteed|under all circumstances"
    r"|in every case|without exception|no matter what|100\s?%\s+(?:safe|secure|certain))(?![\w-])",
    re.IGNORECASE,
)
_ABSOLUTE_ZH = re.compile(
    r"一定(?!程度|的|范围|数量|时间|条件|比例|规模|期限|阈值|误差)"
    r"|绝不|绝对|必定|必然|永远|从不|从来不|毫无例外|任何情况下|百分之百|完全不可能"
)
# What the article before the gap must agree with; "honest", "hour" and letters are spoken with a vowel.
_ENDING = re.compile(r"\b(an?)\s*(?:(?:_{2,}|…|\.{3})\s*[:.?]?|:)?\s*$")
_SPOKEN_VOWEL = re.compile(r"^(?:hour|honest|honou?r|heir|[aeio]|u(?!ni|s[aeiu]|til|biq|ro|k\b)|[FHLMNRSX](?:[A-Z0-9]|\b))")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "about above after again against among another because before being below between could does during each either"
        " every first following having itself never other others should through under until using where whether which"
        " while within without would system systems models statement answer option likely correct security",
    )
)
LEAST_LETTERS, LEAST_CHARACTERS = 6, 4


def absolute_words(subject: Subject) -> Iterator[dict[str, Any]]:
    """Where some options are absolute and others are not; all alike give nothing away."""
    if not subject.options or subject.type == "true_false":
        return
    pattern = _ABSOLUTE_ZH if subject.is_chinese else _ABSOLUTE
    found = [(option, pattern.search(option.text)) for option in subject.options]
    hits = [(option, hit[0]) for option, hit in found if hit]
    if len(hits) == len(found):
        return
    for option, word in hits:
        yield {"option": option.number, "word": word}


def clue_words(subject: Subject) -> Iterator[dict[str, Any]]:
    """A telling word of the stem that every key repeats and no distractor does. With several keys it would have to
    single all of them out."""
    if not subject.has_distractors or subject.type == "true_false" or len(subject.options) < 3:
        return
    repeated = _repeated_zh(subject) if subject.is_chinese else _repeated(subject)
    if repeated:
        yield {"option": subject.keys[0].number, "word": repeated}


def _repeated(subject: Subject) -> str:
    def telling(text: str) -> dict[str, str]:
        words = (word for word in words_of(text) if len(word) >= LEAST_LETTERS and word not in _COMMON)
        return {stem_of_word(word): word for word in words}

    asked = telling(subject.stem)
    shared = set(asked).intersection(*(telling(option.text) for option in subject.keys))
    shared -= {stem for option in subject.distractors for stem in telling(option.text)}
    # One word is often the matter itself; two that only the key repeats point at it, and so does one in a short option.
    if len(shared) >= 2 or (shared and all(_is_short(option) for option in subject.keys)):
        return ", ".join(sorted(asked[stem] for stem in shared))
    return ""


def _is_short(option: Said) -> bool:
    return len(words_of(option.text)) <= 3


def _repeated_zh(subject: Subject) -> str:
    """The longest run of Chinese characters that stem and keys share and no distractor has; a term of four or more."""
    others = [option.text for option in subject.distractors]
    runs = [
        run
        for run in _runs_in(subject.keys[0].text)
        if run in subject.stem
        and all(run in option.text for option in subject.keys)
        and not any(run in text for text in others)
    ]
    return max(runs, key=len, default="")


def _runs_in(text: str) -> Iterator[str]:
    for run in HAN_RUN.findall(text):
        for length in range(LEAST_CHARACTERS, len(run) + 1):
            yield from (run[start : start + length] for start in range(len(run) - length + 1))


def article_cue(subject: Subject) -> Iterator[dict[str, Any]]:
    """An English stem that ends in "a" or "an" and options of which only some can follow."""
    if subject.is_chinese or len(subject.options) < 2:
        return
    ending = _ENDING.search(subject.stem)
    if ending is None:
        return
    wants_vowel = ending[1].casefold() == "an"
    misfits = [option for option in subject.options if bool(_SPOKEN_VOWEL.match(option.text.strip())) != wants_vowel]
    if misfits and len(misfits) < len(subject.options):
        yield {"word": ending[1], "option": misfits[0].number}


RULES = (
    Rule(
        "absolute_words",
        _("absolute words"),
        SERIOUS,
        _("Option %(option)s says “%(word)s” where others do not: options with absolute words are known to be wrong."),
        absolute_words,
        "Haladyna, Downing & Rodriguez 2002, no. 28a (specific determiners); NBME 2021, “absolute terms”",
    ),
    Rule(
        "clue_words",
        _("the key repeats the question"),
        MINOR,
        _("Of all options only the key repeats “%(word)s” from the question."),
        clue_words,
        "Haladyna, Downing & Rodriguez 2002, no. 28b (clang associations); NBME 2021, “word repeats”",
    ),
    Rule(
        "article_cue",
        _("an article that fits only some options"),
        SERIOUS,
        _("The question ends in “%(word)s”, which option %(option)s cannot follow: write “a(n)” or move the article."),
        article_cue,
        "Haladyna, Downing & Rodriguez 2002, no. 28c (grammatical inconsistencies); NBME 2021, “grammatical cues”",
    ),
)
