"""Cohorts in courses: places given when people join, again by the sweeper, and never against somebody's will."""

import pytest

from accounts.models import AuditEntry
from common.events import announce
from courses.actions.cohorts import assign_course, enrol_cohort
from courses.actions.enrolment import enrol_learner, leave_course
from courses.actions.learning import open_lesson
from courses.errors import PrerequisitesMissing
from courses.models import CohortCourse, Enrolment
from courses.queries import waiting_places
from courses.tasks import sweep_courses_task
from partners.models import CohortPlace
from partners.signals import cohort_place_activated
from tests.factories.accounts import UserFactory
from tests.factories.courses import CourseFactory, LessonFactory, lesson_page, written_course
from tests.factories.partners import CohortFactory

pytestmark = pytest.mark.django_db


def place_of(cohort, user, status=CohortPlace.Status.ACTIVE):
    return CohortPlace.objects.create(cohort=cohort, user=user, email=user.email, full_name=user.full_name, status=status)


@pytest.fixture
def cohort():
    return CohortFactory()


def test_assigning_a_course_enrols_the_active_people_only(cohort):
    ada, invited = UserFactory(), UserFactory()
    seat = place_of(cohort, ada)
    place_of(cohort, invited, CohortPlace.Status.INVITED)
    course = written_course()

    assign_course(cohort, course, by=None)

    assert list(Enrolment.objects.values_list("learner", "course", "place")) == [(ada.pk, course.pk, seat.pk)]
    assert AuditEntry.objects.filter(act="cohort_course_assigned", partner_id=cohort.partner_id).count() == 1


def test_who_joins_later_is_enrolled_on_the_news(cohort, django_capture_on_commit_callbacks):
    course = written_course()
    assign_course(cohort, course, by=None)
    seat = place_of(cohort, UserFactory())

    with django_capture_on_commit_callbacks(execute=True):
        announce(cohort_place_activated, place_id=seat.pk)

    assert Enrolment.objects.get().place == seat


def test_the_sweeper_enrols_whom_the_news_missed_and_then_rests(cohort):
    course = CourseFactory()
    lesson = LessonFactory(course=course)
    CohortCourse.objects.create(cohort=cohort, course=course)
    seat = place_of(cohort, UserFactory())
    sweep_courses_task()
    assert not Enrolment.objects.exists()

    lesson_page(lesson)
    assert list(waiting_places()) == [seat]
    sweep_courses_task()
    sweep_courses_task()

    assert Enrolment.objects.get().place == seat
    assert not waiting_places().exists()


def test_a_cohorts_place_is_given_before_the_prerequisite_but_its_lessons_wait(cohort):
    core, course = written_course(), written_course()
    course.prerequisites.add(core)
    place_of(cohort, UserFactory())

    assign_course(cohort, course, by=None)

    with pytest.raises(PrerequisitesMissing):
        open_lesson(Enrolment.objects.get(course=course), course.lessons.first())


def test_whoever_left_stays_out(cohort):
    ada, course = UserFactory(), written_course()
    seat = place_of(cohort, ada)
    leave_course(enrol_learner(ada, course))

    assign_course(cohort, course, by=None)
    enrol_cohort(cohort)

    assert Enrolment.objects.get().status == Enrolment.Status.LEFT
    assert seat not in waiting_places()


def test_a_place_taken_alone_now_names_the_cohort(cohort):
    ada, course = UserFactory(), written_course()
    enrol_learner(ada, course)
    seat = place_of(cohort, ada)

    assign_course(cohort, course, by=None)

    assert Enrolment.objects.get().place == seat
