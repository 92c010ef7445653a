"""A partner manager, from the class list to the register of certificates."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from django.core import mail
from playwright.sync_api import expect

from accounts.models import User
from certificates.actions.standing import suspend_certificate
from certificates.models import Certificate
from courses.actions.learning import walk_lesson
from courses.models import Course, Enrolment
from partners.models import Cohort, CohortPlace
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.certificates import make_certificate, make_scheme, the_officer
from tests.factories.partners import PlaceFactory, make_manager, make_partner
from tests.journeys.conftest import Meet
from tests.journeys.walks import Walker
from tests.journeys.world import make_road

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GRACE = "grace@northern.example"
WRONG = f"Name,Email,Student number\nGrace Hopper,{GRACE},007\nSomebody,not-an-address,008\n"
RIGHT = f"Name,Email,Student number\nGrace Hopper,{GRACE},007\n李明,liming@northern.example,008\n"


def test_from_the_class_list_to_the_register(meet: Meet, eager_tasks: None) -> None:
    road = make_road()
    partner = make_partner(partner__slug="northern", partner__name="Northern University", seats=20)
    mia, grace = meet(), meet()
    mia.signs_in(make_manager(partner), to="/partners/northern/")
    mia.arrives_at("Northern University")

    open_a_cohort(mia, road.course)
    import_the_class_list(mia)
    accept_the_mailed_invitation(grace)
    learn_the_first_lesson(road.course)
    follow_the_cohort(mia)
    certify_two_people()
    read_the_register_and_take_it_home(mia)


def open_a_cohort(mia: Walker, course: Course) -> None:
    mia.clicks("New cohort")
    mia.arrives_at("New cohort")
    mia.fills(name="Security 2026", code="se-2026", starts_on="2026-09-01", ends_on="2027-06-30")
    mia.page.get_by_label(course.title).check()
    mia.presses("Create the cohort")
    mia.arrives_at("Security 2026")


def import_the_class_list(mia: Walker) -> None:
    """One wrong row keeps everybody out; the corrected file lets everybody in; the same file again changes nothing."""
    upload(mia, WRONG)
    expect(mia.page.get_by_role("main")).to_contain_text("This file cannot be imported yet")
    mia.looks()
    expect(mia.page.get_by_role("button", name="Import", exact=True)).to_have_count(0)

    mia.clicks("Upload another file")
    upload(mia, RIGHT, opened=True)
    expect(mia.page.get_by_role("main")).to_contain_text("Ready to import")
    assert not CohortPlace.objects.exists()
    mia.presses("^Import$")
    mia.arrives_at("Security 2026")
    expect(mia.page.locator("tbody tr")).to_have_count(2)
    assert sorted(message.to[0] for message in mail.outbox) == [GRACE, "liming@northern.example"]

    upload(mia, RIGHT)
    expect(mia.page.get_by_role("main")).to_contain_text("This file changes nothing")
    assert CohortPlace.objects.count() == len(mail.outbox) == 2


def upload(mia: Walker, content: str, *, opened: bool = False) -> None:
    if not opened:
        mia.clicks("Import a roster")
    mia.arrives_at("Import a roster")
    mia.page.locator("main [name=file]").set_input_files(
        {"name": "class.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    mia.presses("Upload and look")
    mia.arrives_at("class.csv")


def accept_the_mailed_invitation(grace: Walker) -> None:
    """Somebody without an account opens the link, makes one with that address, confirms it and accepts."""
    page = grace.page
    link = mailed_to(GRACE, "/invitations/")
    grace.goes_to(link, "Northern University invites you")
    grace.clicks("Create an account")
    grace.fills(full_name="Grace Hopper", family_name="Hopper", email=GRACE, password1=PASSWORD, password2=PASSWORD)
    page.locator("main [name=terms]").check()
    grace.presses("Create account")
    expect(page).to_have_url(re.compile("/confirm-email/"))
    grace.goes_to(mailed_to(GRACE, "/confirm-email/"))
    grace.presses("Confirm")
    expect(page).not_to_have_url(re.compile("/confirm-email/"))
    if "/login/" in page.url:
        grace.signs_in(GRACE)
    grace.goes_to(link, "Northern University invites you")
    grace.presses("Accept the invitation")
    expect(page.get_by_role("main")).to_contain_text("Foundations of AI security")
    grace.goes_to("/home/", "Hello, Grace Hopper")


def mailed_to(address: str, path: str) -> str:
    links = [
        link
        for message in mail.outbox
        if message.to == [address]
        for link in re.findall(r"https?://\S+", message.body)
        if path in link
    ]
    assert links, f"No mail to {address} has a link with {path}."
    return links[-1]


def learn_the_first_lesson(course: Course) -> None:
    """By the action behind the buttons, which another journey presses."""
    walk_lesson(Enrolment.objects.get(learner__email=GRACE), course.lessons.first())


def follow_the_cohort(mia: Walker) -> None:
    mia.goes_to(f"/partners/northern/cohorts/{Cohort.objects.get().uuid}/", "Security 2026")
    row = mia.page.get_by_role("row", name=re.compile("Grace Hopper"))
    expect(row).to_contain_text("active")
    expect(row).to_contain_text("1/2")
    expect(mia.page.get_by_role("row", name=re.compile("李明"))).to_contain_text("invited")


def certify_two_people() -> None:
    """Grace's certificate is in force, another one of the cohort is suspended."""
    scheme, cohort = make_scheme(), Cohort.objects.get()
    make_certificate(User.objects.get(email=GRACE), scheme, place=CohortPlace.objects.get(email=GRACE))
    ben = UserFactory(full_name="Ben Late", family_name="Late")
    suspended = make_certificate(ben, scheme, place=PlaceFactory(cohort=cohort, user=ben))
    suspend_certificate(suspended, reason="A complaint is looked into.", by=the_officer())


def read_the_register_and_take_it_home(mia: Walker) -> None:
    page = mia.page
    graces = Certificate.objects.get(holder__email=GRACE)
    mia.clicks("Certificate register")
    mia.arrives_at("Certificate register")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Status").select_option("valid")
    mia.presses("Filter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("Grace Hopper")

    rows = list(csv.DictReader(io.StringIO(mia.downloads("^CSV$").decode("utf-8-sig"))))
    assert [(row["Certificate number"], row["Holder"], row["Cohort"]) for row in rows] == [
        (graces.serial, "Grace Hopper", "se-2026")
    ]
    mia.presses("PDFs as ZIP")
    mia.arrives_at("PDFs as ZIP")
    expect(page.get_by_role("heading", name="The file is ready")).to_be_visible()
    with zipfile.ZipFile(io.BytesIO(mia.downloads("^Download$"))) as packed:
        names = [name for name in packed.namelist() if name.endswith(".pdf")]
        assert len(names) == 1 and graces.serial in names[0]
        assert packed.read(names[0]).startswith(b"%PDF-")
