"""The public views: the catalogue, its export, caches, search engines."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from standards.models import Relation
from tests.factories.accounts import UserFactory
from tests.factories.courses import LessonFactory, course_page, home_page, index_page, lesson_page, written_course
from tests.factories.standards import CompetenceFactory, StandardFactory, TrackFactory

pytestmark = pytest.mark.django_db


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_catalogue_is_filtered_and_costs_the_same_for_one_and_three(client):
    StandardFactory(designation="ISO/IEC 42001", layer="foundation")
    one = queries_of(client, reverse("standards:list"))
    StandardFactory(designation="IEEE 7000", layer="related")
    StandardFactory(designation="IEEE 7001", layer="related")

    assert queries_of(client, reverse("standards:list")) == one <= 25
    text = client.get(reverse("standards:list"), {"layer": "related", "ordering": "-designation"}).text
    assert "ISO/IEC 42001" not in text
    assert text.index("IEEE 7001") < text.index("IEEE 7000")


@pytest.mark.parametrize(
    "query", ["page=999", "page=x", "layer=none", "ordering=pk", "body=%00", "q=%27%22%3Cscript%3E", "stage=x"]
)
def test_odd_questions_get_an_answer(client, query):
    StandardFactory()
    answer = client.get(f"{reverse('standards:list')}?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_the_export_is_the_filtered_list_and_runs_nothing(client):
    StandardFactory(designation="=HYPERLINK(1)", layer="related", scope="@SUM(A1)")
    StandardFactory(designation="ISO 2", layer="platform")

    answer = client.get(reverse("standards:export"), {"layer": "related"})

    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)"]
    assert rows[1][-1] == "'@SUM(A1)"
    assert "attachment" in answer["Content-Disposition"]


def test_a_standards_page_tells_its_neighbours_lessons_and_competences(client):
    ours, theirs = StandardFactory(designation="GB/T 45081"), StandardFactory(designation="ISO/IEC 42001")
    Relation.objects.create(source=ours, target=theirs, kind="adopts")
    CompetenceFactory(code="TE-5").standards.add(theirs)
    lesson = LessonFactory(title="Management systems")
    lesson.standards.add(theirs)
    lesson_page(lesson)

    answer = client.get(reverse("standards:detail", args=[theirs.slug]))

    for words in ("is adopted by", "GB/T 45081", "TE-5", "Management systems", reverse("courses:lesson", args=[lesson.code])):
        assert words in answer.text
    assert client.get(reverse("standards:detail", args=["no-such"])).status_code == 404


def test_a_standards_page_costs_the_same_for_one_and_three_neighbours(client):
    counts = []
    for number in (1, 3):
        standard = StandardFactory()
        for _neighbour in range(number):
            Relation.objects.create(source=standard, target=StandardFactory(), kind="supports")
            LessonFactory().standards.add(standard)
        counts.append(queries_of(client, reverse("standards:detail", args=[standard.slug])))
    assert counts[0] == counts[1] <= 25


def test_the_competence_framework(client):
    CompetenceFactory(code="PT-1", track=TrackFactory(), outline={"en": {"knowledge": ["Trust boundaries"]}})
    CompetenceFactory(code="CC-1", title="Concepts")

    text = client.get(reverse("standards:competences")).text

    assert text.index("CC-1") < text.index("PT-1") < text.index("Trust boundaries")


def test_caches_may_keep_what_a_stranger_sees_and_nothing_else(client):
    page = index_page("en")

    stranger = client.get(page.url, headers={"accept-language": "en"})
    assert (stranger["Cache-Control"], not stranger.cookies) == ("public, max-age=300", True)
    assert {"Cookie", "Accept-Language"} <= {word.strip() for word in stranger["Vary"].split(",")}
    other_language = client.get(page.url, headers={"accept-language": "zh-hans"})
    assert "no-store" in other_language["Cache-Control"]
    assert other_language.cookies["language"].value == "en"
    client.force_login(UserFactory())
    assert "no-store" in client.get(page.url)["Cache-Control"]


def test_the_matrix_shows_a_course_and_where_it_stands(client):
    track = TrackFactory()
    course = written_course(track=track, title="Secure AI basics")
    course_page(course)

    text = client.get(index_page("en").url).text

    assert "Secure AI basics" in text and course_page(course).url in text
    assert "open" in text


def test_pages_name_their_other_language(client):
    course = written_course(languages=("en", "zh-hans"))

    text = client.get(course_page(course).url).text

    assert f'hreflang="zh-hans" href="http://127.0.0.1:8000{course_page(course, "zh-hans").url}"' in text


def test_search_engines_get_a_map_and_keep_out_of_private_rooms(client, settings):
    settings.SITE_URL = "https://touchstone.example"
    course = written_course(languages=("en", "zh-hans"))
    standard = StandardFactory()
    draft = lesson_page(LessonFactory(), live=False)

    text = client.get(reverse("cms:sitemap")).text

    assert f"<loc>https://touchstone.example{course_page(course).url}</loc>" in text
    assert 'hreflang="zh-hans"' in text
    assert reverse("standards:detail", args=[standard.slug]) in text
    assert draft.slug not in text
    robots = client.get(reverse("cms:robots")).text
    assert "Disallow: /learn/" in robots and "Sitemap: https://touchstone.example/sitemap.xml" in robots


def test_the_front_page_shows_tracks_and_true_numbers(client):
    home = home_page("en")
    StandardFactory()

    answer = client.get(home.url)

    assert answer.context["numbers"]["standards"] == 1
    assert reverse("cms:tracks") in answer.text
