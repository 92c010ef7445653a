"""The key gives itself away by its length, or the options are of very different length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from exams.flaws.contract import MINOR, SERIOUS, Rule, Subject
from exams.flaws.words import length_of

# The key stands out when it is so many times the next longest option, and so many characters longer.
KEY_RATIO, KEY_MARGIN, KEY_MARGIN_ZH = 1.5, 12, 6
# Options are uneven when the longest has so many times the characters of the shortest, and so many more.
UNEVEN_RATIO, UNEVEN_MARGIN, UNEVEN_MARGIN_ZH = 3.5, 50, 22


def longest_key(subject: Subject) -> Iterator[dict[str, Any]]:
    """Where several are right, the shortest of them has to stand out: one long key among others gives nothing away."""
    if not subject.has_distractors or len(subject.options) < 3:
        return
    shortest_key = min(subject.keys, key=lambda option: _length(subject, option.text))
    key = _length(subject, shortest_key.text)
    other = max(_length(subject, option.text) for option in subject.distractors)
    if key >= KEY_RATIO * other and key - other >= (KEY_MARGIN_ZH if subject.is_chinese else KEY_MARGIN):
        yield {"option": shortest_key.number, "length": key, "other": other}


def uneven_options(subject: Subject) -> Iterator[dict[str, Any]]:
    if len(subject.options) < 3 or subject.type == "true_false":
        return
    lengths = sorted((_length(subject, option.text), option.number) for option in subject.options)
    (least, _shortest), (most, longest) = lengths[0], lengths[-1]
    if most >= UNEVEN_RATIO * max(least, 1) and most - least >= (UNEVEN_MARGIN_ZH if subject.is_chinese else UNEVEN_MARGIN):
        yield {"option": longest, "length": most, "other": least}


def _length(subject: Subject, text: str) -> int:
    return length_of(text, is_chinese=subject.is_chinese)


RULES = (
    Rule(
        "longest_key",
        _("the key is the longest option"),
        SERIOUS,
        _("Option %(option)s, a key, has %(length)s characters, the longest wrong one %(other)s: its length gives it away."),
        longest_key,
        "Haladyna, Downing & Rodriguez 2002, no. 24 and 28a; NBME 2021, “long correct answer”",
    ),
    Rule(
        "uneven_options",
        _("options of very different length"),
        MINOR,
        _("Option %(option)s has %(length)s characters, the shortest %(other)s: make them about equally long."),
        uneven_options,
        "Haladyna, Downing & Rodriguez 2002, no. 24",
    ),
)
