"""What readers, learners and strangers see of courses and lessons, and what no page gives away."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from courses.actions.enrolment import enrol_learner
from courses.actions.learning import walk_lesson
from courses.models import Enrolment, LessonCompletion, PracticeAnswer
from courses.queries import enrolments_of, matrix, missing_prerequisites, next_step, progress_of
from tests.factories.accounts import UserFactory, staff
from tests.factories.courses import MULTIPLE, NUMERIC, RIGHT, SINGLE, WRONG, course_page, written_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return UserFactory()


@pytest.fixture
def course():
    return written_course(languages=("en", "zh-hans"))


def address(lesson, language="en"):
    return lesson.pages.get(locale__language_code=language).url


def post(client, lesson, key, sent, **more):
    return client.post(reverse("courses:practice", args=[lesson.code, key]), {"answer": sent, "language": "en"}, **more)


def test_the_first_lesson_is_open_to_everybody_the_second_says_how_to_open_it(client, course):
    first, second = course.lessons.all()

    sample, closed = client.get(address(first)), client.get(address(second))

    assert (sample.status_code, closed.status_code) == (200, 403)
    assert "You are reading a sample" in sample.text
    assert "open to those enrolled" in closed.text
    assert "Poisoning changes what is learned" not in closed.text
    assert not LessonCompletion.objects.exists()


def test_authors_read_every_lesson_without_a_place(client, course):
    client.force_login(staff(Role.AUTHOR))

    assert client.get(address(course.lessons.last())).status_code == 200


def test_enrol_by_the_button_and_resume_where_you_were(client, ada, course):
    client.force_login(ada)
    client.post(reverse("courses:enrol", args=[course.code]))
    second = course.lessons.last()
    client.get(address(second))

    answer = client.get(reverse("courses:resume", args=[course.code]), follow=True)

    assert answer.redirect_chain[-1][0] == address(second)
    assert Enrolment.objects.get().last_lesson == second


def test_enrolling_needs_a_person_and_a_post(client, ada, course):
    url = reverse("courses:enrol", args=[course.code])
    assert client.post(url).url.startswith(reverse("account_login"))
    client.force_login(ada)
    assert client.get(url).status_code == 405
    assert not Enrolment.objects.exists()


def test_a_missing_prerequisite_is_refused_in_words(client, ada, course):
    course.prerequisites.add(written_course(title="Essentials"))
    client.force_login(ada)

    answer = client.post(reverse("courses:enrol", args=[course.code]))

    assert answer.status_code == 409
    assert "Finish “Essentials” first" in answer.text
    assert not Enrolment.objects.exists()


def test_before_an_answer_the_page_does_not_depend_on_the_key(client, ada, course, monkeypatch):
    enrol_learner(ada, course)
    client.force_login(ada)
    lesson = course.lessons.first()
    before = client.get(address(lesson)).text

    page = lesson.pages.get(locale__language_code="en")
    for block in page.body:
        if block.block_type == "practice":
            block.value["answer"] = "99" if block.value["kind"] == "numeric" else None
            for option in block.value["options"]:
                option["correct"] = not option["correct"]
                option["feedback"] = "another feedback"
    page.save()
    after = client.get(address(lesson)).text

    def without_tokens(text):
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    assert without_tokens(before) == without_tokens(after)
    for content in (SINGLE, MULTIPLE):
        assert all(option["feedback"] not in before for option in content["options"])
    assert NUMERIC["feedback_right"] not in before


def test_a_wrong_answer_tells_about_the_chosen_option_only(client, ada, course):
    enrol_learner(ada, course)
    client.force_login(ada)

    answer = post(client, course.lessons.first(), "q-single", WRONG["q-single"], HTTP_HX_REQUEST="true")

    feedback = [option["feedback"] in answer.text for option in SINGLE["options"]]
    assert feedback == [True, False, False]
    assert "practice__choice--right" not in answer.text
    assert "<html" not in answer.text


def test_a_right_answer_explains_every_option(client, ada, course):
    enrol_learner(ada, course)
    client.force_login(ada)

    answer = post(client, course.lessons.first(), "q-single", RIGHT["q-single"], HTTP_HX_REQUEST="true")

    assert all(option["feedback"] in answer.text for option in SINGLE["options"])


def test_without_script_the_answer_leads_back_to_the_question(client, ada, course):
    enrol_learner(ada, course)
    client.force_login(ada)
    lesson = course.lessons.first()

    answer = post(client, lesson, "q-numeric", WRONG["q-numeric"], follow=True)

    assert answer.redirect_chain == [(f"{address(lesson)}#q-numeric", 302)]
    assert NUMERIC["feedback_wrong"] in answer.text


def test_a_visitor_may_try_the_sample_and_nothing_is_kept(client, course):
    answer = post(client, course.lessons.first(), "q-single", RIGHT["q-single"])

    assert SINGLE["options"][1]["feedback"] in answer.text
    assert not PracticeAnswer.objects.exists()
    assert answer["Cache-Control"] == "no-store"


def test_a_stranger_is_refused_on_other_lessons_and_unknown_ones_are_missing(client, ada, course):
    lesson_page_with_question = course.lessons.last()
    page = lesson_page_with_question.pages.get(locale__language_code="en")
    page.body = course.lessons.first().pages.get(locale__language_code="en").body
    page.save()
    client.force_login(ada)

    assert post(client, lesson_page_with_question, "q-single", ["1"]).status_code == 403
    assert post(client, course.lessons.first(), "no-such", ["1"]).status_code == 404
    assert client.post(reverse("courses:read", args=[course.lessons.first().code])).status_code == 403
    assert client.get(reverse("courses:lesson", args=["NONE"])).status_code == 404


def test_ben_sees_nothing_of_adas_progress(client, ada, course):
    walk_lesson(enrol_learner(ada, course), course.lessons.first())
    client.force_login(UserFactory())

    answer = client.get(address(course.lessons.first()))

    assert "practice__choice--right" not in answer.text
    assert not Enrolment.objects.visible_to(answer.wsgi_request.user).exists()
    assert "lessons done" not in client.get(course_page(course).url).text


def test_the_language_switch_keeps_progress(client, ada, course):
    walk_lesson(enrol_learner(ada, course), course.lessons.first())
    client.force_login(ada)

    chinese = client.get(address(course.lessons.first(), "zh-hans"))

    assert chinese.context["progress"].done == 1
    assert chinese.context["completion"].completed_at is not None
    assert 'lang="zh-hans"' in chinese.text


def test_reading_the_last_lesson_leads_to_the_course(client, ada, course):
    place = enrol_learner(ada, course)
    walk_lesson(place, course.lessons.first())
    client.force_login(ada)

    answer = client.post(reverse("courses:read", args=[course.lessons.last().code]), {"language": "zh-hans"}, follow=True)

    place.refresh_from_db()
    assert place.status == Enrolment.Status.COMPLETED
    assert answer.redirect_chain[-1][0] == course_page(course, "zh-hans").url


def test_an_outline_is_called_an_outline(client, course):
    from tests.factories.courses import CourseFactory, LessonFactory

    outline = CourseFactory()
    LessonFactory(course=outline, title="Not written yet")

    text = client.get(course_page(outline).url).text

    assert "Not written yet" in text and "Listed, not open yet" in text
    assert reverse("courses:enrol", args=[outline.code]) not in text


def test_my_courses_costs_the_same_for_one_and_three(client, ada, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(ada)
    counts = []
    for more in (1, 2):
        for _number in range(more):
            enrol_learner(ada, written_course(practice=False))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("courses:mine")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_a_lesson_page_costs_the_same_in_a_long_course(client, ada):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(ada)
    counts = []
    for lessons in (1, 3):
        course = written_course(lessons=lessons, practice=False)
        enrol_learner(ada, course)
        for _visit in range(2):
            with CaptureQueriesContext(connection) as queries:
                client.get(address(course.lessons.first()))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_progress_of_many_places_takes_two_queries(ada, django_assert_num_queries):
    for _number in range(3):
        enrol_learner(ada, written_course(practice=False))
    places = list(enrolments_of(ada))

    with django_assert_num_queries(2):
        assert [one.total for one in progress_of(places).values()] == [2, 2, 2]


def test_the_next_step_is_the_lesson_last_used_then_a_course_that_is_open(ada):
    core, after = written_course(lessons=1), written_course(lessons=1)
    after.prerequisites.add(core)
    assert (next_step(ada).kind, next_step(ada).course) == ("enrol", core)

    place = enrol_learner(ada, core)
    step = next_step(ada)
    assert (step.kind, step.lesson, step.enrolment) == ("lesson", core.lessons.get(), place)

    walk_lesson(place, core.lessons.get())
    assert (next_step(ada).kind, next_step(ada).course) == ("enrol", after)
    walk_lesson(enrol_learner(ada, after), after.lessons.get())
    assert next_step(ada) is None


def test_missing_prerequisites_cost_the_same_for_one_and_three(ada):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 3):
        course = written_course(lessons=1, practice=False)
        for _required in range(number):
            core = written_course(lessons=1, practice=False)
            course.prerequisites.add(core)
            enrol_learner(ada, core)
        with CaptureQueriesContext(connection) as queries:
            assert len(missing_prerequisites(ada, course)) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_matrix_costs_the_same_however_many_courses(course):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _number in range(2):
        with CaptureQueriesContext(connection) as queries:
            matrix("en")
        counts.append(len(queries))
        written_course(practice=False)
    assert counts[0] == counts[1]


def test_lesson_page_answers_in_the_other_language_where_one_is_missing(client):
    course = written_course(lessons=1)

    answer = client.get(reverse("courses:lesson", args=[course.lessons.get().code]), headers={"accept-language": "zh-hans"})

    assert answer.url == lesson_url(course)


def lesson_url(course):
    return address(course.lessons.get())
