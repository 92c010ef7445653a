"""The first page after signing in, and answering invitations."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from courses.models import Enrolment
from partners.actions.invitations import invite_to_cohort
from partners.actions.mailing import send_invitation
from partners.models import CohortPlace, Invitation
from portal.queries.home import learner_home
from tests.factories.accounts import UserFactory, staff
from tests.factories.certificates import complete_course, make_application, make_certificate, make_result, make_scheme
from tests.factories.courses import written_course
from tests.factories.exams import make_registration, make_sitting
from tests.factories.partners import CohortFactory, PlaceFactory, make_manager, make_partner
from tests.partners.test_invitations import mailed_token

pytestmark = pytest.mark.django_db

HOME = "/home/"


@pytest.fixture
def ada():
    return UserFactory(full_name="Ada Lovelace", family_name="Lovelace", email="ada@uni.example")


def step(person):
    return learner_home(person).step.title


class TestNextStep:
    """What matters most comes first."""

    def test_nothing_yet(self, ada):
        assert step(ada) == "Welcome"

    def test_a_missing_name_before_learning(self, ada):
        written_course(1)
        ada.family_name = ""
        assert step(ada) == "Tell us your name"

    def test_an_open_course_to_start_with(self, ada):
        course = written_course(1)
        assert step(ada) == f"Start with “{course.name}”"

    def test_the_next_lesson(self, ada):
        course = written_course(2)
        Enrolment.objects.create(learner=ada, course=course, enrolled_at=timezone.now())
        home = learner_home(ada)
        assert home.step.title == f"Go on with “{course.lessons.first().name}”"
        assert home.step.text == f"{course.name}: 0 of 2 lessons done."
        assert home.step.url

    def test_register_when_the_courses_of_a_scheme_are_done(self, ada):
        scheme = make_scheme()
        complete_course(ada, scheme.requirements.get(kind="course_completed").course)
        assert step(ada) == "Register for the exam"

    def test_the_exam_is_ahead(self, ada):
        now = timezone.now()
        sitting = make_sitting(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
        make_registration(sitting, ada)
        assert step(ada) == "Your exam is on its way"

    def test_the_exam_is_open_before_all_lessons(self, ada):
        course = written_course(2)
        Enrolment.objects.create(learner=ada, course=course, enrolled_at=timezone.now())
        make_registration(make_sitting(), ada)
        assert step(ada).startswith("Your exam is open")

    def test_handed_in(self, ada):
        scheme = make_scheme(courses=0)
        make_result(ada, scheme.requirements.get().exam, released=False)
        assert step(ada) == "Your result is being prepared"

    def test_the_decision(self, ada):
        make_application(ada)
        assert step(ada) == "A decision is being made"

    def test_certified(self, ada):
        make_certificate(ada)
        assert step(ada) == "Everything is done for now"


def test_the_home_shows_what_is_ones_own(client, ada):
    ben = UserFactory(full_name="Ben")
    make_certificate(ben)
    mine = make_certificate(ada)
    client.force_login(ada)
    page = client.get(HOME).content.decode()
    assert mine.serial in page
    assert ben.certificates.get().serial not in page


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_home_costs_the_same(client, ada, number):
    now = timezone.now()
    for _number in range(number):
        make_registration(make_sitting(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2)), ada) if (
            _number < 3
        ) else None
        PlaceFactory(user=ada)
        Enrolment.objects.create(learner=ada, course=written_course(0), enrolled_at=now)
    client.force_login(ada)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(HOME).status_code == 200
    assert len(queries) <= 35, len(queries)


def test_anonymous_people_sign_in(client):
    assert client.get(HOME)["Location"].startswith(reverse("account_login"))


def test_staff_find_their_desks(client):
    client.force_login(staff(Role.ADMINISTRATOR))
    page = client.get(HOME).content.decode()
    assert "Back office" in page
    assert "Audit trail" in page
    client.force_login(staff(Role.ITEM_WRITER))
    page = client.get(HOME).content.decode()
    assert "Item bank" in page
    assert "Back office" not in page


def test_managers_find_their_partner(client):
    partner = make_partner()
    client.force_login(make_manager(partner))
    assert reverse("portal:partner", args=[partner.slug]) in client.get(HOME).content.decode()


class TestInvitations:
    @pytest.fixture
    def offer(self):
        partner = make_partner(partner__name="Northern University")
        cohort = CohortFactory(partner=partner, name="Security 2026")
        return invite_to_cohort(cohort, email="ada@uni.example", full_name="Ada Lovelace", by=None)

    @pytest.fixture
    def link(self, offer):
        send_invitation(offer.pk)
        return reverse("portal:invitation", args=[mailed_token()])

    def test_it_waits_on_the_home_page_and_is_accepted_there(self, client, ada, offer):
        client.force_login(ada)
        assert "Northern University invites you to “Security 2026”" in client.get(HOME).content.decode()
        answer = client.post(reverse("portal:invitation_accept", args=[offer.uuid]), follow=True)
        assert "You have accepted the invitation" in answer.content.decode()
        assert CohortPlace.objects.get().user == ada

    def test_nobody_else_sees_or_accepts_it(self, client, ada, offer):
        ben = UserFactory(email="ben@uni.example")
        client.force_login(ben)
        assert "invites you" not in client.get(HOME).content.decode()
        foreign = client.post(reverse("portal:invitation_accept", args=[offer.uuid]))
        nowhere = client.post(reverse("portal:invitation_accept", args=["00000000-0000-4000-8000-000000000000"]))
        assert foreign.status_code == nowhere.status_code == 404
        assert CohortPlace.objects.get().user is None

    def test_an_unconfirmed_address_is_nobodys(self, client, offer):
        impostor = UserFactory(email="ada@uni.example", verified=False)
        client.force_login(impostor)
        assert client.post(reverse("portal:invitation_accept", args=[offer.uuid])).status_code == 404

    def test_the_link_for_a_stranger_leads_to_sign_in_and_sign_up(self, client, link):
        answer = client.get(link)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f"{reverse('account_login')}?next={link}" in page
        assert answer["Cache-Control"] == "no-store"
        # Who opened the link without an account learns no address.
        assert "ada@uni.example" not in page

    def test_the_link_for_the_invited_person(self, client, ada, link):
        client.force_login(ada)
        assert "Accept the invitation" in client.get(link).content.decode()
        assert client.post(link)["Location"] == HOME
        assert Invitation.objects.get().status == "accepted"
        assert client.get(link).status_code == 404

    def test_the_link_in_somebody_elses_hands(self, client, link):
        client.force_login(UserFactory(email="ben@uni.example"))
        page = client.get(link).content.decode()
        assert "for another address" in page
        assert client.post(link).status_code == 403
        assert Invitation.objects.get().status == "pending"

    def test_a_post_without_signing_in_changes_nothing(self, client, link):
        assert client.post(link).status_code == 200
        assert Invitation.objects.get().status == "pending"

    def test_a_link_nobody_was_sent(self, client):
        assert client.get(reverse("portal:invitation", args=["0" * 26])).status_code == 404

    def test_an_expired_link_says_so(self, client, link):
        Invitation.objects.update(expires_at=timezone.now())
        answer = client.get(link)
        assert answer.status_code == 410
        assert "expired" in answer.content.decode()
