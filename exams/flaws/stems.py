"""The stem asks for what is not so without saying it loudly, or a statement makes two claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from exams.flaws.contract import MINOR, SERIOUS, Rule, Subject

_EMPHASISED = re.compile(r"<(strong|b|em|u|i)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
# Only what turns the question round. "Data that may not leave the country" is a fact of the case, not a negative stem,
# so the word has to stand in the asking sentence, next to what is asked for.
_NEGATIVE = re.compile(
    r"\bwhich\b[^.?!;,]*?\b(?:is|are|was|were|does|do|did|can|could|would|should|will|must|may|has|have)\s+(not|never)\b"
    r"|\bwhich\b[^.?!;,]*?\b((?:is|are|does|do|would|should|ca|could|wo)n't)\b"
    r"|\b(except)\b(?!\s+(?:in|when|where|if|that|on|at|during)\b)"
    r"|\bwhich\b[^.?!;,]*?\bis\s+(?:the\s+)?(least|incorrect|false|wrong|untrue)\b"
    r"|\bwhich\b[^.?!;,]*?\b(incorrect|false|wrong|untrue|inappropriate)\s+(?:statement|claim|answer|option|description)s?\b",
    re.IGNORECASE,
)
# 下列哪项不属于、哪一项说法错误、除……外. 不 elsewhere (不同, 不仅, 模型不稳定) turns nothing round.
_NEGATIVE_ZH = re.compile(
    r"(?:哪[^。？！，；]{0,14}?|(?:下列|以下)[^。？！，；]{0,24}?)"
    r"(不(?:属于|是|包括|应|能|会|正确|恰当|合适|需要|可以|符合|适合|必|宜|可)|并非|非)(?=[^。！；]{0,40}[？?]|[^。！；]{0,12}(?:的是|$))"
    r"|(?:下列|以下|哪[^。？！，；]{0,10})[^。？！；]{0,30}?(错误|不正确|不恰当|不当|有误)的?(?:是|一项|说法|描述|做法|[？?])"
    r"|(除)[^。？！；]{1,30}?(?:以外|之外|外)[^。！；]{0,30}(?:哪|都|均|皆)"
)
# A question tag about both sides asks nothing negative: 是不是, 能不能, 该不该.
_TAG_ZH = re.compile(r"(.)不\1")
_CLAIMS = re.compile(
    r"\bbecause\b|\btherefore\b|\band\s+(?:therefore|thus|hence|so)\b|;\s*(?:and|but|it|they|this)\b", re.IGNORECASE
)
_CLAIMS_ZH = re.compile(r"因为.{2,}所以|；|因此|从而")


def negative_unmarked(subject: Subject) -> Iterator[dict[str, Any]]:
    """A negative word that is emphasised or in capitals is marked."""
    text = _TAG_ZH.sub("", subject.stem) if subject.is_chinese else subject.stem
    found = (_NEGATIVE_ZH if subject.is_chinese else _NEGATIVE).search(text)
    if found is None:
        return
    word = next(group for group in found.groups() if group)
    emphasised = [_TAGS.sub("", inner) for _tag, inner in _EMPHASISED.findall(subject.stem_html)]
    if word.isupper() or any(word.casefold() in inner.casefold() for inner in emphasised):
        return
    # 除……外 is marked by its own 外 as well.
    if word == "除" and any("外" in inner for inner in emphasised):
        return
    yield {"word": word}


def double_statement(subject: Subject) -> Iterator[dict[str, Any]]:
    """Of a statement that is true or false only: half of it may be true."""
    if subject.type != "true_false":
        return
    found = (_CLAIMS_ZH if subject.is_chinese else _CLAIMS).search(subject.stem)
    if found:
        yield {"word": found[0]}


RULES = (
    Rule(
        "negative_unmarked",
        _("a negative question that is not marked"),
        SERIOUS,
        _("The question turns on “%(word)s”: ask it positively, or emphasise the word."),
        negative_unmarked,
        "Haladyna, Downing & Rodriguez 2002, no. 17; NBME 2021",
    ),
    Rule(
        "double_statement",
        _("two claims in one statement"),
        MINOR,
        _("The statement makes two claims (“%(word)s”): one may be true and the other not."),
        double_statement,
        "Frisbie & Becker 1991; Haladyna & Rodriguez 2013, ch. 7",
    ),
)
