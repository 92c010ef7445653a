"""Options that are not of one kind: some numbers among words, some sentences among phrases, or one that holds another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from exams.flaws.contract import MINOR, Rule, Subject

_NUMBER = re.compile(r"^[\s<>≤≥~约±$€¥]*\d[\d.,\s]*(?:%|[A-Za-z°µ/]{0,6}|[年月日天小时分钟秒次个项条台]{0,2})\s*$")
_SENTENCE = re.compile(r"[.!?。！？]\s*$")


def unlike_options(subject: Subject) -> Iterator[dict[str, Any]]:
    """Exactly one option is of another kind than all the rest; grammar in general is beyond a pattern, so it is not judged."""
    if len(subject.options) < 3 or subject.type == "true_false":
        return
    for kind in (_NUMBER, _SENTENCE):
        fits = [bool(kind.search(option.text.strip())) for option in subject.options]
        for is_one in (True, False):
            if fits.count(is_one) == 1:
                yield {"option": subject.options[fits.index(is_one)].number}
                return


RULES = (
    Rule(
        "unlike_options",
        _("options that are not alike"),
        MINOR,
        _("Option %(option)s is of another kind than the others (a number among words, or a sentence among phrases)."),
        unlike_options,
        "Haladyna, Downing & Rodriguez 2002, no. 23",
    ),
)
