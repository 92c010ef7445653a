"""Courses with lessons, and their pages in both languages."""

from __future__ import annotations

from typing import Any

import factory
from wagtail.models import Locale, Page

from cms.models import HomePage, TrackIndexPage
from courses.actions.content import stable_id
from courses.models import Course, CoursePage, Lesson, LessonPage
from tests.factories.standards import LevelFactory

SINGLE = {
    "kind": "single",
    "question": "Which attack changes what a model learns?",
    "options": [
        {"text": "Evasion", "correct": False, "feedback": "Evasion changes one input."},
        {"text": "Poisoning", "correct": True, "feedback": "It changes the training data."},
        {"text": "Extraction", "correct": False, "feedback": "Extraction takes something out."},
    ],
}
MULTIPLE = {
    "kind": "multiple",
    "question": "Which are properties of **security**?",
    "options": [
        {"text": "Integrity", "correct": True, "feedback": "Yes, integrity."},
        {"text": "Beauty", "correct": False, "feedback": "No, not beauty."},
        {"text": "Availability", "correct": True, "feedback": "Yes, availability."},
    ],
}
NUMERIC = {
    "kind": "numeric",
    "question": "What is 5 × 4 + 3?",
    "answer": "23",
    "tolerance": "0.5",
    "unit": "points",
    "feedback_right": "Just so.",
    "feedback_wrong": "Multiply first.",
}
KEYS = ("options", "answer", "tolerance", "unit", "feedback_right", "feedback_wrong")


def question_block(key: str, content: dict[str, Any]) -> dict[str, Any]:
    options = [
        {"type": "item", "value": option, "id": stable_id(key, str(number))}
        for number, option in enumerate(content.get("options", []))
    ]
    empty: dict[str, Any] = {"answer": None, "tolerance": None, "unit": "", "feedback_right": "", "feedback_wrong": ""}
    return {"type": "practice", "value": {**empty, **content, "key": key, "options": options}}


def text_block(html: str) -> dict[str, Any]:
    return {"type": "text", "value": html}


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"AIS-X{number}")
    title = factory.Sequence(lambda number: f"Course {number}")
    title_zh = factory.Sequence(lambda number: f"课程{number}")
    level = factory.SubFactory(LevelFactory)
    hours = 8


class LessonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Lesson

    course = factory.SubFactory(CourseFactory)
    code = factory.Sequence(lambda number: f"X-{number}")
    title = factory.Sequence(lambda number: f"Lesson {number}")
    title_zh = factory.Sequence(lambda number: f"课时{number}")
    position = factory.LazyAttribute(lambda lesson: lesson.course.lessons.count() + 1)
    objectives = {"en": ["Tell attacks apart"], "zh": ["区分各类攻击"]}


def home_page(language: str = "en") -> HomePage:
    """The front page of a language, at the site's root."""
    from cms.actions.starter import _point_site_at

    locale, _ = Locale.objects.get_or_create(language_code=language)
    found = HomePage.objects.filter(locale=locale).first()
    if found:
        return found
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()
    slug = "home" if language == "en" else f"home-{language}"
    home = HomePage(title="Touchstone", slug=slug, headline="Learn", locale=locale, translation_key=stable_id("home"))
    Page.get_first_root_node().add_child(instance=home)
    if language == "en":
        _point_site_at(home)
    return home


def index_page(language: str = "en") -> TrackIndexPage:
    home = home_page(language)
    found = TrackIndexPage.objects.filter(locale=home.locale).first()
    if found:
        return found
    page = TrackIndexPage(title="Tracks", slug="tracks", locale=home.locale, translation_key=stable_id("tracks"))
    home.add_child(instance=page)
    return page


def course_page(course: Course, language: str = "en", **fields: Any) -> CoursePage:
    index = index_page(language)
    found = CoursePage.objects.filter(course=course, locale=index.locale).first()
    if found:
        return found
    page = CoursePage(
        title=course.title if language == "en" else course.title_zh,
        slug=course.code.lower(),
        course=course,
        locale=index.locale,
        translation_key=stable_id("course", course.code),
        **fields,
    )
    index.add_child(instance=page)
    return page


def lesson_page(
    lesson: Lesson, language: str = "en", *, body: list[dict[str, Any]] | None = None, live: bool = True, **fields: Any
) -> LessonPage:
    parent = course_page(lesson.course, language)
    fields.setdefault("title", lesson.title if language == "en" else lesson.title_zh)
    page = LessonPage(
        slug=lesson.code.lower(),
        lesson=lesson,
        locale=parent.locale,
        translation_key=stable_id("lesson", lesson.code),
        live=live,
        **fields,
    )
    page.body = LessonPage._meta.get_field("body").stream_block.to_python(body or [text_block("<p>Read me.</p>")])
    parent.add_child(instance=page)
    return page


def written_course(lessons: int = 2, *, practice: bool = True, languages: tuple[str, ...] = ("en",), **fields: Any) -> Course:
    """A course whose every lesson has a live page, with one question of each kind in its first lesson."""
    if "zh-hans" in languages:
        home_page("en")
    course = CourseFactory(**fields)
    for number in range(lessons):
        lesson = LessonFactory(course=course)
        questions = {"q-single": SINGLE, "q-multiple": MULTIPLE, "q-numeric": NUMERIC} if practice and number == 0 else {}
        body = [text_block("<p>Poisoning changes what is learned.</p>")]
        body += [question_block(key, content) for key, content in questions.items()]
        for language in languages:
            lesson_page(lesson, language, body=body)
    return course


RIGHT = {"q-single": ["1"], "q-multiple": ["0", "2"], "q-numeric": ["23"]}
WRONG = {"q-single": ["0"], "q-multiple": ["0"], "q-numeric": ["40"]}
