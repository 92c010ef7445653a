"""The starter site: complete in both languages, loaded twice without a trace, respectful of editors."""

import shutil

import pytest
from django.db import transaction
from django.test import override_settings
from wagtail.models import Page, Site

from cms.actions.starter import load_site
from cms.models import HomePage, PlainPage, TrackIndexPage, TrackPage
from courses.actions.starter import STARTER
from courses.models import Course, CoursePage, Lesson, LessonPage
from courses.practice import questions_of
from courses.queries import open_courses
from standards.actions.catalogue import load_catalogue


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once and rolled back at the end; what a test changes is undone before the next one comes."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("starter") / "media")
    with django_db_blocker.unblock(), media, transaction.atomic():
        load_catalogue()
        yield load_site()
        transaction.set_rollback(True)


@pytest.fixture
def site(loaded, db):
    return loaded


def test_the_whole_site_in_both_languages(site, client):
    written = len(list((STARTER / "lessons" / "en").glob("*.yaml")))
    counts = {model: model.objects.live().count() for model in (HomePage, TrackIndexPage, TrackPage, CoursePage, LessonPage)}
    assert counts == {HomePage: 2, TrackIndexPage: 2, TrackPage: 8, CoursePage: 34, LessonPage: 2 * written}
    assert (Course.objects.count(), Lesson.objects.count()) == (17, 89)
    assert {course.code for course in open_courses()} >= {"AIS-CORE", "AIS-PT-10"}
    for page in LessonPage.objects.filter(locale__language_code="en"):
        chinese = page.get_translations().get()
        assert chinese.lesson == page.lesson
        assert list(questions_of(chinese)) == list(questions_of(page)) != []
    assert site.kept == []
    assert Site.objects.get().root_page == HomePage.objects.get(locale__language_code="en").page_ptr


def test_every_page_of_the_starter_answers(site, client):
    for page in Page.objects.live().filter(depth__gt=1).specific():
        expected = 403 if isinstance(page, LessonPage) and page.lesson.position > 1 else 200
        assert client.get(page.url).status_code == expected, page.url


def test_every_practice_question_of_the_starter_can_be_passed(site):
    for page in LessonPage.objects.all():
        page.body.stream_block.clean(page.body)
        for question in questions_of(page).values():
            assert question.judge(question.right_answer()).is_right


def test_loading_twice_changes_nothing(site):
    before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision", "last_published_at"))

    again = load_site()

    assert (again.created, again.updated, again.kept) == (0, 0, [])
    assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision", "last_published_at")) == before


def test_an_edited_page_and_a_draft_are_left_alone_others_follow_the_files(site, tmp_path):
    edited = PlainPage.objects.get(slug="about", locale__language_code="en")
    edited.intro = "Ours now."
    edited.save_revision().publish()
    drafted = PlainPage.objects.get(slug="privacy", locale__language_code="en")
    drafted.intro = "Being rewritten."
    drafted.save_revision()
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    tracks = (folder / "tracks.yaml").read_text()
    for page in (edited, drafted, PlainPage.objects.get(slug="accessibility", locale__language_code="en")):
        tracks = tracks.replace(f"  - slug: {page.slug}\n    title: {{en: ", f"  - slug: {page.slug}\n    title: {{en: New ")
    assert tracks.count("{en: New ") == 3
    (folder / "tracks.yaml").write_text(tracks)

    report = load_site(folder)

    assert sorted(report.kept) == ["page en plain/about", "page en plain/privacy"]
    assert report.updated == 1
    assert PlainPage.objects.get(pk=edited.pk).intro == "Ours now."
    assert PlainPage.objects.get(pk=drafted.pk).get_latest_revision_as_object().intro == "Being rewritten."
    assert PlainPage.objects.get(slug="accessibility", locale__language_code="en").title.startswith("New ")


def test_a_deleted_page_stays_deleted(site):
    PlainPage.objects.get(slug="about", locale__language_code="en").delete()

    report = load_site()

    assert (report.created, report.updated) == (0, 0)
    assert not PlainPage.objects.filter(slug="about", locale__language_code="en").exists()
