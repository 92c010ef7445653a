"""What staff may do in the back office: write, submit, approve, schedule, translate, keep the catalogue."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState, WorkflowState

from accounts.models import Role
from cms.actions.roles import set_up_roles
from cms.tasks import publish_scheduled_pages_task
from courses.models import LessonPage
from courses.practice import questions_of
from standards.models import Edition, Standard
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import make_draft
from tests.factories.courses import LessonFactory, home_page, lesson_page, written_course
from tests.factories.standards import StandardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles():
    set_up_roles()


@pytest.fixture
def author(roles):
    return staff(Role.AUTHOR, "Cora Author")


@pytest.fixture
def administrator(roles):
    return staff(Role.ADMINISTRATOR, "Adam Administrator")


def test_setting_up_twice_changes_nothing(roles):
    from django.contrib.auth.models import Group
    from wagtail.models import GroupPagePermission

    before = {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()}
    pages = GroupPagePermission.objects.count()

    set_up_roles()

    assert {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()} == before
    assert GroupPagePermission.objects.count() == pages
    assert set(Role.values) <= set(before)


def test_authors_write_and_do_not_publish(author, administrator):
    page = lesson_page(LessonFactory())

    assert page.permissions_for_user(author).can_edit()
    assert not page.permissions_for_user(author).can_publish()
    assert page.permissions_for_user(administrator).can_publish()
    assert not page.permissions_for_user(UserFactory()).can_edit()


def test_an_authors_page_goes_live_when_an_administrator_approves(author, administrator, client):
    page = lesson_page(LessonFactory(), live=False)
    page.save_revision(user=author)
    state = page.get_workflow().start(page, author)
    task = state.current_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])

    client.force_login(author)
    client.post(url)
    assert not Page.objects.get(pk=page.pk).live

    client.force_login(administrator)
    client.post(url)
    assert Page.objects.get(pk=page.pk).live
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    assert TaskState.objects.get().finished_by == administrator


def test_a_scheduled_page_is_published_and_taken_down_by_the_task(author):
    page = lesson_page(LessonFactory(), live=False)
    now = timezone.now()
    page.go_live_at, page.expire_at = now - timedelta(minutes=1), now + timedelta(hours=1)
    revision = page.save_revision(approved_go_live_at=page.go_live_at)
    later = lesson_page(LessonFactory(), live=False)
    later.go_live_at = now + timedelta(hours=1)
    later.save_revision(approved_go_live_at=later.go_live_at)

    publish_scheduled_pages_task()

    page.refresh_from_db()
    assert (page.live, page.live_revision) == (True, revision)
    assert not Page.objects.get(pk=later.pk).live
    Page.objects.filter(pk=page.pk).update(expire_at=now - timedelta(minutes=1))
    publish_scheduled_pages_task()
    assert not Page.objects.get(pk=page.pk).live


def test_a_draft_can_be_previewed_and_is_public_nowhere(author, client):
    page = lesson_page(LessonFactory(), live=False, title="Only a draft")
    page.save_revision()

    assert client.get(page.url).status_code == 404
    client.force_login(author)
    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert preview.status_code == 200
    assert "Only a draft" in preview.text
    assert "Read me." in preview.text


def test_an_english_lesson_is_translated_from_the_admin(administrator, client, django_capture_on_commit_callbacks):
    home_page("zh-hans")
    course = written_course(lessons=1)
    page = LessonPage.objects.get()
    from wagtail.models import Locale

    chinese = Locale.objects.get(language_code="zh-hans")
    client.force_login(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
            {"locales": [chinese.pk], "include_subtree": ""},
        )

    assert answer.status_code == 302
    translated = LessonPage.objects.get(locale=chinese)
    assert (translated.lesson, translated.translation_key) == (course.lessons.get(), page.translation_key)
    assert list(questions_of(translated)) == list(questions_of(page))
    assert not translated.live  # it still says everything in English


def test_doors_of_the_back_office(author, administrator, client):
    closed = [reverse("wagtailsnippets_standards_standard:list"), reverse("wagtailsnippets_courses_lesson:list")]
    for user, expected in ((author, 302), (administrator, 200)):
        client.force_login(user)
        assert client.get(reverse("wagtailadmin_home")).status_code == 200
        assert [client.get(url).status_code for url in closed] == [expected, expected]
    client.force_login(UserFactory())
    assert client.get(reverse("wagtailadmin_home")).status_code == 302


def test_the_back_office_has_its_own_policy_and_the_site_keeps_the_strict_one(administrator, client):
    home = home_page("en")
    client.force_login(administrator)

    inside = client.get(reverse("wagtailadmin_home"))["Content-Security-Policy"]
    outside = client.get(home.url)["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-inline'" in inside and "unsafe-eval" not in inside
    assert "unsafe" not in outside and "script-src 'self'" in outside


def test_the_back_office_loads_nothing_from_elsewhere(administrator, client):
    import re

    home_page("en")
    client.force_login(administrator)
    for name in ("wagtailadmin_home", "wagtailadmin_explore_root", "wagtailimages:index"):
        text = client.get(reverse(name)).text
        assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"[^>]*(?:stylesheet|script)', text) == []
        assert re.findall(r'<(?:script|img|iframe)[^>]+src="(?:https?:)?//', text) == []


def test_a_standard_is_edited_with_its_editions(administrator, client):
    standard = StandardFactory(edition={"identifier": "ISO 1:2020"})
    old = standard.editions.get()
    client.force_login(administrator)
    url = reverse("wagtailsnippets_standards_standard:edit", args=[standard.pk])
    form = {
        "slug": standard.slug, "designation": "ISO 1", "title": "New title", "title_zh": "", "scope": "", "scope_zh": "",
        "body": standard.body_id, "doc_type": "standard", "layer": "technology",
        "editions-TOTAL_FORMS": 2, "editions-INITIAL_FORMS": 1, "editions-MIN_NUM_FORMS": 0, "editions-MAX_NUM_FORMS": 9,
        "editions-0-id": old.pk, "editions-0-identifier": "ISO 1:2020", "editions-0-stage": "superseded",
        "editions-0-published": "2020", "editions-0-confidence": "verified",
        "editions-1-id": "", "editions-1-identifier": "ISO 1:2026", "editions-1-stage": "published",
        "editions-1-published": "2026", "editions-1-confidence": "verified", "editions-1-is_current": "on",
        "relations_out-TOTAL_FORMS": 0, "relations_out-INITIAL_FORMS": 0,
        "relations_out-MIN_NUM_FORMS": 0, "relations_out-MAX_NUM_FORMS": 9,
    }  # fmt: skip

    two_current = client.post(url, {**form, "editions-0-is_current": "on"})
    assert two_current.status_code == 200 and "Only one edition can be the current one" in two_current.text
    assert client.post(url, form).status_code == 302

    assert Standard.objects.get().title == "New title"
    assert dict(Edition.objects.values_list("identifier", "is_current")) == {"ISO 1:2020": False, "ISO 1:2026": True}


def test_deleting_what_is_still_used_is_refused_in_words(client):
    competence = make_draft().item.competence
    set_up_roles()
    client.force_login(staff(Role.ADMINISTRATOR))

    answer = client.post(f"/admin/snippets/standards/competence/delete/{competence.pk}/")

    assert answer.status_code == 409
    assert "still used elsewhere" in answer.content.decode()
    assert type(competence).objects.filter(pk=competence.pk).exists()
