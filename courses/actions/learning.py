"""What a learner does in a lesson, in the order it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from common.events import announce
from courses.actions.enrolment import require_prerequisites
from courses.errors import LessonNotOpen, NotEnrolled
from courses.models import Enrolment, Lesson, LessonCompletion, LessonPage, PracticeAnswer
from courses.practice import questions_of
from courses.queries import lessons_with_pages, page_of_lesson
from courses.signals import course_completed

# How long a visit is the same visit: a reload within it writes nothing.
VISIT = timedelta(minutes=5)


@transaction.atomic
def open_lesson(enrolment: Enrolment, lesson: Lesson, *, at: datetime | None = None) -> LessonCompletion:
    """Note that a learner is at this lesson, so that the course resumes here in whatever language."""
    _require_place(enrolment, lesson)
    moment = at or timezone.now()
    if enrolment.status == Enrolment.Status.ACTIVE:
        require_prerequisites(enrolment.learner, enrolment.course)
    completion, _created = LessonCompletion.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, defaults={"opened_at": moment}
    )
    fresh = enrolment.last_seen_at is not None and moment - enrolment.last_seen_at < VISIT
    if enrolment.last_lesson_id != lesson.pk or not fresh:
        enrolment.last_lesson, enrolment.last_seen_at = lesson, moment
        enrolment.save(update_fields=["last_lesson", "last_seen_at"])
    return completion


@transaction.atomic
def mark_read(
    enrolment: Enrolment, lesson: Lesson, *, language: str | None = None, at: datetime | None = None
) -> LessonCompletion:
    """The learner says: I have read this. With its practice passed, the lesson is done."""
    page = _page(lesson, language)
    _hold(enrolment)
    completion = open_lesson(enrolment, lesson, at=at)
    if completion.read_at is None:
        completion.read_at = at or timezone.now()
        completion.save(update_fields=["read_at"])
    return _complete_when_done(completion, page, at or timezone.now())


@transaction.atomic
def answer_practice(
    enrolment: Enrolment,
    lesson: Lesson,
    question_key: str,
    sent: Sequence[str],
    *,
    language: str | None = None,
    at: datetime | None = None,
) -> PracticeAnswer:
    """Judge an answer and keep it. `sent` is what the form sent: option numbers, or one number.

    Right once is right for good: a later wrong try changes what is shown, not what is passed.
    """
    page = _page(lesson, language)
    question = questions_of(page).get(question_key)
    if question is None:
        raise Http404
    moment = at or timezone.now()
    answer = question.read(sent)
    _hold(enrolment)
    completion = open_lesson(enrolment, lesson, at=moment)
    verdict = question.judge(answer)
    which = {"enrolment": enrolment, "lesson": lesson, "question_key": question_key}
    kept = PracticeAnswer.objects.filter(**which).first() or PracticeAnswer(**which, tries=0)
    kept.answer, kept.is_right, kept.answered_at, kept.tries = answer, verdict.is_right, moment, kept.tries + 1
    if verdict.is_right and kept.first_right_at is None:
        kept.first_right_at = moment
    kept.save()
    _complete_when_done(completion, page, moment)
    return kept


def walk_lesson(enrolment: Enrolment, lesson: Lesson, *, at: datetime | None = None) -> LessonCompletion:
    """Do a whole lesson as an attentive learner would: open it, answer every question right, read it.

    For demonstrations and rehearsals; goes through the same actions as a person.
    """
    page = _page(lesson, None)
    for key, question in questions_of(page).items():
        right = question.right_answer()
        sent = [right["value"]] if "value" in right else [str(number) for number in right["choices"]]
        answer_practice(enrolment, lesson, key, sent, at=at)
    return mark_read(enrolment, lesson, at=at)


def _page(lesson: Lesson, language: str | None) -> LessonPage:
    page = page_of_lesson(lesson, language)
    if page is None:
        raise LessonNotOpen
    return page


def _hold(enrolment: Enrolment) -> None:
    """Acts of one learner in one course wait for each other: of two that finish a lesson together, the second sees the
    first, and two answers to one question never race for its row."""
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)


def _require_place(enrolment: Enrolment, lesson: Lesson) -> None:
    if enrolment.course_id != lesson.course_id or enrolment.status == Enrolment.Status.LEFT:
        raise NotEnrolled


def _complete_when_done(completion: LessonCompletion, page: LessonPage, moment: datetime) -> LessonCompletion:
    """A lesson is done when it is read and its practice is passed: every question of the page answered right once."""
    if completion.practice_passed_at is None:
        keys = set(questions_of(page))
        passed = PracticeAnswer.objects.filter(
            enrolment_id=completion.enrolment_id, lesson_id=completion.lesson_id, first_right_at__isnull=False
        )
        if keys <= set(passed.values_list("question_key", flat=True)):
            completion.practice_passed_at = moment
    if completion.read_at and completion.practice_passed_at and completion.completed_at is None:
        completion.completed_at = moment
    completion.save(update_fields=["practice_passed_at", "completed_at"])
    if completion.completed_at:
        complete_course_when_done(completion.enrolment, at=moment)
    return completion


@transaction.atomic
def complete_course_when_done(enrolment: Enrolment, *, at: datetime | None = None) -> Enrolment:
    """Finish the course once every lesson that has a live page is done; told to others after the commit, once."""
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.status != Enrolment.Status.ACTIVE:
        return locked
    live = set(lessons_with_pages().filter(course=locked.course_id).values_list("pk", flat=True))
    done = set(locked.completions.filter(completed_at__isnull=False).values_list("lesson_id", flat=True))
    if live and live <= done:
        locked.status, locked.completed_at = Enrolment.Status.COMPLETED, at or timezone.now()
        locked.save(update_fields=["status", "completed_at"])
        enrolment.status, enrolment.completed_at = locked.status, locked.completed_at
        announce(course_completed, enrolment_id=locked.pk)
    return locked
