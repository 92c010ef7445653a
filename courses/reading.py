"""What the page of a course and the page of a lesson show to this reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from courses.actions.enrolment import in_words, require_prerequisites
from courses.actions.learning import open_lesson
from courses.models import Course, CoursePage, Enrolment, Lesson, LessonPage, PracticeAnswer
from courses.practice import questions_of, shown
from courses.queries import (
    Progress,
    competences_of,
    enrolment_of,
    is_open,
    missing_prerequisites,
    progress_of,
)
from courses.rules import can_edit_page


@dataclass(frozen=True)
class OutlineLesson:
    """A lesson in the outline: where to read it, and how far this learner is."""

    lesson: Lesson
    is_live: bool
    is_done: bool = False
    is_here: bool = False
    is_sample: bool = False


def outline_of(course: Course, progress: Progress | None = None, here: Lesson | None = None) -> list[OutlineLesson]:
    """Every lesson of the outline in order; two queries."""
    lessons = list(course.lessons.order_by("position"))
    live = set(LessonPage.objects.filter(lesson__course=course, live=True).values_list("lesson_id", flat=True))
    done = progress.done_ids if progress else frozenset()
    return [
        OutlineLesson(
            lesson,
            is_live=lesson.pk in live,
            is_done=lesson.pk in done,
            is_here=here is not None and lesson.pk == here.pk,
            is_sample=lesson.pk == lessons[0].pk,
        )
        for lesson in lessons
    ]


def course_reading(page: CoursePage, user: Any) -> dict[str, Any]:
    """The context of a course page; the same number of queries however many lessons there are."""
    course = Course.objects.select_related("track", "level").get(pk=page.course_id)
    enrolment = enrolment_of(user, course)
    progress = progress_of([enrolment])[enrolment.pk] if enrolment else None
    missing = missing_prerequisites(user, course) if user.is_authenticated else []
    return {
        "course": course,
        "enrolment": enrolment,
        "progress": progress,
        "outline": outline_of(course, progress),
        "is_open": is_open(course),
        "missing": [(one.course, in_words(one)) for one in missing],
        "prerequisites": list(course.prerequisites.all()),
        "unlocks": list(course.unlocks.select_related("level")),
        "competences": list(course.competences.all()),
        "breadcrumbs": breadcrumbs_of(page),
    }


def visit_lesson(page: LessonPage, user: Any, *, is_preview: bool = False) -> dict[str, Any]:
    """The context of a lesson page, noting an enrolled learner's visit. Raises PrerequisitesMissing for a learner whose
    cohort is ahead of what this person has finished; the first lesson is a sample and open to everybody."""
    lesson = Lesson.objects.select_related("course__track", "course__level").get(pk=page.lesson_id)
    course = lesson.course
    enrolment = None if is_preview else enrolment_of(user, course)
    is_sample = not course.lessons.filter(position__lt=lesson.position).exists()
    missing = missing_prerequisites(user, course) if _is_active(enrolment) else []
    if missing and not is_sample:
        require_prerequisites(user, course)
    learning = None if missing else enrolment
    may_read = bool(learning or is_sample or is_preview or can_edit_page(user, page))
    completion = open_lesson(learning, lesson, at=timezone.now()) if learning else None
    progress = progress_of([learning])[learning.pk] if learning else None
    outline = outline_of(course, progress, lesson)
    live = [entry for entry in outline if entry.is_live or entry.is_here]
    place = next(number for number, entry in enumerate(live) if entry.is_here)
    return {
        "lesson": lesson,
        "course": course,
        "enrolment": learning,
        "completion": completion,
        "progress": progress,
        "outline": outline,
        "number": place + 1,
        "previous": live[place - 1].lesson if place else None,
        "next": live[place + 1].lesson if place + 1 < len(live) else None,
        "may_read": may_read,
        "is_sample": is_sample,
        "missing": [(one.course, in_words(one)) for one in missing],
        "is_open": is_open(course),
        "practice": practice_of(page, learning, lesson) if may_read else {},
        "standards": list(lesson.standards.all()),
        "competences": competences_of(lesson),
        "breadcrumbs": breadcrumbs_of(page),
    }


def practice_of(page: LessonPage, enrolment: Enrolment | None, lesson: Lesson) -> dict[str, Any]:
    """The lesson's questions as this learner sees them, by key; one query."""
    answers: dict[str, Any] = {}
    if enrolment:
        kept = PracticeAnswer.objects.filter(enrolment=enrolment, lesson=lesson)
        answers = dict(kept.values_list("question_key", "answer"))
    return {key: shown(question, answers.get(key)) for key, question in questions_of(page).items()}


def breadcrumbs_of(page: Any) -> list[tuple[str, str | None]]:
    """The pages above this one, from the front page down."""
    above = page.get_ancestors().filter(depth__gt=1).select_related("locale")
    return [(ancestor.title, ancestor.url) for ancestor in above] + [(page.title, None)]


def _is_active(enrolment: Enrolment | None) -> bool:
    return enrolment is not None and enrolment.status == Enrolment.Status.ACTIVE
