"""A partner's cohorts: seen, made, changed, and their people registered for exams."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from certificates.models import Certificate
from courses.models import CohortCourse, Enrolment, LessonCompletion
from exams.models import CohortSitting, Registration
from partners.models import Cohort, CohortPlace, Invitation
from partners.queries import seats_used
from portal.actions import plan_cohort, register_cohort
from portal.errors import SittingNotOffered
from portal.queries.overview import exam_places_used, partner_overview
from portal.queries.progress import cohort_progress
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_course, make_exam, make_result
from tests.factories.courses import written_course
from tests.factories.exams import make_paper, make_registration, make_sitting
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_partner

pytestmark = pytest.mark.django_db


def at(name, world, *args):
    return reverse(f"portal:{name}", args=["northern", *args])


def cohort_fields(**changes):
    return {"name": "Autumn", "code": "autumn", "starts_on": "2026-09-01", "ends_on": "2027-01-31", **changes}


@pytest.fixture
def mia(world, client):
    client.force_login(world.mia)
    return world.mia


def test_a_cohort_is_created_with_its_plan_and_audited(world, client, mia):
    course, sitting = make_course(), make_sitting()
    answer = client.post(
        at("cohort_new", world),
        cohort_fields(instructor=world.ines.pk, courses=[course.pk], sittings=[sitting.pk]),
    )

    cohort = Cohort.objects.get(code="autumn")
    assert answer["Location"] == at("cohort", world, cohort.uuid)
    assert (cohort.partner, cohort.instructor, cohort.status) == (world.home, world.ines, "planned")
    assert CohortCourse.objects.get(cohort=cohort).course == course
    assert CohortSitting.objects.get(cohort=cohort).sitting == sitting
    acts = AuditEntry.objects.filter(partner_id=world.home.pk).order_by("sequence").values_list("act", flat=True)
    assert {"cohort.created", "cohort.planned"} <= set(acts)


def test_foreign_ids_in_the_form_are_no_choices(world, client, mia):
    foreign_instructor = make_instructor(world.other)
    foreign_sitting = make_sitting(partner=world.other)
    rehearsal = make_sitting(is_rehearsal=True)
    make_sitting(partner=world.home)
    for changes in (
        {"instructor": foreign_instructor.pk},
        {"instructor": world.ada.pk},
        {"sittings": [foreign_sitting.pk]},
        {"sittings": [rehearsal.pk]},
        {"courses": [999_999]},
    ):
        answer = client.post(at("cohort_new", world), cohort_fields(**changes))
        assert answer.status_code == 400, changes
        assert foreign_sitting.name not in answer.content.decode() or foreign_sitting.name == "Monday morning"
    assert not Cohort.objects.filter(code="autumn").exists()


def test_a_code_is_used_once_per_partner_and_dates_run_forward(world, client, mia):
    CohortFactory(partner=world.other, code="autumn")
    assert client.post(at("cohort_new", world), cohort_fields(ends_on="2026-08-01")).status_code == 400
    assert client.post(at("cohort_new", world), cohort_fields()).status_code == 302
    assert client.post(at("cohort_new", world), cohort_fields()).status_code == 400


def test_a_course_added_later_enrols_who_is_there(world, mia):
    course = written_course(1)
    plan_cohort(world.cohort, courses=[course], sittings=[], by=mia)

    enrolment = Enrolment.objects.get(learner=world.ada, course=course)
    assert (enrolment.place, enrolment.status) == (world.place, "active")
    plan_cohort(world.cohort, courses=[], sittings=[], by=mia)
    assert Enrolment.objects.filter(pk=enrolment.pk).exists()
    assert not CohortCourse.objects.filter(cohort=world.cohort).exists()


def test_editing_keeps_an_instructor_whose_membership_ended(world, client, mia):
    world.membership.status = "ended"
    world.membership.save()
    fields = cohort_fields(name="New name", code=world.cohort.code, instructor=world.ines.pk)
    assert client.post(at("cohort_edit", world, world.cohort.uuid), fields).status_code == 302
    world.cohort.refresh_from_db()
    assert (world.cohort.name, world.cohort.instructor) == ("New name", world.ines)


def test_start_and_finish(world, client, mia):
    planned = CohortFactory(partner=world.home, status="planned")
    assert client.post(at("cohort_finish", world, planned.uuid)).status_code == 409
    client.post(at("cohort_start", world, planned.uuid))
    client.post(at("cohort_finish", world, planned.uuid))
    planned.refresh_from_db()
    assert planned.status == "finished"
    assert client.post(at("cohort_edit", world, planned.uuid), cohort_fields()).status_code == 409


def test_one_person_is_invited_and_leaves(world, client, mia):
    answer = client.post(
        at("cohort_invite", world, world.cohort.uuid),
        {"full_name": "Grace Hopper", "email": "grace@uni.example", "language": "en"},
    )
    assert answer.status_code == 302
    assert Invitation.objects.get(email="grace@uni.example").place.full_name == "Grace Hopper"
    used = seats_used(world.home)
    client.post(at("place_leave", world, world.cohort.uuid, world.place.uuid))
    world.place.refresh_from_db()
    assert (world.place.status, seats_used(world.home)) == ("left", used - 1)


def test_resend_and_withdraw(world, client, mia):
    Invitation.objects.filter(pk=world.offer.pk).update(sent_at=timezone.now(), next_try_at=None)
    assert client.post(at("invitation_resend", world, world.offer.uuid))["Location"] == at("cohort", world, world.cohort.uuid)
    world.offer.refresh_from_db()
    assert world.offer.sent_at is None
    client.post(at("invitation_withdraw", world, world.offer.uuid))
    world.offer.refresh_from_db()
    assert world.offer.status == "withdrawn"
    assert client.post(at("invitation_withdraw", world, world.member_offer.uuid))["Location"] == at("members", world)


class TestProgress:
    """What a cohort's page says about a person, and what it must not."""

    @pytest.fixture
    def course(self, world):
        course = written_course(2)
        CohortCourse.objects.filter(cohort=world.cohort).delete()
        CohortCourse.objects.create(cohort=world.cohort, course=course)
        return course

    def row(self, world):
        return cohort_progress(world.cohort, [world.place])[0]

    def test_lessons_of_lessons(self, world, course):
        enrolment = Enrolment.objects.create(learner=world.ada, course=course, place=world.place, enrolled_at=timezone.now())
        lesson = course.lessons.first()
        now = timezone.now()
        LessonCompletion.objects.create(enrolment=enrolment, lesson=lesson, opened_at=now, completed_at=now)

        progress = self.row(world).courses[0]
        assert (progress.done, progress.total, progress.percent) == (1, 2, 50)

    def test_an_enrolment_through_another_cohort_is_not_ours_to_see(self, world, course):
        elsewhere = PlaceFactory(cohort__partner=world.other, user=world.ada)
        Enrolment.objects.create(learner=world.ada, course=course, place=elsewhere, enrolled_at=timezone.now())

        assert self.row(world).courses[0].enrolment is None

    def test_results_appear_only_once_released(self, world, course):
        exam = make_exam()
        held = make_result(world.ada, exam, released=False, place=world.place)
        state = next(state for state in self.row(world).exams if state.registration == held.attempt.registration)
        assert (state.label, state.detail) == ("handed in", "result not released yet")

        released = make_result(world.ada, make_exam(), passed=False, place=world.place)
        state = next(state for state in self.row(world).exams if state.registration == released.attempt.registration)
        assert (state.label, state.detail) == ("not passed", "380 of 800")

    def test_exams_and_certificates_of_other_ways_stay_unseen(self, world, course):
        elsewhere = PlaceFactory(cohort__partner=world.other, user=world.ada)
        foreign = make_result(world.ada, make_exam(), place=elsewhere)
        own = make_result(world.ada, make_exam(), place=None)
        row = self.row(world)
        shown = {state.registration.pk for state in row.exams}
        assert not shown & {foreign.attempt.registration.pk, own.attempt.registration.pk}
        assert row.certificates == [world.certificate]
        Certificate.objects.filter(pk=world.certificate.pk)
        other_place = cohort_progress(elsewhere.cohort, [elsewhere])[0]
        assert other_place.certificates == []

    def test_who_left_or_is_only_invited_shows_nothing(self, world, course):
        Enrolment.objects.create(learner=world.ada, course=course, place=None, enrolled_at=timezone.now())
        CohortPlace.objects.filter(pk=world.place.pk).update(status="left")
        world.place.refresh_from_db()
        assert self.row(world).courses[0].enrolment is None
        assert self.row(world).certificates == []


@pytest.mark.parametrize("people", [1, 3, 50])
def test_the_cohort_page_costs_the_same_for_everybody(world, client, mia, people):
    for _number in range(people):
        place = PlaceFactory(cohort=world.cohort)
        Enrolment.objects.create(
            learner=place.user, course=CohortCourse.objects.first().course, place=place, enrolled_at=timezone.now()
        )
    with CaptureQueriesContext(connection) as queries:
        assert client.get(at("cohort", world, world.cohort.uuid)).status_code == 200
    assert len(queries) <= 25, len(queries)


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_list_of_cohorts_costs_the_same(world, client, mia, number):
    for _number in range(number):
        CohortFactory(partner=world.home, instructor=world.ines)
    for name in ("cohorts", "partner"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at(name, world)).status_code == 200
        assert len(queries) <= 25, (name, len(queries))


def test_search_and_filter_of_people(world, client, mia):
    def names(**query):
        page = client.get(at("cohort", world, world.cohort.uuid), query)
        return [row.place.full_name for row in page.context["rows"]]

    assert names() == ["Ada Lovelace", "李明"]
    assert names(search="lovel") == ["Ada Lovelace"]
    assert names(search="li@uni") == ["李明"]
    assert names(show="active") == ["Ada Lovelace"]
    assert names(show="unsent") == ["李明"]
    assert names(show="expired") == []
    assert names(show="nonsense") == ["Ada Lovelace", "李明"]


class TestRegisteringACohort:
    @pytest.fixture
    def sitting(self):
        return make_sitting(make_paper())

    def test_everybody_active_is_registered_once(self, world, client, mia, sitting):
        PlaceFactory(cohort=world.cohort, user=UserFactory(full_name="Ben", language="zh-hans"))
        answer = client.post(at("cohort_register", world, world.cohort.uuid), {"sitting": sitting.pk, "language": ""})

        assert [(outcome.place.full_name, outcome.kind) for outcome in answer.context["report"]] == [
            ("Ada Lovelace", "registered"),
            ("Ben", "registered"),
        ]
        rows = Registration.objects.filter(sitting=sitting)
        assert {(row.candidate.full_name, row.language, row.place.cohort) for row in rows} == {
            ("Ada Lovelace", "en", world.cohort),
            ("Ben", "zh-hans", world.cohort),
        }
        again = client.post(at("cohort_register", world, world.cohort.uuid), {"sitting": sitting.pk, "language": ""})
        assert {outcome.kind for outcome in again.context["report"]} == {"already"}
        assert AuditEntry.objects.filter(act="cohort.registered").count() == 1

    def test_the_agreements_exam_places_are_the_limit(self, world, mia, sitting):
        agreement = world.home.agreements.get()
        for number in range(3):
            PlaceFactory(cohort=world.cohort, user=UserFactory(full_name=f"Zoe {number}"))
        agreement.exam_quota = exam_places_used(world.home, agreement) + 2
        agreement.save()
        report = register_cohort(world.cohort, sitting, by=mia)

        assert [outcome.kind for outcome in report] == ["registered", "registered", "refused", "refused"]
        assert "used up" in report[-1].text
        assert exam_places_used(world.home, agreement) == agreement.exam_quota

    def test_a_full_sitting_refuses_the_rest_in_words(self, world, mia):
        sitting = make_sitting(make_paper(), capacity=1)
        PlaceFactory(cohort=world.cohort, user=UserFactory(full_name="Zoe"))
        report = register_cohort(world.cohort, sitting, by=mia)
        assert [outcome.kind for outcome in report] == ["registered", "refused"]
        assert report[1].text

    def test_sittings_of_others_closed_and_rehearsals_are_not_offered(self, world, client, mia):
        now = timezone.now()
        for sitting in (
            make_sitting(partner=world.other),
            make_sitting(is_rehearsal=True),
            make_sitting(opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1)),
            make_sitting(status="cancelled"),
        ):
            answer = client.post(at("cohort_register", world, world.cohort.uuid), {"sitting": sitting.pk})
            assert answer.status_code == 400
            with pytest.raises(SittingNotOffered):
                register_cohort(world.cohort, sitting, by=mia)
        assert not Registration.objects.filter(sitting__name="Monday morning").exists()

    def test_quota_is_given_back_by_a_cancelled_registration(self, world, mia, sitting):
        agreement = world.home.agreements.get()
        before = exam_places_used(world.home, agreement)
        row = make_registration(sitting, candidate=world.ada, place=world.place)
        assert exam_places_used(world.home, agreement) == before + 1
        row.status = "cancelled"
        row.save()
        assert exam_places_used(world.home, agreement) == before


def test_the_overview_counts_people_not_places(world):
    PlaceFactory(cohort=world.elsewhere, user=world.ada)
    PlaceFactory(cohort__partner=world.home, cohort__status="finished")
    PlaceFactory(cohort__partner=world.other)
    overview = partner_overview(world.home)

    assert (overview.people, overview.waiting) == (1, 1)
    assert [(bar.label, bar.value, bar.total) for bar in overview.usage] == [("Seats", 2, 20), ("Exam places", 1, 10)]
    assert overview.certificates["issued"] == 1


def test_certificates_that_end_soon_are_on_the_first_page(world, client, mia):
    page = client.get(at("partner", world)).content.decode()
    assert "No certificate ends within the next 90 days" in page
    overview = partner_overview(world.home, today=world.certificate.valid_until - timedelta(days=89))
    assert overview.expiring == [world.certificate]
    assert partner_overview(world.home, today=world.certificate.valid_until - timedelta(days=91)).expiring == []


def test_a_partner_without_agreement_is_told(client):
    from tests.factories.partners import PartnerFactory, make_manager

    partner = PartnerFactory(slug="bare")
    client.force_login(make_manager(partner))
    page = client.get(reverse("portal:partner", args=["bare"])).content.decode()
    assert "No agreement is in force" in page
    assert make_partner(seats=1).agreements.exists()
