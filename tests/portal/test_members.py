"""Managers and instructors of a partner."""

from __future__ import annotations

import pytest
from django.urls import reverse

from partners.models import Invitation, Membership
from tests.factories.partners import make_manager

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"portal:{name}", args=["northern", *args])


@pytest.fixture
def mia(world, client):
    client.force_login(world.mia)
    return world.mia


def test_the_page_lists_members_and_open_offers(world, client, mia):
    page = client.get(at("members")).content.decode()
    for text in ("Mia Manager", "Ines Instructor", "new@uni.example"):
        assert text in page
    assert world.otto.email not in page


def test_inviting_a_manager(world, client, mia):
    answer = client.post(at("members"), {"email": "Nina@Uni.Example", "role": "manager", "language": "en"})
    assert answer.status_code == 302
    assert Invitation.objects.get(email="nina@uni.example").membership_role == "manager"


def test_a_role_that_is_none_is_refused(world, client, mia):
    answer = client.post(at("members"), {"email": "nina@uni.example", "role": "administrator", "language": "en"})
    assert answer.status_code == 400
    assert not Invitation.objects.filter(email="nina@uni.example").exists()


def test_ending_a_membership_takes_the_access_at_once(world, client, mia):
    second = make_manager(world.home, "Nina Next")
    client.post(at("member_end", world.home.memberships.get(user=second).pk))
    assert Membership.objects.get(user=second).status == "ended"
    client.force_login(second)
    assert client.get(at("partner")).status_code == 404


def test_the_last_manager_stays(world, client, mia):
    answer = client.post(at("member_end", world.home.memberships.get(user=mia).pk))
    assert answer.status_code == 409
    assert "at least one manager" in answer.content.decode()
    make_manager(world.home, "Nina Next")
    assert client.post(at("member_end", world.home.memberships.get(user=mia).pk))["Location"] == "/home/"
