"""What is written on an answer sheet, read back as the contract's answers; formulas as the printer can set them."""

from __future__ import annotations

import pytest

from exams.errors import InvalidResponse
from exams.item_types import REGISTRY, canonical, shape_of
from exams.on_paper.formulas import with_formulas
from exams.on_paper.letters import fields_of, letter, read_position, written_position
from tests.exams.paper_answers import ON_PAPER, SAID, by_type, written_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return written_paper()


@pytest.mark.parametrize("type", ON_PAPER)
def test_what_is_keyed_in_is_an_answer_of_the_contract_and_reads_back_as_written(paper, type):
    position = by_type(paper)[type]
    said = {field.name: value for field, value in zip(fields_of(position), SAID[type], strict=True)}

    body = read_position(position, said)

    assert REGISTRY[type].parse(body, shape_of(position)) == body
    assert canonical(read_position(position, written_position(position, body))) == canonical(body)


def test_letters_stand_for_the_options_of_the_booklet_in_their_order(paper):
    position = by_type(paper)["single_choice"]
    assert read_position(position, {"p1": "C"}) == {"choice": position["options"][2]["id"]}
    assert [letter(index) for index in (0, 25, 26, 51)] == ["A", "Z", "AA", "AZ"]


def test_a_square_is_its_middle(paper):
    position = by_type(paper)["hotspot"]
    assert read_position(position, {fields_of(position)[0].name: "Ｃ７"}) == {"point": [0.125, 0.325]}


@pytest.mark.parametrize("type", ON_PAPER)
def test_nothing_on_the_sheet_is_no_answer(paper, type):
    position = by_type(paper)[type]
    assert read_position(position, {field.name: " " for field in fields_of(position)}) is None
    assert set(written_position(position, None).values()) == {""}


@pytest.mark.parametrize(
    ("type", "entry"),
    [
        ("single_choice", "D"), ("single_choice", "AB"), ("single_choice", "4"), ("true_false", "C"),
        ("multiple_response", "A A"), ("multiple_response", "A?"), ("ordering", "ABC"), ("ordering", "ABCC"),
        ("matching", "E"), ("numeric", "1,234"), ("hotspot", "U3"), ("hotspot", "C21"), ("hotspot", "middle"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(paper, type, entry):
    position = by_type(paper)[type]
    with pytest.raises(InvalidResponse) as refusal:
        read_position(position, {fields_of(position)[0].name: entry})
    assert str(refusal.value.text).endswith(".")


@pytest.mark.parametrize(
    ("formula", "drawn"),
    [
        ("<msup><mi>x</mi><mn>2</mn></msup>", "<i>x</i><sup>2</sup>"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", '<span class="frac"><span>1</span><span class="frac-below">2</span></span>'),
        ("<msqrt><mn>2</mn></msqrt>", '√<span class="root">2</span>'),
        ("<msubsup><mi>a</mi><mi>i</mi><mn>3</mn></msubsup>", "<i>a</i><sub><i>i</i></sub><sup>3</sup>"),
        ("<mn>1</mn><mo>&lt;</mo><mn>2</mn>", "1&lt;2"),
        ("<mfenced><mi>x</mi><mi>y</mi></mfenced>", "(<i>x</i>,<i>y</i>)"),
    ],
)
def test_a_formula_keeps_its_meaning_on_paper(formula, drawn):
    text = with_formulas(f"<p>Is <math><mrow>{formula}</mrow></math> right?</p>")
    assert text == f'<p>Is <span class="formula">{drawn}</span> right?</p>'
    assert with_formulas("<p>5 &lt; 6</p>") == "<p>5 &lt; 6</p>"
