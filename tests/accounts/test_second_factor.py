import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from accounts.models import Role
from tests.factories.accounts import PASSWORD, UserFactory, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve():
    return UserFactory(email="eve@example.org", roles=(Role.CERTIFICATION_OFFICER,))


def test_staff_without_a_second_factor_reach_only_the_pages_to_set_it_up(client, eve):
    client.force_login(eve)

    assert client.get("/admin/").headers["Location"] == reverse("mfa_index")
    assert client.get("/home/", headers={"accept": "application/json"}).json()["code"] == "second_factor_missing"
    assert client.get(reverse("mfa_index")).status_code in (200, 302)


def test_staff_with_a_second_factor_go_on(client, eve):
    TOTP.activate(eve, generate_totp_secret())
    client.force_login(eve)

    assert client.get(reverse("accounts:profile")).status_code == 200
    assert client.get("/admin/").headers.get("Location") != reverse("mfa_index")


def test_a_right_given_while_signed_in_asks_for_the_factor_at_the_next_request(client):
    ada = UserFactory()
    client.force_login(ada)
    assert client.get(reverse("accounts:profile")).status_code == 200

    from accounts.actions.roles import grant_role

    grant_role(ada, Role.AUTHOR, by=None)

    assert client.get("/admin/").headers["Location"] == reverse("mfa_index")


def test_trainees_need_none(client):
    client.force_login(UserFactory())

    assert client.get("/home/").headers.get("Location") != reverse("mfa_index")


def test_demo_logins_are_exempt_only_in_a_demonstration(client, settings):
    client.force_login(staff(Role.AUDITOR))
    assert client.get("/home/").headers.get("Location") != reverse("mfa_index")

    settings.DEMO = False

    assert client.get("/home/").headers["Location"] == reverse("mfa_index")


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/"])
def test_no_login_door_of_wagtail_signs_anybody_in(client, door):
    """A POST to Wagtail's own form would skip the second factor."""
    eve = UserFactory(email="eve@example.org", roles=(Role.ADMINISTRATOR,))
    TOTP.activate(eve, generate_totp_secret())

    response = client.post(door, {"username": eve.email, "password": PASSWORD})

    assert response.status_code in (301, 302)
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_the_password_alone_does_not_sign_in_a_person_with_a_factor(client):
    eve = UserFactory(email="eve@example.org", roles=(Role.ADMINISTRATOR,))
    TOTP.activate(eve, generate_totp_secret())

    response = client.post(reverse("account_login"), {"login": eve.email, "password": PASSWORD})

    assert response.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/admin/password_reset/", "/admin/bulk/accounts/user/assign_role/"])
def test_other_doors_are_shut(client, path):
    client.force_login(staff(Role.ADMINISTRATOR))

    response = client.get(path)

    assert response.status_code == 404 or response.headers["Location"] == reverse("account_reset_password")


def test_a_trainee_at_the_back_office_is_told_and_not_sent_in_circles(client):
    client.force_login(UserFactory())

    answer = client.get("/admin/", follow=True)

    assert answer.status_code == 403
    assert "for staff" in answer.content.decode()


def test_a_stranger_at_the_back_office_signs_in_and_comes_back(client):
    answer = client.get("/admin/pages/", follow=True)

    assert answer.redirect_chain[-1][0] == reverse("account_login") + "?next=/admin/pages/"
