"""One QTI item into one entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from exams.content import Choice, VersionContent, Wording
from exams.interchange.cloze import MARKER
from exams.interchange.extras import apply_extras
from exams.interchange.parts import plain_number
from exams.interchange.qti import names
from exams.interchange.qti.bodies import html_of
from exams.interchange.qti.declarations import Declaration, read_declarations
from exams.interchange.qti.interactions import INLINE, KINDS, Asked, gap_of, inline_choice
from exams.interchange.qti.names import attribute, child, children, descendants, name, text
from exams.interchange.record import STIMULUS, Entry, quoted
from exams.interchange.xml import Element

RATIONALE = "touchstone-rationale"
Size = Callable[[str], tuple[int, int] | None]
MOST_PARTS = 10_000
FEEDBACK = ("feedbackBlock", "feedbackInline", "templateBlock", "templateInline", "endAttemptInteraction", "infoControl")


def read_item(item: Element, at: str, language: str, extras: dict[str, Any], size: Size) -> Entry:
    """`size` tells a picture's width and height by its source; `extras` is what our own manifest says of the item."""
    stated = extras.get("language")
    entry = Entry(at, code=str(extras.get("code") or attribute(item, "identifier")), title=attribute(item, "title"))
    entry.language = stated if isinstance(stated, str) else ""
    language = entry.language or _language(item, language, entry)
    body = child(item, "itemBody")
    entry.content = VersionContent({language: Wording()})
    if extras:
        entry.title = ""
    if body is None:
        entry.refuse(_("The item has no body."))
        return entry
    if sum(1 for _each in item.iter()) > MOST_PARTS:
        entry.refuse(_("The item has more than %(most)s elements.") % {"most": f"{MOST_PARTS:,}"})
        return entry
    if attribute(item, "adaptive") == "true":
        entry.refuse(_("It is adaptive: it changes after every answer, which no paper can."))
    if children(item, "templateDeclaration", "templateProcessing"):
        entry.refuse(_("It works out its values when it is shown (templates); formulas of files are never evaluated here."))
    interactions = [each for each in body.iter() if isinstance(each.tag, str) and name(each).endswith("Interaction")]
    interactions = [each for each in interactions if name(each) != "endAttemptInteraction"]
    _beside(entry, item, body, extras)
    if not entry.refusal:
        _read(entry, item, body, interactions, language, extras, size)
    entry.type = entry.type or (name(interactions[0])[:40] if interactions else "")
    if extras and not entry.refusal:
        apply_extras(entry, extras)
    return entry


def _language(item: Element, default: str, entry: Entry) -> str:
    """The site's language that the item says it is in; otherwise the file's, and a note."""
    says = names.language(item).lower()
    if not says:
        return default
    for code, _label in settings.LANGUAGES:
        if says == code or says.split("-")[0] == code.split("-")[0]:
            return code
    entry.note(_("It says that its language is “%(language)s”, which is none here.") % {"language": says[:20]})
    return default


def _beside(entry: Entry, item: Element, body: Element, extras: dict[str, Any]) -> None:
    """What an item says beside its question: feedback, rubrics, styles, rules of its own."""
    for feedback in children(item, "modalFeedback"):
        entry.note(_("Feedback on an answer is not kept: “%(text)s”.") % {"text": quoted(text(feedback))})
    for block in descendants(body, "feedbackInline", "feedbackBlock"):
        entry.note(_("Feedback on an answer is not kept: “%(text)s”.") % {"text": quoted(text(block))})
    for block in descendants(body, *FEEDBACK[2:]):
        entry.note(_("Not kept: %(what)s.") % {"what": f"{name(block)} “{quoted(text(block) or attribute(block, 'title'))}”"})
    for rubric in descendants(body, "rubricBlock"):
        if attribute(rubric, "class") != RATIONALE:
            entry.note(_("Not kept: %(what)s.") % {"what": f"rubricBlock “{quoted(text(rubric))}”"})
    for sheet in children(item, "stylesheet"):
        entry.note(_("A style sheet is not kept: %(name)s.") % {"name": quoted(attribute(sheet, "href"))})
    if attribute(item, "timeDependent") == "true":
        entry.note(_("That the time spent counts is not kept."))
    processing = child(item, "responseProcessing")
    if processing is not None and not attribute(processing, "template") and len(processing) and not extras:
        entry.note(_("The file marks by a rule of its own; here the answers that it declares as right count."))


def _read(
    entry: Entry, item: Element, body: Element, interactions: list[Element], language: str, extras: dict[str, Any], size: Size
) -> None:
    declarations = read_declarations(item)
    kinds = {name(each) for each in interactions}
    if not interactions:
        entry.kind = STIMULUS
        _keep_words(entry, body, language, [])
        if not extras:
            entry.note(_("Words without a question become a stimulus, which no item uses yet."))
        return

    def asked(element: Element) -> Asked:
        identifier = attribute(element, "responseIdentifier")
        declaration = declarations.get(identifier) or Declaration(identifier)
        return Asked(entry, element, declaration, language, extras, size, _by_correct(item))

    if kinds <= INLINE and (len(interactions) > 1 or "inlineChoiceInteraction" in kinds or extras.get("type") == "cloze"):
        _gaps(entry, body, [asked(each) for each in interactions], language, extras)
    elif len(interactions) > 1:
        entry.refuse(_("It asks several questions in one; an item here asks one."))
    elif name(interactions[0]) not in KINDS:
        entry.refuse(_("An interaction of the kind “%(kind)s” has no like here.") % {"kind": name(interactions[0])[:40]})
    else:
        _keep_words(entry, body, language, interactions)
        KINDS[name(interactions[0])](asked(interactions[0]))
    if not extras:
        _points(entry, declarations, _by_correct(item))


def _by_correct(item: Element) -> bool:
    processing = child(item, "responseProcessing")
    return processing is not None and "match_correct" in attribute(processing, "template")


def _points(entry: Entry, declarations: dict[str, Declaration], by_correct: bool) -> None:
    """What the item earns by its mapping; whole numbers only."""
    most = sum((declaration.most for declaration in declarations.values()), Decimal(0))
    if by_correct or most <= 0:
        return
    points = max(int(most), 1)
    if Decimal(points) != most:
        entry.note(
            _("%(grade)s points became %(points)s: points are whole numbers.") % {"grade": plain_number(most), "points": points}
        )
    entry.content = replace(entry.content, points=points)


def _keep_words(entry: Entry, body: Element, language: str, interactions: list[Element]) -> None:
    """The stem: the body without its interaction, then the prompt. A picture to be pointed at stands beside it."""
    rationale = ""

    def change(element: Element) -> str | None:
        nonlocal rationale
        own = name(element)
        if own == "rubricBlock":
            if attribute(element, "class") == RATIONALE:
                inside = child(element, "contentBody")
                rationale = _inner(element if inside is None else inside)
            return ""
        if own in FEEDBACK:
            return ""
        if own == "textEntryInteraction":
            return "" if _stands_alone(element) else "_____"
        if element in interactions:
            return _prompt(element)
        return None

    stem = _inner(body, change)
    entry.content = replace(entry.content, wordings={language: Wording(stem, rationale)})


def _inner(element: Element, change: Callable[[Element], str | None] = lambda _element: None) -> str:
    """The HTML inside; a single <div> of ours around everything is only there because QTI wants a block."""
    return html_of(element, lambda each: _stem(each, change))


def _stem(element: Element, change: Callable[[Element], str | None]) -> str | None:
    if name(element) == "div" and attribute(element, "class") == "touchstone-stem":
        return html_of(element, change)
    if name(element) == "div" and attribute(element, "class") == "touchstone-answer":
        return "".join(change(each) or "" for each in element)
    return change(element)


def _stands_alone(element: Element) -> bool:
    parent = element.getparent()
    return name(parent) == "div" and attribute(parent, "class") == "touchstone-answer"


def _prompt(element: Element) -> str:
    own = name(element)
    prompt = child(element, "prompt")
    words = html_of(prompt) if prompt is not None else ""
    words = words if not words or words.startswith(("<p", "<ul", "<ol", "<table", "<pre", "<blockquote")) else f"<p>{words}</p>"
    if own in ("hottextInteraction", "gapMatchInteraction"):
        numbers = {id(gap): number for number, gap in enumerate(descendants(element, "gap"), 1)}
        drop = {"prompt", "gapText", "gapImg"}

        def change(each: Element) -> str | None:
            if name(each) in drop:
                return ""
            return f"[[g{numbers[id(each)]}]]" if name(each) == "gap" else None

        return words + html_of(element, change)
    return words


def _gaps(entry: Entry, body: Element, asked: list[Asked], language: str, extras: dict[str, Any]) -> None:
    """Several entries and choices within the text: a cloze."""
    entry.type = "cloze"
    stated = extras.get("gaps") if isinstance(extras.get("gaps"), list) else []
    marks: dict[Element, str] = {}
    gaps: dict[str, Any] = {}
    choices: list[Choice] = []
    for number, each in enumerate(asked, 1):
        given = stated[number - 1] if stated and number <= len(stated) else ""
        gap = given if isinstance(given, str) and MARKER.fullmatch(f"[[{given}]]") else f"g{number}"
        marks[each.element] = gap
        if name(each.element) == "inlineChoiceInteraction":
            gaps[gap] = {"kind": "choice"}
            choices += inline_choice(each, gap)
        else:
            gaps[gap] = gap_of(each)
    rationale = ""

    def change(element: Element) -> str | None:
        nonlocal rationale
        if element in marks:
            return f"[[{marks[element]}]]"
        if name(element) == "rubricBlock":
            if attribute(element, "class") == RATIONALE:
                inside = child(element, "contentBody")
                rationale = _inner(element if inside is None else inside)
            return ""
        return "" if name(element) in FEEDBACK else None

    stem = _inner(body, change)
    wordings = {language: Wording(stem, rationale)}
    from exams.interchange.cloze import arranged

    entry.content = replace(
        entry.content,
        wordings=wordings,
        key={"gaps": gaps},
        choices=arranged(choices, extras.get("arrangement")),
        scoring_rule="per_part",
    )
