"""Eve's desk: who enters, what is seen, what is done, in how many queries."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role
from certificates.actions.documents import park_document
from certificates.models import Application, Certificate, RenderedDocument
from tests.factories.accounts import PASSWORD, UserFactory, staff
from tests.factories.certificates import make_application, make_certificate, make_exam, make_officer, make_result, make_scheme
from tests.factories.partners import CohortFactory, PlaceFactory, make_manager
from tests.factories.results import release_result

pytestmark = pytest.mark.django_db

LISTS = ["officer", "officer_applications", "officer_certificates", "officer_documents", "officer_results", "officer_corrected"]


@pytest.fixture
def eve(client):
    return sign_in(client, make_officer())


def sign_in(client, user):
    """Signed in, the password given again just now: grave acts ask for it once in five minutes."""
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return user


def at(name, *args):
    return reverse(f"portal:{name}", args=args)


@pytest.mark.parametrize("name", LISTS)
def test_officers_and_auditors_enter_others_do_not(client, name):
    for role in (Role.CERTIFICATION_OFFICER, Role.AUDITOR):
        sign_in(client, staff(role))
        assert client.get(at(name)).status_code == 200
    for person in (UserFactory(), staff(Role.ADMINISTRATOR), staff(Role.EXAMINER), make_manager(CohortFactory().partner)):
        sign_in(client, person)
        assert client.get(at(name)).status_code == 403
    client.logout()
    assert client.get(at(name)).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_lists_cost_the_same_for_one_row_and_for_four(client, eve, name, django_assert_max_num_queries):
    scheme = make_scheme()

    def one_more(number):
        person = UserFactory(full_name=f"Ada {number}")
        place = PlaceFactory(user=person, cohort=CohortFactory())
        park_document(make_certificate(person, scheme, place=place, officer=eve).document, "reason")
        make_application(scheme=scheme)
        make_result(UserFactory(), make_exam(), released=False)

    one_more(1)
    client.get(at(name))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as first:
        client.get(at(name))
    for number in range(2, 5):
        one_more(number)
    with django_assert_max_num_queries(min(25, len(first))):
        client.get(at(name))


def test_eve_reads_the_evidence_and_grants(client, eve):
    ada = UserFactory(full_name="Ada Byron")
    place = PlaceFactory(user=ada, cohort=CohortFactory(instructor=UserFactory(full_name="Tom Teacher")))
    application = make_application(ada, place=place)
    url = at("officer_application", application.uuid)
    page = client.get(url).content.decode()
    for said in ("Ada Byron", "Tom Teacher", "640", "Record the decision", place.cohort.partner.name):
        assert said in page
    answer = client.post(url, {"outcome": "granted", "reasons": "All met."})
    assert answer.status_code == 302
    application.refresh_from_db()
    assert application.decision.decided_by == eve
    assert Certificate.objects.get().serial in client.get(url).content.decode()


def test_a_decision_without_reasons_stays_on_the_page(client, eve):
    application = make_application()
    answer = client.post(at("officer_application", application.uuid), {"outcome": "granted", "reasons": ""})
    assert answer.status_code == 200
    application.refresh_from_db()
    assert application.status == Application.Status.OPEN


def test_a_partial_officer_sees_why_and_no_form(client, eve):
    application = make_application()
    PlaceFactory(user=application.applicant, cohort=CohortFactory(instructor=eve))
    url = at("officer_application", application.uuid)
    page = client.get(url).content.decode()
    assert "You taught this person" in page
    assert "Record the decision" not in page
    assert client.post(url, {"outcome": "granted", "reasons": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["officer_suspend", "officer_withdraw", "officer_correct"])
def test_the_password_is_asked_again_before_a_grave_act(client, name):
    client.force_login(make_officer("Second Officer"))
    certificate = make_certificate()
    url = at(name, certificate.uuid)
    assert client.get(url).status_code == 200
    answer = client.post(url, {"reason": "x", "name": "Ada King"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    certificate.refresh_from_db()
    assert certificate.status == "valid"


def test_what_was_filled_in_goes_on_after_the_password(client):
    client.force_login(make_officer("Second Officer"))
    certificate = make_certificate()
    answer = client.post(at("officer_suspend", certificate.uuid), {"reason": "Complaint."})
    client.post(answer["Location"], {"password": PASSWORD})
    certificate.refresh_from_db()
    assert certificate.status == "suspended"
    assert certificate.status_changes.last().reason == "Complaint."


def test_an_auditor_looks_and_does_not_act(client):
    sign_in(client, staff(Role.AUDITOR))
    application, certificate = make_application(), make_certificate()
    assert client.post(at("officer_application", application.uuid), {"outcome": "granted", "reasons": "x"}).status_code == 403
    assert client.post(at("officer_suspend", certificate.uuid), {"reason": "x"}).status_code == 403
    page = client.get(at("officer_certificate", certificate.uuid)).content.decode()
    assert at("officer_suspend", certificate.uuid) not in page


def test_suspend_reinstate_correct_withdraw(client, eve):
    certificate = make_certificate(officer=eve)
    assert client.get(at("officer_suspend", certificate.uuid)).status_code == 200
    for name, status in (("officer_suspend", "suspended"), ("officer_reinstate", "valid")):
        assert client.post(at(name, certificate.uuid), {"reason": "Because."}).status_code == 302
        certificate.refresh_from_db()
        assert certificate.status == status
    answer = client.post(
        at("officer_correct", certificate.uuid), {"name": "Ada King", "family_name": "King", "reason": "Married."}
    )
    corrected = Certificate.objects.get(supersedes=certificate)
    assert answer["Location"] == at("officer_certificate", corrected.uuid)
    client.post(at("officer_withdraw", corrected.uuid), {"reason": "Fraud."})
    corrected.refresh_from_db()
    assert corrected.status == "withdrawn"
    page = client.get(at("officer_certificate", corrected.uuid)).content.decode()
    assert "Fraud." in page
    assert at("officer_withdraw", corrected.uuid) not in page


def test_a_missing_certificate_or_application_is_not_found(client, eve):
    nobody = "00000000-0000-4000-8000-000000000000"
    for name in ("officer_application", "officer_certificate", "officer_suspend", "officer_correct"):
        assert client.get(at(name, nobody)).status_code == 404


def test_a_parked_document_is_tried_again(client, eve):
    document = make_certificate(officer=eve).document
    park_document(document, "No font we ship can print it.")
    assert "No font we ship" in client.get(at("officer_documents")).content.decode()
    assert client.post(at("officer_document_again", document.pk)).status_code == 302
    assert RenderedDocument.objects.get(pk=document.pk).status == "waiting"


def test_held_results_lead_to_the_board_record_and_its_release_opens_the_application(
    client, eve, django_capture_on_commit_callbacks
):
    scheme = make_scheme(courses=0)
    exam = scheme.requirements.get().exam
    ada = UserFactory(full_name="Ada Byron")
    hers = make_result(ada, exam, released=False)
    sitting = hers.attempt.registration.sitting
    page = client.get(at("officer_results")).content.decode()
    assert "Ada Byron" in page
    assert reverse("board_records:draft", args=[sitting.uuid]) in page
    with django_capture_on_commit_callbacks(execute=True):
        release_result(hers)
    assert ada.applications.count() == 1
    assert "Ada Byron" not in client.get(at("officer_results")).content.decode()


def test_filters_of_the_queue(client, eve):
    open_one = make_application(UserFactory(full_name="Ada Byron"))
    decided = make_certificate(UserFactory(full_name="Ben Smith"), officer=eve).decision.application
    page = client.get(at("officer_applications")).content.decode()
    assert (open_one.applicant.full_name in page, decided.applicant.full_name in page) == (True, False)
    page = client.get(at("officer_applications"), {"status": "decided"}).content.decode()
    assert (open_one.applicant.full_name in page, decided.applicant.full_name in page) == (False, True)
    page = client.get(at("officer_applications"), {"status": "", "search": "byron", "sort": "-opened"}).content.decode()
    assert "Ada Byron" in page
    assert "Ben Smith" not in page
