"""What happens in a lesson: opened, answered, read, done, and the course after it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404

from courses.actions.enrolment import enrol_learner
from courses.actions.learning import answer_practice, mark_read, open_lesson, walk_lesson
from courses.errors import AnswerMissing, LessonNotOpen
from courses.models import Enrolment, LessonCompletion, LessonPage, PracticeAnswer
from courses.queries import progress_of
from courses.signals import course_completed
from tests.factories.accounts import UserFactory
from tests.factories.courses import RIGHT, WRONG, LessonFactory, lesson_page, written_course

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def place():
    return enrol_learner(UserFactory(), written_course(languages=("en", "zh-hans")), at=NOON)


@pytest.fixture
def lesson(place):
    return place.course.lessons.first()


def answers_of(place):
    return dict(PracticeAnswer.objects.filter(enrolment=place).values_list("question_key", "is_right"))


def test_opening_a_lesson_is_where_the_course_resumes(place, lesson):
    second = place.course.lessons.last()

    open_lesson(place, second, at=NOON)

    place.refresh_from_db()
    assert (place.last_lesson, place.last_seen_at) == (second, NOON)
    assert progress_of([place])[place.pk].next_lesson == second


def test_opening_again_within_minutes_writes_nothing(place, lesson, django_assert_num_queries):
    open_lesson(place, lesson, at=NOON)

    with django_assert_num_queries(4):  # savepoint and its release around the prerequisites and the completion
        open_lesson(place, lesson, at=NOON + timedelta(minutes=4))

    place.refresh_from_db()
    assert place.last_seen_at == NOON


@pytest.mark.parametrize("key", RIGHT)
def test_a_right_answer_passes_its_question_for_good(place, lesson, key):
    answer_practice(place, lesson, key, WRONG[key], at=NOON)
    right = answer_practice(place, lesson, key, RIGHT[key], at=NOON + timedelta(minutes=1))
    again = answer_practice(place, lesson, key, WRONG[key], at=NOON + timedelta(minutes=2))

    assert PracticeAnswer.objects.count() == 1
    assert right.first_right_at == again.first_right_at == NOON + timedelta(minutes=1)
    assert (again.is_right, again.tries) == (False, 3)


def test_a_lesson_is_done_when_it_is_read_and_its_practice_passed(place, lesson):
    assert mark_read(place, lesson, at=NOON).completed_at is None
    answer_practice(place, lesson, "q-single", RIGHT["q-single"])
    answer_practice(place, lesson, "q-multiple", RIGHT["q-multiple"])
    assert LessonCompletion.objects.get(lesson=lesson).completed_at is None

    answer_practice(place, lesson, "q-numeric", RIGHT["q-numeric"], at=NOON + timedelta(hours=1))

    done = LessonCompletion.objects.get(lesson=lesson)
    assert (done.read_at, done.practice_passed_at) == (NOON, NOON + timedelta(hours=1))
    assert done.completed_at == NOON + timedelta(hours=1)
    assert Enrolment.objects.get(pk=place.pk).status == Enrolment.Status.ACTIVE


def test_a_lesson_without_practice_is_done_when_it_is_read(place):
    assert mark_read(place, place.course.lessons.last(), at=NOON).completed_at == NOON


def test_the_last_lesson_finishes_the_course_and_says_so_once(place, django_capture_on_commit_callbacks):
    heard = []

    def listen(enrolment_id, **_facts):
        heard.append(enrolment_id)

    course_completed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        for lesson in place.course.lessons.all():
            walk_lesson(place, lesson, at=NOON)
        mark_read(place, lesson)
        answer_practice(place, place.course.lessons.first(), "q-single", RIGHT["q-single"])
    course_completed.disconnect(listen)

    place.refresh_from_db()
    assert (place.status, place.completed_at) == (Enrolment.Status.COMPLETED, NOON)
    assert heard == [place.pk]


def test_a_lesson_published_later_is_no_debt_of_who_has_finished(place):
    for lesson in place.course.lessons.all():
        walk_lesson(place, lesson)
    lesson_page(LessonFactory(course=place.course))

    place.refresh_from_db()
    progress = progress_of([place])[place.pk]
    assert (progress.done, progress.total, progress.next_lesson) == (3, 3, None)


def test_switching_language_keeps_progress(place, lesson):
    answer_practice(place, lesson, "q-single", RIGHT["q-single"], language="en")
    answer_practice(place, lesson, "q-multiple", RIGHT["q-multiple"], language="zh-hans")
    answer_practice(place, lesson, "q-numeric", RIGHT["q-numeric"], language="zh-hans")

    assert mark_read(place, lesson, language="en").completed_at is not None
    assert progress_of([place])[place.pk].done == 1


@pytest.mark.parametrize(
    ("key", "sent"),
    [("q-single", []), ("q-single", ["0", "1"]), ("q-single", ["9"]), ("q-multiple", ["x"]), ("q-numeric", ["many"]),
     ("q-numeric", [""]), ("q-numeric", ["NaN"]), ("q-numeric", ["1e999999999"]), ("q-numeric", ["9" * 60])],
)  # fmt: skip
def test_what_is_no_answer_is_refused_and_not_kept(place, lesson, key, sent):
    with pytest.raises(AnswerMissing):
        answer_practice(place, lesson, key, sent)
    assert answers_of(place) == {}


@pytest.mark.parametrize("sent", ["23", " 23.4 ", "22,6", "２３", "+23", "2.3e1"])
def test_numbers_are_read_as_people_write_them(place, lesson, sent):
    assert answer_practice(place, lesson, "q-numeric", [sent]).is_right


@pytest.mark.parametrize("sent", ["23.6", "22.4", "23,000", "-23"])
def test_numbers_outside_the_tolerance_are_wrong(place, lesson, sent):
    assert not answer_practice(place, lesson, "q-numeric", [sent]).is_right


def test_an_unknown_question_is_not_found(place, lesson):
    with pytest.raises(Http404):
        answer_practice(place, lesson, "q-other", ["1"])


def test_a_lesson_taken_down_is_not_open(place, lesson):
    LessonPage.objects.filter(lesson=lesson).update(live=False)

    with pytest.raises(LessonNotOpen):
        mark_read(place, lesson)
