"""An author publishes a lesson in two languages, an administrator approves it, a learner reads it in both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from wagtail.models import Locale

from accounts.models import Role, User
from cms.actions.roles import set_up_roles
from courses.actions.enrolment import enrol_learner
from courses.models import Course, LessonCompletion, LessonPage
from tests.factories.accounts import UserFactory, staff
from tests.factories.courses import LessonFactory, course_page, lesson_page, text_block, written_course
from tests.journeys.conftest import Meet
from tests.journeys.walks import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Not ours to mend: the rich text editor has no name of its own, on a phone the outline's button slides half out of
# sight, and the file input of wagtail-localize has no label.
WAGTAILS, LOCALIZES = ("aria-input-field-name", "target-size"), ("label",)
TITLE, SUMMARY, ADDED = "Trust boundaries", "Where data changes hands.", "Mark every boundary."
CHINESE = {TITLE: "信任边界", SUMMARY: "数据易手之处。", "Draw the system first.": "先画出系统。", ADDED: "标出每一条边界。"}


@pytest.fixture
def draft(transactional_db: None) -> LessonPage:
    """The second lesson of a course that is open in both languages, begun and not published."""
    set_up_roles()
    course = written_course(
        lessons=1, practice=False, languages=("en", "zh-hans"), title="Threat modelling", title_zh="威胁建模"
    )
    course_page(course, "zh-hans")
    lesson = LessonFactory(course=course, title=TITLE, title_zh=CHINESE[TITLE])
    page = lesson_page(lesson, live=False, title="Untitled", body=[text_block("<p>Draw the system first.</p>")])
    page.save_revision()
    return page


def test_a_lesson_in_two_languages_from_draft_to_reader(meet: Meet, draft: LessonPage) -> None:
    author, administrator, ada = meet(), meet(), meet()
    author.signs_in(staff(Role.AUTHOR, "Cora Author"), to="/admin/")
    write_and_preview(author, draft)
    submit_for_moderation(author)
    assert not LessonPage.objects.get(pk=draft.pk).live

    administrator.signs_in(staff(Role.ADMINISTRATOR, "Adam Administrator"), to="/admin/")
    approve(administrator, draft)
    translate(administrator, draft)

    course, learner = draft.lesson.course, UserFactory(full_name="Ada Byron")
    enrol_learner(learner, course)
    read_in_both_languages(ada, learner, course)


def write_and_preview(author: Walker, draft: LessonPage) -> None:
    page = author.page
    page.goto(f"/admin/pages/{draft.pk}/edit/")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_summary").fill(SUMMARY)
    page.locator(".public-DraftEditor-content").click()
    author.keys("Control+End", "Enter")
    page.keyboard.type(ADDED)
    author.looks(apart_from=WAGTAILS)
    page.locator("[data-side-panel-toggle=preview]").click()
    preview = page.frame_locator("#w-preview-iframe")
    expect(preview.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(preview.locator("body")).to_contain_text(ADDED)


def submit_for_moderation(author: Walker) -> None:
    press_in_footer(author.page, "Submit to Editorial review")
    expect(author.page.locator(".messages")).to_contain_text(TITLE)


def press_in_footer(page: Page, name: str) -> None:
    """The action, or the menu of actions first."""
    button = page.locator("footer, .w-tippy-content, [data-tippy-root]").get_by_role("button", name=re.compile(name))
    if not button.first.is_visible():
        page.locator("footer [data-controller=w-dropdown] button[data-w-dropdown-target=toggle]").first.click()
    button.first.click()


def approve(administrator: Walker, draft: LessonPage) -> None:
    page = administrator.page
    page.goto("/admin/")
    administrator.looks()
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_url(f"**/admin/pages/{draft.pk}/edit/**")
    press_in_footer(page, "Approve and [Pp]ublish")
    expect(page.locator(".messages")).to_contain_text(TITLE)
    assert LessonPage.objects.get(pk=draft.pk).live


def translate(administrator: Walker, draft: LessonPage) -> None:
    """Every sentence by hand in wagtail-localize, then published."""
    page = administrator.page
    page.goto(f"/admin/localize/submit/page/{draft.pk}/")
    page.get_by_label("简体中文").check()
    page.get_by_role("button", name="Submit").click()
    chinese = LessonPage.objects.get(translation_key=draft.translation_key, locale=Locale.objects.get(language_code="zh-hans"))
    assert not chinese.live, "A translation that nobody has written yet must not be public."
    page.goto(f"/admin/pages/{chinese.pk}/edit/")
    for english, words in CHINESE.items():
        segment = page.locator("li", has_text=english, has=page.get_by_role("button", name="Translate")).last
        segment.get_by_role("button", name="Translate").click()
        page.locator("main textarea:visible").fill(words)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text(words, exact=True).last).to_be_visible()
    administrator.looks(apart_from=LOCALIZES)
    press_in_footer(page, "Publish")
    expect(page.locator(".messages")).to_be_visible()
    chinese.refresh_from_db()
    assert (chinese.live, chinese.title) == (True, CHINESE[TITLE])


def read_in_both_languages(ada: Walker, learner: User, course: Course) -> None:
    """Marked as read in English, it is finished in Chinese: progress belongs to the lesson, not to a page."""
    ada.signs_in(learner)
    ada.goes_to(course_page(course).url, "Threat modelling")
    ada.clicks(TITLE)
    ada.arrives_at(TITLE)
    expect(ada.page.get_by_role("main")).to_contain_text(ADDED)
    ada.presses("I have read this lesson")
    expect(ada.page.locator("body")).to_contain_text("Lesson finished.")
    ada.clicks(f"Done: +{TITLE}")
    expect(ada.page.get_by_role("heading", name="You have finished this lesson")).to_be_visible()

    ada.presses("简体中文", within="header")
    ada.arrives_at(CHINESE[TITLE])
    expect(ada.page.get_by_role("main")).to_contain_text(CHINESE[ADDED])
    expect(ada.page.get_by_role("heading", name="您已学完本课")).to_be_visible()
    assert LessonCompletion.objects.get(lesson__title=TITLE).completed_at
