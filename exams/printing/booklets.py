"""A sealed paper as PDF: the questions, and a sheet for the answers. Read from the sealed rendering, which has no key."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from common.typesetting import print_pages
from exams.models import PaperRendering, Picture, PrintedPaper
from exams.on_paper.formulas import with_formulas
from exams.on_paper.letters import SQUARES, fields_of, letter
from exams.rendering import public_source

CSS = Path(__file__).with_name("booklet.css")
# WeasyPrint 70 breaks a line after its first word when the space before an inline element is what no longer fits:
# inside the element the space does no harm.
_SPACE_BEFORE = re.compile(r" (<(?:strong|em|b|i|u|s|code)>)")
_GAP = re.compile(r'<span data-gap="([A-Za-z0-9_-]+)"></span>')


def print_booklet(booklet: PrintedPaper) -> bytes:
    """The finished file."""
    document = PaperRendering.objects.get(paper=booklet.paper_id, language=booklet.language).document
    sources = _embedded(booklet.paper.pictures.all())
    with translation.override(booklet.language):
        sections = [_section(section, document.get("stimuli", {}), sources) for section in document["sections"]]
        html = render_to_string(
            "exams/print/booklet.html",
            {"booklet": booklet, "sitting": booklet.sitting, "paper": booklet.paper, "sections": sections},
        )
    return print_pages(html, CSS.read_text() + _heights(sections), identifier=str(booklet.uuid))


def _heights(sections: list[dict[str, Any]]) -> str:
    """How high each picture stands under its net of squares."""
    spots = [question for section in sections for question in section["positions"] if question["spot"]]
    return "\n".join(f"#spot-{each['number']} {{ height: {each['spot']['millimetres']}mm }}" for each in spots)


def _embedded(pictures: Any) -> dict[str, str]:
    """Each picture's address in a rendering, and the picture itself: the printer fetches nothing."""
    return {public_source(picture.uuid): _data(picture) for picture in pictures}


def _data(picture: Picture) -> str:
    with picture.file.open("rb") as file:
        return f"data:{picture.media_type};base64,{base64.b64encode(file.read()).decode()}"


def _section(section: dict[str, Any], stimuli: dict[str, str], sources: dict[str, str]) -> dict[str, Any]:
    positions, shown = [], ""
    for position in section["positions"]:
        drawn = _question(position, sources)
        case = position.get("stimulus", "")
        if case and case != shown:
            drawn["case"] = _text(stimuli[case], sources)
        shown = case
        positions.append(drawn)
    return {"title": section["title"], "positions": positions}


def _text(markup: str, sources: dict[str, str]) -> str:
    for address, data in sources.items():
        markup = markup.replace(f'src="{address}"', f'src="{data}"')
    return _SPACE_BEFORE.sub(r"\1 ", with_formulas(markup))


def _question(position: dict[str, Any], sources: dict[str, str]) -> dict[str, Any]:
    """A position as the template draws it: html that was cleaned when the paper was sealed."""
    gaps = {gap["id"]: number for number, gap in enumerate(position.get("gaps", ()), 1)}
    stem = _GAP.sub(lambda gap: f'<span class="gap">{position["position"]}.{gaps[gap[1]]}</span>', position["stem"])
    return {
        "number": position["position"],
        "type": position["type"],
        "scoring": position["scoring"],
        "stem": _text(stem, sources),
        "unit": position.get("unit", ""),
        "words": position.get("words", {}),
        "options": _lettered(position.get("options", ()), sources),
        "left": [
            {"number": f"{position['position']}.{number}", "text": _text(left["text"], sources)}
            for number, left in enumerate(position.get("left", ()), 1)
        ],
        "right": _lettered(position.get("right", ()), sources),
        "gaps": [
            {"number": f"{position['position']}.{gaps[gap['id']]}", "options": _lettered(gap["options"], sources)}
            for gap in position.get("gaps", ())
            if "options" in gap
        ],
        "spot": _spot(position["image"], sources) if "image" in position else None,
        "fields": fields_of(position),
    }


def _lettered(options: Any, sources: dict[str, str]) -> list[dict[str, str]]:
    return [{"letter": letter(index), "text": _text(option["text"], sources)} for index, option in enumerate(options)]


def _spot(image: dict[str, Any], sources: dict[str, str]) -> dict[str, Any]:
    """A picture under a net of squares, 150 mm wide; lines and names in the measure of the drawing."""
    width, height = 1500, round(1500 * image["height"] / image["width"]) if image["width"] else 1500
    across, down = width / SQUARES, height / SQUARES
    columns = [{"at": round(n * across, 1), "middle": round((n + 0.5) * across, 1), "name": letter(n)} for n in range(SQUARES)]
    rows = [{"at": round(n * down, 1), "middle": round((n + 0.6) * down, 1), "name": n + 1} for n in range(SQUARES)]
    return {
        "src": sources.get(image["src"], ""),
        "alt": image["alt"],
        "width": width,
        "height": height,
        "millimetres": round(height / 10, 1),
        "columns": columns,
        "rows": rows,
    }
