"""How people came through their courses: lesson by lesson, on believable days.

Whoever is still learning walks through the courses' own actions. Whoever has finished did so in the past, and sixty
people answering 2,700 questions one by one would take longer than all the rest of the seed: `write_past_lessons`
writes in bulk the rows those actions write, and a test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import User
from courses.actions.enrolment import enrol_learner
from courses.actions.learning import (
    answer_practice,
    complete_course_when_done,
    mark_read,
    open_lesson,
    walk_lesson,
)
from courses.models import Course, Enrolment, Lesson, LessonCompletion, PracticeAnswer
from courses.practice import questions_of
from courses.queries import page_of_lesson
from partners.models import CohortPlace

CORE, BASICS = "AIS-CORE", "AIS-PT-10"
COURSES = (CORE, BASICS)
SECOND_TRY = 0.2


def courses() -> list[Course]:
    return list(Course.objects.filter(code__in=COURSES).order_by("code"))


def outline() -> list[Lesson]:
    """The lessons of both courses in the order they are taken."""
    return list(Lesson.objects.filter(course__code__in=COURSES).select_related("course").order_by("course__code", "position"))


@dataclass(frozen=True)
class Answered:
    """A lesson with the right answer to each of its practice questions, by the question's key."""

    lesson: Lesson
    answers: dict[str, Any]


def answered_outline() -> list[Answered]:
    """The outline with its answers; reads every page once, so a class asks for it once."""
    pages = [(lesson, page_of_lesson(lesson)) for lesson in outline()]
    return [
        Answered(lesson, {key: question.right_answer() for key, question in questions_of(page).items()})
        for lesson, page in pages
        if page is not None
    ]


def finish_courses(
    user: User, *, lessons: list[Answered], first: datetime, last: datetime, place: CohortPlace | None = None
) -> None:
    """Both courses, completed between two moments that are over."""
    rng = _variety(user)
    moments = [_moment(first, last, number, len(lessons), rng) for number in range(len(lessons))]
    for course in courses():
        taken = [(each, at) for each, at in zip(lessons, moments, strict=True) if each.lesson.course_id == course.pk]
        enrolment = enrol_learner(user, course, place=place, at=taken[0][1] - timedelta(minutes=3))
        write_past_lessons(enrolment, taken, rng)


def write_past_lessons(enrolment: Enrolment, taken: list[tuple[Answered, datetime]], rng: Random) -> None:
    """The rows of an attentive learner: every lesson read, every question right, some only at the second try."""
    LessonCompletion.objects.bulk_create(
        LessonCompletion(
            enrolment=enrolment, lesson=each.lesson, opened_at=at, read_at=at, practice_passed_at=at, completed_at=at
        )
        for each, at in taken
    )
    PracticeAnswer.objects.bulk_create(
        PracticeAnswer(
            enrolment=enrolment,
            lesson=each.lesson,
            question_key=key,
            answer=answer,
            is_right=True,
            first_right_at=at,
            tries=2 if rng.random() < SECOND_TRY else 1,
            answered_at=at,
        )
        for each, at in taken
        for key, answer in each.answers.items()
    )
    enrolment.last_lesson, enrolment.last_seen_at = taken[-1][0].lesson, taken[-1][1]
    enrolment.save(update_fields=["last_lesson", "last_seen_at"])
    complete_course_when_done(enrolment, at=taken[-1][1])


def study(user: User, *, lessons: int, first: datetime, last: datetime, place: CohortPlace | None = None) -> None:
    """So many lessons by now, and a start on the next one."""
    rng = _variety(user)
    enrolments: dict[str, Enrolment] = {}
    for number, lesson in enumerate(outline()[: lessons + 1]):
        moment = _moment(first, last, number, lessons, rng)
        code = lesson.course.code
        if code not in enrolments:
            enrolments[code] = enrol_learner(user, lesson.course, place=place, at=moment - timedelta(minutes=3))
        if number < lessons:
            walk_lesson(enrolments[code], lesson, at=moment)
        else:
            _begin(enrolments[code], lesson, last, rng)


def _begin(enrolment: Enrolment, lesson: Lesson, at: datetime, rng: Random) -> None:
    """A lesson somebody is in the middle of: opened, or read with a first try at a question that went wrong."""
    page = page_of_lesson(lesson)
    question = next(iter(questions_of(page).values()), None) if page else None
    if question is None or question.kind != "single" or rng.random() < 0.5:
        open_lesson(enrolment, lesson, at=at)
        return
    wrong = next(number for number, option in enumerate(question.options) if not option["correct"])
    answer_practice(enrolment, lesson, question.key, [str(wrong)], at=at)
    mark_read(enrolment, lesson, at=at + timedelta(minutes=12))


def _variety(user: User) -> Random:
    return Random(user.email)  # noqa: S311 (the same in every demonstration; no secret)


def _moment(first: datetime, last: datetime, number: int, of: int, rng: Random) -> datetime:
    """Evenly spread with some play, never out of order."""
    step = (last - first) / (of + 1)
    return first + step * (number + 1) + step * rng.uniform(-0.3, 0.3)
