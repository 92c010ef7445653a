"""An exam on paper for the tests of it: every type that can be answered on paper, and what a person keys in."""

from __future__ import annotations

from exams.actions.sealing import seal_paper
from exams.item_types import REGISTRY
from exams.models import PaperRendering
from exams.on_paper.letters import fields_of
from exams.queries.on_paper import positions_of_document
from tests.factories.bank import make_approved, make_paper_of
from tests.factories.exams import PersonFactory

ON_PAPER = [type for type in REGISTRY if type != "file_upload"]


def written_paper():
    """Sealed, with a question of each type; the essay is on trial."""
    first = make_approved(ON_PAPER[0])
    rest = [make_approved(type, first.item.bank) for type in ON_PAPER[1:]]
    return seal_paper(make_paper_of([first, *rest], trial=("essay",)), by=PersonFactory())


def shown(paper):
    return positions_of_document(PaperRendering.objects.get(paper=paper, language="en").document)


def by_type(paper):
    return {position["type"]: position for position in shown(paper)}


# What a person keys in for each type of the paper above.
SAID = {
    "single_choice": ["B"],
    "true_false": ["a"],
    "multiple_response": ["A, B"],
    "numeric": ["9.05"],
    "short_text": ["keyword"],
    "ordering": ["DCBA"],
    "matching": ["A", "", "b"],
    "cloze": ["KEYWORD", "3.15", "A"],
    "hotspot": ["C 4"],
    "essay": ["A risk is …"],
}


def said_for(paper, **changes):
    said = {}
    for position in shown(paper):
        values = changes.get(position["type"], SAID[position["type"]])
        said |= {field.name: value for field, value in zip(fields_of(position), values, strict=True)}
    return said
