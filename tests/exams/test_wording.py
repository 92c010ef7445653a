"""The allow-list: pictures of ours and formulas come through, everything that leads out or runs does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.wording import clean_html, gap_names, has_content, pictures_in, undescribed_pictures, with_gap_spans, with_sources

UUID = "12345678-1234-4234-8234-123456789012"
PICTURE = f'<img src="picture:{UUID}" alt="A network">'
FORMULA = (
    '<math display="block"><mrow><mi>x</mi><mo>=</mo><mfrac><mn>1</mn><msqrt><msup><mi>n</mi><mn>2</mn></msup></msqrt>'
    "</mfrac></mrow></math>"
)


@pytest.mark.parametrize("html", [PICTURE, FORMULA, f"<table><tbody><tr><td>{PICTURE}</td></tr></tbody></table>"])
def test_pictures_and_formulas_come_through_unchanged(html):
    assert clean_html(html) == html


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ('<img src="https://example.org/x.png" alt="a">', ""),
        (f'b<img src="/exams/pictures/{UUID}/" alt="a">', "b"),
        ('<img src="picture:1" alt="a">', ""),
        (f'<img src="picture:{UUID}" srcset="x" onerror="alert(1)" style="x" alt="a">', f'<img src="picture:{UUID}" alt="a">'),
        ('<span data-gap="g1" class="x">a</span>', "<span>a</span>"),
        ('<a href="picture:x">a</a>', "a"),
        (
            "<math><semantics><mi>x</mi><annotation>secret</annotation></semantics></math>",
            "<math><semantics><mi>x</mi></semantics></math>",
        ),
        ('<math><mi href="https://example.org" onclick="x">y</mi></math>', "<math><mi>y</mi></math>"),
        ("<math><maction actiontype='statusline'><mi>x</mi></maction></math>", "<math><mi>x</mi></math>"),
        ("<svg><script>alert(1)</script></svg>", ""),
    ],
)
def test_the_rest_is_dropped(html, cleaned):
    assert clean_html(html) == cleaned


PIECES = [
    *("<math>", "</math>", "<mtext>", "</mtext>", "<mi>", "<table>", "<style>", "</style>", "<!--", "-->", "<p>", "</p>"),
    *("<img src=x onerror=a()>", PICTURE, "<annotation-xml encoding='text/html'>", "<script>a()</script>", "<svg>", "<mglyph>"),
    *("&lt;img src=1&gt;", "[[g1]]", "text", '"', "'", ">", "<span data-gap=x>"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_cleaning_is_stable_and_nothing_that_runs_is_left(html):
    cleaned = clean_html(html)

    assert clean_html(cleaned) == cleaned
    tags = cleaned.lower()
    assert not any(
        forbidden in tags for forbidden in ("<script", "<style", "<svg", "onerror=a", "data-gap", "<mglyph", "<annotation")
    )
    shown = with_sources(cleaned, lambda uuid: f'src="/exams/pictures/{uuid}/" width="3" height="4"')
    assert "picture:" not in shown
    assert shown.count("/exams/pictures/") == cleaned.count("picture:") == len(pictures_in(cleaned))
    spans = with_gap_spans(cleaned, {"g1"})
    assert spans.count("data-gap") == len(gap_names(cleaned)) == cleaned.count("[[g1]]")


def test_a_gap_within_a_tag_is_none():
    html = f'<p>[[g1]] <img src="picture:{UUID}" alt="a &gt; [[g2]]"> [[g3]]</p>'

    assert gap_names(html) == ["g1", "g3"]
    assert with_gap_spans(html, {"g1", "g2"}) == html.replace("[[g1]]", '<span data-gap="g1"></span>')


@pytest.mark.parametrize(
    ("html", "number"),
    [
        (PICTURE, 0),
        (PICTURE * 2, 0),
        (f'<img src="picture:{UUID}">', 1),
        (f'{PICTURE}<img src="picture:{UUID}" alt=" ">', 1),
    ],
)
def test_pictures_without_words_are_counted(html, number):
    assert undescribed_pictures(html) == number


@pytest.mark.parametrize(
    ("html", "says"), [("<p> </p>", False), ("<p>&nbsp;</p>", False), (PICTURE, True), (FORMULA, True), ("a", True)]
)
def test_has_content(html, says):
    assert has_content(html) is says
