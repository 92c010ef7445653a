"""All of the above, none of the above: what is asked is then test-taking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from exams.flaws.contract import SERIOUS, Rule, Subject

_WHICH = r"(?:the\s+)?(?:above|following|these|those|others?|options?|answers?|choices?|statements?|below|preceding)"
_ALL = re.compile(rf"^(?:all|each|both|any)\s+(?:of\s+)?{_WHICH}\b|^all\s+are\s+(?:correct|right|true)\b", re.IGNORECASE)
_NONE = re.compile(rf"^(?:none|neither)\s+(?:of\s+)?{_WHICH}\b|^none\s+(?:is|are)\s+(?:correct|right|true)\b", re.IGNORECASE)
_ABOVE_ZH = r"(?:以上|上述|上面|下列|以下|前述)"
_ALL_ZH = re.compile(
    rf"^{_ABOVE_ZH}(?:选项|各项|说法|答案|内容|三项|四项|几项)?(?:均|都|皆|全|全部|所有)|^(?:全部|全都|都|均)(?:正确|对|是)(?:[。.]|$)"
)
_NONE_ZH = re.compile(
    rf"^{_ABOVE_ZH}(?:选项|各项|说法|答案|内容|三项|四项|几项)?(?:均|都|皆|全)(?:不|非|错|无)|^(?:都|均)不(?:正确|对|是)(?:[。.]|$)"
)


def all_of_the_above(subject: Subject) -> Iterator[dict[str, Any]]:
    pattern = _ALL_ZH if subject.is_chinese else _ALL
    for option in subject.options:
        if pattern.search(option.text) and not _NONE_ZH.search(option.text):
            yield {"option": option.number}


def none_of_the_above(subject: Subject) -> Iterator[dict[str, Any]]:
    pattern = _NONE_ZH if subject.is_chinese else _NONE
    for option in subject.options:
        if pattern.search(option.text):
            yield {"option": option.number}


RULES = (
    Rule(
        "all_of_the_above",
        _("all of the above"),
        SERIOUS,
        _("Option %(option)s stands for all others: who knows that two are right has the answer."),
        all_of_the_above,
        "Haladyna, Downing & Rodriguez 2002, no. 26",
    ),
    Rule(
        "none_of_the_above",
        _("none of the above"),
        SERIOUS,
        _("Option %(option)s stands for “something else”: it shows what a candidate rejects, not what they know."),
        none_of_the_above,
        "Haladyna, Downing & Rodriguez 2002, no. 25 (used with care); NBME 2021",
    ),
)
