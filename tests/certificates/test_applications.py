"""Applications open by themselves, once, from evidence as it stood."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from certificates import errors
from certificates.actions.applications import (
    apply_for_certification,
    open_application_if_eligible,
    withdraw_application,
)
from certificates.actions.decisions import decide_application
from certificates.actions.sweeping import sweep_certificates
from certificates.models import Application
from common.errors import NotPermitted
from courses.signals import course_completed
from exams.signals import result_released
from tests.factories.accounts import UserFactory
from tests.factories.certificates import (
    complete_course,
    make_application,
    make_officer,
    make_result,
    make_scheme,
    meet,
    the_officer,
)
from tests.factories.partners import CohortFactory, PartnerFactory, PlaceFactory

pytestmark = pytest.mark.django_db


def parts(scheme):
    return scheme.requirements.get(kind="course_completed").course, scheme.requirements.get(kind="exam_passed").exam


def test_nothing_opens_before_every_requirement_is_met():
    ada, scheme = UserFactory(), make_scheme()
    course, exam = parts(scheme)
    assert open_application_if_eligible(ada, scheme) is None
    complete_course(ada, course)
    assert open_application_if_eligible(ada, scheme) is None
    make_result(ada, exam, released=False)
    assert open_application_if_eligible(ada, scheme) is None
    make_result(ada, exam, passed=False)
    assert open_application_if_eligible(ada, scheme) is None
    make_result(ada, exam)
    assert open_application_if_eligible(ada, scheme) is not None


def test_the_evidence_is_a_snapshot():
    application = make_application()
    course, exam = (fact for fact in application.evidence)
    assert (course["kind"], exam["kind"]) == ("course_completed", "exam_passed")
    assert exam["scaled_score"] == 640
    assert exam["areas"][0]["percent"] == 80
    with pytest.raises(DatabaseError, match="stays as it stood"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(evidence=[])


def test_opening_again_returns_the_same_application():
    application = make_application()
    assert open_application_if_eligible(application.applicant, application.scheme) == application
    assert Application.objects.count() == 1


def test_the_best_of_several_passes_is_the_evidence():
    ada, scheme = UserFactory(), make_scheme()
    course, exam = parts(scheme)
    complete_course(ada, course)
    for score in (510, 640, 590):
        make_result(ada, exam, score=score)
    assert open_application_if_eligible(ada, scheme).evidence[1]["scaled_score"] == 640


def test_partner_and_cohort_come_from_the_place():
    ada = UserFactory()
    place = PlaceFactory(cohort=CohortFactory(partner=PartnerFactory()), user=ada)
    application = make_application(ada, place=place)
    assert (application.partner, application.cohort) == (place.cohort.partner, place.cohort)


def test_synthetic_candidates_are_never_certified():
    robot = meet(UserFactory(is_synthetic=True), make_scheme())
    assert open_application_if_eligible(robot, make_scheme()) is None
    sweep_certificates()
    assert not Application.objects.exists()


def test_a_rehearsal_is_no_evidence():
    ada, scheme = UserFactory(), make_scheme()
    course, exam = parts(scheme)
    complete_course(ada, course)
    make_result(ada, exam, is_rehearsal=True)
    assert open_application_if_eligible(ada, scheme) is None
    sweep_certificates()
    assert not Application.objects.exists()


def test_a_draft_scheme_certifies_nobody():
    scheme = make_scheme(active=False)
    assert open_application_if_eligible(meet(UserFactory(), scheme), scheme) is None


def test_the_result_signal_opens_it():
    ada, scheme = UserFactory(), make_scheme()
    course, exam = parts(scheme)
    complete_course(ada, course)
    result_released.send(sender=None, result_id=make_result(ada, exam).pk)
    assert ada.applications.get().scheme == scheme


def test_the_course_signal_opens_it():
    ada, scheme = UserFactory(), make_scheme()
    course, exam = parts(scheme)
    make_result(ada, exam)
    course_completed.send(sender=None, enrolment_id=complete_course(ada, course).pk)
    assert ada.applications.get().scheme == scheme


@pytest.mark.parametrize("signal, key", [(result_released, "result_id"), (course_completed, "enrolment_id")])
def test_a_signal_about_a_row_that_is_gone_changes_nothing(signal, key):
    signal.send(sender=None, **{key: 999_999})
    assert not Application.objects.exists()


def test_the_sweeper_opens_what_nobody_heard_of_once():
    scheme = make_scheme()
    ada = meet(UserFactory(), scheme)
    assert sweep_certificates()["opened"] == 1
    assert sweep_certificates()["opened"] == 0
    assert ada.applications.count() == 1


def test_a_withdrawn_application_stays_withdrawn_until_its_owner_asks():
    application = make_application()
    ada = application.applicant
    withdraw_application(application, by=ada)
    sweep_certificates()
    assert open_application_if_eligible(ada, application.scheme).status == "withdrawn"
    again = apply_for_certification(application.scheme, by=ada)
    assert again != application
    assert again.status == "open"


def test_after_a_refusal_a_new_application_is_the_owners_to_ask_for():
    application = make_application()
    ada = application.applicant
    decide_application(application, outcome="refused", reasons="The name could not be proved.", by=the_officer())
    sweep_certificates()
    assert open_application_if_eligible(ada, application.scheme) == application

    again = apply_for_certification(application.scheme, by=ada)

    assert (again.status, again.cycle) == ("open", 2)
    assert apply_for_certification(application.scheme, by=ada) == again
    decide_application(again, outcome="granted", reasons="The name is proved now.", by=the_officer())
    assert apply_for_certification(application.scheme, by=ada) == again


def test_only_the_owner_withdraws_and_only_while_open():
    application = make_application()
    with pytest.raises(NotPermitted):
        withdraw_application(application, by=make_officer())
    withdraw_application(application, by=application.applicant)
    with pytest.raises(errors.ApplicationClosed):
        withdraw_application(application, by=application.applicant)


def test_applying_too_early_is_refused():
    with pytest.raises(errors.NotEligible):
        apply_for_certification(make_scheme(), by=UserFactory())


def test_ada_sees_her_application_and_ben_does_not(client):
    application = make_application()
    url = reverse("certificates:application", args=[application.uuid])
    client.force_login(application.applicant)
    assert client.get(url).status_code == 200
    client.force_login(UserFactory(full_name="Ben"))
    assert client.get(url).status_code == 404
    assert client.post(reverse("certificates:application_withdraw", args=[application.uuid])).status_code == 404


def test_the_sweepers_queries_stay_flat(django_assert_max_num_queries):
    scheme = make_scheme()
    for _ in range(3):
        make_application(scheme=scheme)
    with django_assert_max_num_queries(8):
        sweep_certificates()
