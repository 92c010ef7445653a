"""An officer decides, suspends and reinstates, and whoever verifies reads it at once; whoever taught may not decide."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import AuditEntry
from certificates.models import Application, Certificate
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_application, make_officer
from tests.factories.partners import CohortFactory, PlaceFactory, make_partner
from tests.journeys.conftest import Meet
from tests.journeys.walks import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMPLAINT = "A customer complained; we are looking into it."
ANSWERED = "The complaint was unfounded."


@pytest.fixture
def application(transactional_db: None) -> Application:
    """Ada's, who came through a cohort that Tess taught."""
    tess = make_officer("Tess Teacher")
    cohort = CohortFactory(partner=make_partner(), name="Security 2026", instructor=tess)
    ada = UserFactory(full_name="Ada Byron", family_name="Byron")
    return make_application(ada, place=PlaceFactory(cohort=cohort, user=ada))


def test_deciding_suspending_and_reinstating_and_what_verifiers_read(meet: Meet, application: Application) -> None:
    eve, stranger = meet(), meet()
    eve.signs_in(make_officer(), to="/officer/")
    eve.arrives_at("What waits for you")
    eve.clicks("Ada Byron")
    eve.arrives_at("Ada Byron")
    expect(eve.page.get_by_role("main")).to_contain_text("Cohort Security 2026")
    eve.page.get_by_role("radio", name="granted").check()
    eve.fills(reasons="Both requirements are met; nothing speaks against it.")
    eve.presses("Record the decision")
    expect(eve.page.locator("body")).to_contain_text("Your decision is recorded.")

    certificate = Certificate.objects.get()
    eve.clicks(certificate.serial)
    eve.arrives_at(certificate.serial)
    reads(stranger, certificate, "Valid")

    moves(eve, "Suspend", COMPLAINT)
    reads(stranger, certificate, "Not valid: suspended")
    assert asks_as_a_program(stranger, certificate) == "suspended"

    moves(eve, "Reinstate", ANSWERED)
    reads(stranger, certificate, "Valid")
    assert asks_as_a_program(stranger, certificate) == "valid"
    for reason in (COMPLAINT, ANSWERED):
        expect(eve.page.locator(".timeline")).to_contain_text(reason)
        assert reason not in stranger.page.content()
    acts = AuditEntry.objects.filter(act__startswith="certificate.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["certificate.issue", "certificate.suspended", "certificate.valid"]


def test_an_officer_who_taught_this_person_reads_and_may_not_decide(meet: Meet, application: Application) -> None:
    tess = meet()
    tess.signs_in(application.cohort.instructor, to="/officer/")
    tess.clicks("Ada Byron")
    tess.arrives_at("Ada Byron")

    expect(tess.page.get_by_role("main")).to_contain_text("This decision is not yours")
    expect(tess.page.get_by_role("button", name="Record the decision")).to_have_count(0)
    assert Application.objects.get().status == Application.Status.OPEN


def moves(officer: Walker, verb: str, reason: str) -> None:
    officer.clicks(f"^{verb}$")
    officer.proves_it_again()
    officer.arrives_at(verb)
    officer.fills(reason=reason)
    officer.presses(f"^{verb}$")
    officer.proves_it_again()
    expect(officer.page.locator(".timeline")).to_contain_text(reason)
    officer.looks()


def reads(stranger: Walker, certificate: Certificate, verdict: str) -> None:
    stranger.goes_to(f"/verify/{certificate.token}/", verdict)


def asks_as_a_program(stranger: Walker, certificate: Certificate) -> str:
    answer = stranger.page.request.get(f"/verify/{certificate.token}/", headers={"Accept": "application/json"})
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["status"]
