"""What authors may put into a lesson, and what a block demands before it is saved."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model

from courses.actions.content import body_of, rich_text
from courses.blocks import LessonBody
from courses.templatetags.lessons import emphasis
from tests.factories.courses import MULTIPLE, NUMERIC, SINGLE, LessonFactory, lesson_page, question_block

BODY = LessonBody()


def clean(*blocks):
    return BODY.clean(BODY.to_python(list(blocks)))


def table(*rows):
    return body_of("t", [{"table": {"caption": "C", "header": ["A", "B"], "rows": list(rows)}}], lambda name: 1)[0]


@pytest.mark.parametrize("content", [SINGLE, MULTIPLE, NUMERIC])
def test_whole_questions_are_accepted(content):
    assert clean(question_block("q-1", content))


@pytest.mark.parametrize(
    "content",
    [
        {**SINGLE, "kind": "multiple", "options": [{**option, "correct": False} for option in SINGLE["options"]]},
        {**MULTIPLE, "kind": "single"},
        {**SINGLE, "options": SINGLE["options"][1:2]},
        {**NUMERIC, "answer": None},
        {**NUMERIC, "feedback_wrong": ""},
    ],
)
def test_questions_nobody_could_answer_are_refused(content):
    with pytest.raises(ValidationError):
        clean(question_block("q-1", content))


@pytest.mark.parametrize("key", ["Q 1", "ä", "a--b", ""])
def test_keys_are_plain(key):
    with pytest.raises(ValidationError):
        clean(question_block(key, SINGLE))


def test_a_key_stands_once_in_a_lesson():
    with pytest.raises(ValidationError):
        clean(question_block("q-1", SINGLE), question_block("q-1", MULTIPLE))


def test_every_row_of_a_table_is_as_wide_as_its_header():
    assert clean(table(["1", "2"], ["3", ""]))
    with pytest.raises(ValidationError):
        clean(table(["1", "2"], ["3"]))


def test_markdown_becomes_rich_text_without_any_html_of_its_own():
    html = rich_text("# A\n\n**b** <script>x</script> [l](javascript:alert(1)) [m](https://e.org)\n\n- one\n")

    assert "<script" not in html and 'href="javascript' not in html
    assert html.startswith("<h2>A</h2>")
    assert "<b>b</b>" in html and '<a href="https://e.org">m</a>' in html and "<li>one</li>" in html


def test_emphasis_leaves_html_as_text():
    assert emphasis("**a** `b` <img src=x onerror=y>") == ("<strong>a</strong> <code>b</code> &lt;img src=x onerror=y&gt;")


@pytest.fixture
def film(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return get_document_model().objects.create(title="Film", file=ContentFile(bytes(range(200)), name="film.mp4"))


def test_a_film_needs_captions_and_is_shown_with_them_and_a_transcript(film, client):
    captions = get_document_model().objects.create(title="VTT", file=ContentFile(b"WEBVTT\n", name="film.vtt"))
    value = {"title": "Poisoning", "film": film.pk, "captions": captions.pk, "transcript": "<p>All that is said.</p>"}
    with pytest.raises(ValidationError):
        clean({"type": "video", "value": {**value, "captions": film.pk}})
    with pytest.raises(ValidationError):
        clean({"type": "video", "value": {**value, "transcript": ""}})

    text = client.get(lesson_page(LessonFactory(), body=[{"type": "video", "value": value}]).url).text

    assert f'<source src="{reverse("courses:film", args=[film.pk])}" type="video/mp4">' in text
    assert f'<track kind="captions" src="{captions.url}"' in text
    assert "All that is said." in text


@pytest.mark.parametrize(
    ("asked", "status", "body", "span"),
    [
        ("bytes=0-9", 206, bytes(range(10)), "bytes 0-9/200"),
        ("bytes=190-", 206, bytes(range(190, 200)), "bytes 190-199/200"),
        ("bytes=-5", 206, bytes(range(195, 200)), "bytes 195-199/200"),
        ("bytes=500-", 416, b"", "bytes */200"),
        ("lines=1-2", 200, bytes(range(200)), None),
    ],
)
def test_a_browser_may_jump_within_a_film(film, client, asked, status, body, span):
    answer = client.get(reverse("courses:film", args=[film.pk]), headers={"range": asked})

    assert (answer.status_code, answer.getvalue(), answer.get("Content-Range")) == (status, body, span)


def test_a_private_film_stays_private(film, client):
    from wagtail.models import Collection, CollectionViewRestriction

    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type=CollectionViewRestriction.LOGIN)
    film.collection = private
    film.save()

    assert client.get(reverse("courses:film", args=[film.pk]), headers={"range": "bytes=0-9"}).status_code == 302
