"""Taking a place in a course: what it needs, what it refuses, what it keeps."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from courses.actions.enrolment import enrol_learner, leave_course
from courses.actions.learning import open_lesson, walk_lesson
from courses.errors import CourseNotOpen, NotEnrolled, PrerequisitesMissing
from courses.models import Enrolment
from courses.queries import progress_of
from tests.factories.accounts import UserFactory
from tests.factories.courses import CourseFactory, LessonFactory, lesson_page, written_course

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_enrol_learner_twice_gives_the_same_place():
    ada, course = UserFactory(), written_course()

    first = enrol_learner(ada, course, at=NOON)
    second = enrol_learner(ada, course)

    assert list(Enrolment.objects.all()) == [first] == [second]
    assert (second.status, second.enrolled_at, second.place) == ("active", NOON, None)


def test_a_course_with_an_unwritten_lesson_is_not_open():
    course = written_course()
    LessonFactory(course=course)

    with pytest.raises(CourseNotOpen):
        enrol_learner(UserFactory(), course)
    assert not Enrolment.objects.exists()


def test_a_course_without_any_lesson_is_not_open():
    with pytest.raises(CourseNotOpen):
        enrol_learner(UserFactory(), CourseFactory())


def test_a_draft_lesson_opens_no_course():
    lesson = LessonFactory()
    lesson_page(lesson, live=False)

    with pytest.raises(CourseNotOpen):
        enrol_learner(UserFactory(), lesson.course)


def test_prerequisites_are_explained_with_the_learners_own_numbers():
    ada, core = UserFactory(), written_course(lessons=6, title="Essentials", title_zh="基础")
    course = written_course()
    course.prerequisites.add(core)
    place = enrol_learner(ada, core)
    for lesson in core.lessons.all()[:3]:
        walk_lesson(place, lesson)

    with pytest.raises(PrerequisitesMissing) as refusal, translation.override("en"):
        enrol_learner(ada, course)

    assert refusal.value.text == "Finish “Essentials” first; you are at 3 of 6 lessons."
    assert refusal.value.extra == {"courses": [core.code]}
    for lesson in core.lessons.all():
        walk_lesson(place, lesson)
    assert enrol_learner(ada, course).status == Enrolment.Status.ACTIVE


def test_a_prerequisite_not_taken_up_is_said_so():
    course, core = written_course(), written_course(title="Essentials")
    course.prerequisites.add(core)

    with pytest.raises(PrerequisitesMissing) as refusal, translation.override("en"):
        enrol_learner(UserFactory(), course)

    assert refusal.value.text == "Finish “Essentials” first; you are not enrolled in it yet."


def test_leaving_keeps_progress_for_a_return():
    course = written_course()
    place = enrol_learner(UserFactory(), course)
    first, second = course.lessons.all()
    walk_lesson(place, first)

    left = leave_course(place)
    with pytest.raises(NotEnrolled):
        open_lesson(left, second)
    back = enrol_learner(place.learner, course)

    assert (back.pk, back.status) == (place.pk, "active")
    assert progress_of([back])[back.pk].done == 1


def test_a_completed_course_is_not_left():
    course = written_course(lessons=1)
    place = enrol_learner(UserFactory(), course)
    walk_lesson(place, course.lessons.get())

    assert leave_course(place).status == Enrolment.Status.COMPLETED


def test_a_lesson_of_another_course_is_refused():
    place = enrol_learner(UserFactory(), written_course())

    with pytest.raises(NotEnrolled):
        open_lesson(place, written_course().lessons.first())
