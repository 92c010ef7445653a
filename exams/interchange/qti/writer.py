"""Writing QTI 2.2 items, a file per item and language; `names.to_v3` turns them into QTI 3.0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from exams.content import Choice, Wording
from exams.interchange.cloze import MARKER
from exams.interchange.parts import natural_number
from exams.interchange.qti.bodies import xhtml
from exams.interchange.qti.items import RATIONALE
from exams.interchange.qti.names import V2P2
from exams.interchange.qti.shapes import coordinates
from exams.interchange.record import STIMULUS, Entry
from exams.interchange.xml import writable

TEMPLATES = "http://www.imsglobal.org/question/qti_v2p2/rptemplates/"
HEAD = (
    f'xmlns="{V2P2}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{V2P2} http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd"'
)


@dataclass
class Parts:
    """What an item is put together from; `more` is what has to be said beside it."""

    stem: str
    declarations: list[str] = field(default_factory=list)
    answer: str = ""
    processing: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def write_item(entry: Entry, identifier: str, language: str, sizes: dict[str, tuple[int, int]]) -> tuple[str, dict[str, Any]]:
    """(XML in QTI 2.2, what has to be said beside it). Raises LookupError when a gap has no place in the words."""
    wording = entry.content.wordings[language]
    parts = Parts(xhtml(wording.stem))
    if entry.kind != STIMULUS:
        _WRITE[entry.type](entry, language, parts, sizes)
    rationale = f'<rubricBlock view="scorer" class="{RATIONALE}">{_block(wording)}</rubricBlock>' if wording.rationale else ""
    body = f'<div class="touchstone-stem">{parts.stem}</div>{parts.answer}{rationale}'
    outcomes = "" if entry.kind == STIMULUS else _outcome("SCORE", 0) + _outcome("MAXSCORE", entry.content.points)
    xml = (
        f'<assessmentItem {HEAD} identifier="{_attr(identifier)}" title="{_attr(entry.code)}" label="{_attr(entry.code)}" '
        f'adaptive="false" timeDependent="false" xml:lang="{_attr(LANGUAGES.get(language, language))}">'
        f"{''.join(parts.declarations)}{outcomes}<itemBody>{body}</itemBody>{parts.processing}</assessmentItem>"
    )
    return xml, {**parts.more, "code": entry.code}


LANGUAGES = {"zh-hans": "zh-Hans"}


def _block(wording: Wording) -> str:
    return f'<div class="touchstone-stem">{xhtml(wording.rationale)}</div>'


def _outcome(identifier: str, value: int) -> str:
    default = f"<defaultValue><value>{value}</value></defaultValue>"
    return f'<outcomeDeclaration identifier="{identifier}" cardinality="single" baseType="float">{default}</outcomeDeclaration>'


def _attr(text: str) -> str:
    return escape(writable(text), quote=True)


def _words(text: str) -> str:
    return escape(writable(text), quote=False)


def _declare(identifier: str, cardinality: str, base: str, values: Sequence[str], mapping: str = "") -> str:
    correct = "".join(f"<value>{_words(value)}</value>" for value in values)
    inside = (f"<correctResponse>{correct}</correctResponse>" if values else "") + mapping
    head = f'<responseDeclaration identifier="{identifier}" cardinality="{cardinality}" baseType="{base}">'
    return f"{head}{inside}</responseDeclaration>"


def _mapped(points: dict[str, str], upper: str = "") -> str:
    entries = "".join(f'<mapEntry mapKey="{_attr(key)}" mappedValue="{value}"/>' for key, value in points.items())
    bound = f' lowerBound="0" upperBound="{upper}"' if upper else ""
    return f'<mapping{bound} defaultValue="0">{entries}</mapping>' if entries else ""


def _whole(entry: Entry) -> str:
    """All points for the whole right response."""
    if entry.content.points == 1:
        return f'<responseProcessing template="{TEMPLATES}match_correct"/>'
    test = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    return f"<responseProcessing>{_if(test, entry.content.points)}</responseProcessing>"


def _if(test: str, points: object) -> str:
    earn = f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{points}</baseValue></setOutcomeValue>'
    return f"<responseCondition><responseIf>{test}{earn}</responseIf></responseCondition>"


MAP = f'<responseProcessing template="{TEMPLATES}map_response"/>'


def _text(choice: Choice, language: str) -> str:
    return xhtml(choice.texts.get(language, ""))


def _choice(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    content = entry.content
    names = {f"C{number}": choice for number, choice in enumerate(content.choices, 1)}
    right = [name for name, choice in names.items() if choice.is_key]
    several = entry.type == "multiple_response"
    mapping = ""
    if content.scoring_rule == "partial_credit" and right:
        share = f"{content.points / len(right):.6f}"
        mapping = _mapped({name: share if name in right else f"-{share}" for name in names}, str(content.points))
    parts.declarations.append(_declare("RESPONSE", "multiple" if several else "single", "identifier", right, mapping))
    options = "".join(
        f'<simpleChoice identifier="{name}">{_text(each, language)}</simpleChoice>' for name, each in names.items()
    )
    shuffle = "false" if content.keep_option_order else "true"
    parts.answer = (
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="{0 if several else 1}">'
        f"{options}</choiceInteraction>"
    )
    parts.processing = MAP if mapping else _whole(entry)


def _order(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    names = [f"C{number}" for number in range(1, len(entry.content.choices) + 1)]
    parts.declarations.append(_declare("RESPONSE", "ordered", "identifier", names))
    shown = sorted(zip(names, entry.content.choices, strict=True), key=lambda pair: _text(pair[1], language))
    options = "".join(f'<simpleChoice identifier="{name}">{_text(choice, language)}</simpleChoice>' for name, choice in shown)
    parts.answer = f'<orderInteraction responseIdentifier="RESPONSE" shuffle="true">{options}</orderInteraction>'
    parts.processing = _whole(entry)


def _match(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    choices = list(entry.content.choices)
    lefts = [(at, choice) for at, choice in enumerate(choices) if choice.group == "left"]
    rights = [(at, choice) for at, choice in enumerate(choices) if choice.group != "left"]
    names = {at: f"L{number}" for number, (at, _c) in enumerate(lefts, 1)} | {
        at: f"R{number}" for number, (at, _c) in enumerate(rights, 1)
    }
    partner = {choice.pair: names[at] for at, choice in reversed(rights) if choice.pair is not None}
    pairs = [f"{names[at]} {partner[choice.pair]}" for at, choice in lefts if choice.pair in partner]
    share = f"{entry.content.points / max(len(pairs), 1):.6f}"
    mapping = (
        _mapped(dict.fromkeys(pairs, share), str(entry.content.points)) if entry.content.scoring_rule == "per_part" else ""
    )
    parts.declarations.append(_declare("RESPONSE", "multiple", "directedPair", pairs, mapping))
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(
            f'<simpleAssociableChoice identifier="{names[at]}" matchMax="{1 if side is lefts else 0}">{_text(choice, language)}'
            "</simpleAssociableChoice>"
            for at, choice in side
        )
        + "</simpleMatchSet>"
        for side in (lefts, rights)
    )
    parts.answer = (
        f'<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="0">{sets}</matchInteraction>'
    )
    parts.processing = MAP if mapping else _whole(entry)
    place = {at: number for number, (at, _c) in enumerate([*lefts, *rights])}
    parts.more["structure"] = [[choice.group, choice.pair, place[at]] for at, choice in enumerate(choices)]


def _number(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    natural = natural_number(entry.content.key) or {"value": "0", "tolerance": "0"}
    parts.declarations.append(_declare("RESPONSE", "single", "float", [natural["value"]]))
    parts.answer = '<div class="touchstone-answer"><textEntryInteraction responseIdentifier="RESPONSE"/></div>'
    parts.processing = (
        f"<responseProcessing>{_if(_near('RESPONSE', natural['tolerance']), entry.content.points)}</responseProcessing>"
    )
    if natural != entry.content.key:
        parts.more["key"] = entry.content.key


def _near(identifier: str, tolerance: str) -> str:
    how = f'toleranceMode="absolute" tolerance="{tolerance} {tolerance}"'
    return f'<equal {how}><variable identifier="{identifier}"/><correct identifier="{identifier}"/></equal>'


def _short(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    accepted = entry.content.key.get("accepted", {})
    texts = accepted.get(language) or [text for each in accepted.values() for text in each]
    parts.declarations.append(
        _declare("RESPONSE", "single", "string", texts[:1], _mapped(dict.fromkeys(texts, str(entry.content.points))))
    )
    parts.answer = '<div class="touchstone-answer"><textEntryInteraction responseIdentifier="RESPONSE"/></div>'
    parts.processing = MAP
    parts.more["key"] = entry.content.key


def _cloze(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    gaps: dict[str, Any] = entry.content.key.get("gaps", {})
    order: list[str] = []
    share = f"{entry.content.points / max(len(gaps), 1):.6f}"
    earn: list[str] = []

    def spelt(found: Any) -> str:
        if found[1] not in gaps or found[1] in order:
            raise LookupError(found[1])
        order.append(found[1])
        return _gap(entry, found[1], gaps[found[1]], f"RESPONSE{len(order)}", language, share, parts, earn)

    parts.stem = MARKER.sub(spelt, parts.stem)
    if set(order) != set(gaps):
        raise LookupError("gap")
    parts.processing = f"<responseProcessing>{''.join(earn)}</responseProcessing>"
    parts.more |= {"gaps": order, "arrangement": [choice.group for choice in entry.content.choices], "key": entry.content.key}


def _gap(
    entry: Entry, name: str, gap: dict[str, Any], identifier: str, language: str, share: str, parts: Parts, earn: list[str]
) -> str:
    """One gap: its declaration, how it earns its share, and what stands in the words."""
    sum_up = '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>{}</sum></setOutcomeValue>'
    if gap["kind"] == "choice":
        options = [choice for choice in entry.content.choices if choice.group == name]
        right = [f"C{number}" for number, choice in enumerate(options, 1) if choice.is_key]
        parts.declarations.append(_declare(identifier, "single", "identifier", right, _mapped(dict.fromkeys(right, share))))
        earn.append(sum_up.format(f'<mapResponse identifier="{identifier}"/>'))
        inside = "".join(
            f'<inlineChoice identifier="C{number}">{_text(choice, language)}</inlineChoice>'
            for number, choice in enumerate(options, 1)
        )
        return f'<inlineChoiceInteraction responseIdentifier="{identifier}" shuffle="true">{inside}</inlineChoiceInteraction>'
    if gap["kind"] == "number":
        natural = natural_number(gap) or {"value": "0", "tolerance": "0"}
        parts.declarations.append(_declare(identifier, "single", "float", [natural["value"]]))
        points = sum_up.format(f'<baseValue baseType="float">{share}</baseValue>')
        near = _near(identifier, natural["tolerance"])
        earn.append(f"<responseCondition><responseIf>{near}{points}</responseIf></responseCondition>")
    else:
        texts = gap["accepted"].get(language) or [text for each in gap["accepted"].values() for text in each]
        parts.declarations.append(_declare(identifier, "single", "string", texts[:1], _mapped(dict.fromkeys(texts, share))))
        earn.append(sum_up.format(f'<mapResponse identifier="{identifier}"/>'))
    return f'<textEntryInteraction responseIdentifier="{identifier}"/>'


def _place(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    """The picture is called what the packager calls it; areas in pixels for others, exactly beside for us."""
    shown = entry.content.presentation
    picture = str(shown.get("picture", ""))
    width, height = sizes.get(picture, (1000, 1000))
    areas = "".join(
        f'<areaMapEntry shape="poly" coords="{coordinates(area, width, height)}" mappedValue="{entry.content.points}"/>'
        for area in entry.content.key.get("areas", [])
    )
    parts.declarations.append(
        _declare("RESPONSE", "single", "point", [], f'<areaMapping defaultValue="0">{areas}</areaMapping>')
    )
    alt = (shown.get("alt") or {}).get(language, "")
    kind = "image/jpeg" if picture.lower().endswith((".jpg", ".jpeg")) else "image/png"
    parts.answer = (
        '<selectPointInteraction responseIdentifier="RESPONSE" maxChoices="1">'
        f'<object type="{kind}" data="{_attr(picture)}" width="{width}" height="{height}">{_words(alt)}</object>'
        "</selectPointInteraction>"
    )
    parts.processing = f'<responseProcessing template="{TEMPLATES}map_response_point"/>'
    parts.more["key"] = entry.content.key


def _essay(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    parts.declarations.append(_declare("RESPONSE", "single", "string", []))
    parts.answer = '<extendedTextInteraction responseIdentifier="RESPONSE"/>'
    parts.more["key"] = entry.content.key


def _upload(entry: Entry, language: str, parts: Parts, sizes: dict[str, tuple[int, int]]) -> None:
    parts.declarations.append(_declare("RESPONSE", "single", "file", []))
    kind = ' type="application/pdf"' if entry.content.presentation.get("accepts") == [".pdf"] else ""
    parts.answer = f'<uploadInteraction responseIdentifier="RESPONSE"{kind}/>'
    parts.more["key"] = entry.content.key


_WRITE = {
    "single_choice": _choice,
    "multiple_response": _choice,
    "true_false": _choice,
    "ordering": _order,
    "matching": _match,
    "numeric": _number,
    "short_text": _short,
    "cloze": _cloze,
    "hotspot": _place,
    "essay": _essay,
    "file_upload": _upload,
}
TYPES = frozenset(_WRITE)
