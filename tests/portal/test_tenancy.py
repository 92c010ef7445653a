"""Another partner's pages answer exactly like missing ones, for every address, thing and verb (invariant 7)."""

from __future__ import annotations

import uuid

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.urls import reverse

from accounts.models import Role
from partners.models import Membership
from portal.urls import partner_urlpatterns
from tests.factories.accounts import UserFactory, staff

VERBS = ("get", "head", "post", "put", "patch", "delete", "options")
NOBODY = "00000000-0000-4000-8000-000000000000"


def addresses(world) -> dict[str, tuple[str, dict[str, object]]]:
    """Every address of a partner with the things of `world` in it."""
    things = {
        "cohort": {"uuid": world.cohort.uuid},
        "roster": {"uuid": world.cohort.uuid},
        "place": {"uuid": world.cohort.uuid, "place_uuid": world.place.uuid},
        "invitation": {"uuid": world.offer.uuid},
        "import": {"uuid": world.roster.uuid},
        "export": {"uuid": world.export.uuid},
        "member": {"pk": world.membership.pk},
    }
    named = {
        "partner": {}, "members": {}, "cohorts": {}, "cohort_new": {}, "register": {}, "register_csv": {},
        "register_xlsx": {}, "register_zip": {}, "member_end": things["member"], "cohort": things["cohort"],
        "cohort_edit": things["cohort"], "cohort_start": things["cohort"], "cohort_finish": things["cohort"],
        "cohort_invite": things["cohort"], "cohort_register": things["cohort"], "place_leave": things["place"],
        "roster": things["roster"], "roster_preview": things["import"], "roster_apply": things["import"],
        "roster_compare": things["import"], "roster_discard": things["import"], "roster_report": things["import"],
        "invitation_resend": things["invitation"], "invitation_withdraw": things["invitation"],
        "export": things["export"], "export_file": things["export"],
    }  # fmt: skip
    assert set(named) == {pattern.name for pattern in partner_urlpatterns}, "an address is missing in this test"
    return {name: (name, kwargs) for name, kwargs in named.items()}


def url(name: str, slug: str, kwargs: dict[str, object]) -> str:
    return reverse(f"portal:{name}", kwargs={"slug": slug, **kwargs})


def missing(kwargs: dict[str, object]) -> dict[str, object]:
    return {name: 999_999 if name == "pk" else uuid.UUID(NOBODY) for name in kwargs}


def everything() -> dict[str, list[object]]:
    """All rows of all tables but those that any request may touch."""
    skipped = {Session, ContentType}
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model not in skipped and model._meta.app_label in ("partners", "courses", "exams", "certificates")
    }


def answer(client, verb: str, address: str):
    response = getattr(client, verb)(address)
    body = b"" if response.streaming else response.content
    # The reference number and the address itself differ from request to request.
    return response.status_code, len(body) > 0, response.headers.get("Allow"), response.headers.get("Location")


def test_a_strangers_answer_is_that_of_a_missing_thing(world, client):
    client.force_login(world.otto)
    before = everything()
    for name, kwargs in addresses(world).values():
        for verb in VERBS:
            foreign = answer(client, verb, url(name, "northern", kwargs))
            nowhere = answer(client, verb, url(name, "no-such-partner", missing(kwargs)))
            assert foreign == nowhere, (name, verb)
            assert foreign[0] in (404, 405), (name, verb)
    assert everything() == before


def test_a_foreign_thing_under_ones_own_partner_is_missing(world, client):
    """The slug is one's own, the uuid another tenant's."""
    client.force_login(world.otto)
    before = everything()
    for name, kwargs in addresses(world).values():
        if not kwargs:
            continue
        for verb in VERBS:
            foreign = answer(client, verb, url(name, "southern", kwargs))
            nowhere = answer(client, verb, url(name, "southern", missing(kwargs)))
            assert foreign == nowhere, (name, verb)
            assert foreign[0] in (404, 405), (name, verb)
    assert everything() == before


@pytest.mark.parametrize("who", ["trainee", "learner", "officer", "former"])
def test_people_who_do_not_work_here_find_nothing(world, client, who):
    if who == "former":
        person = UserFactory()
        Membership.objects.create(partner=world.home, user=person, role="manager", status="ended")
    else:
        person = {"trainee": UserFactory, "learner": lambda: world.ada, "officer": lambda: staff(Role.CERTIFICATION_OFFICER)}[
            who
        ]()
    client.force_login(person)
    before = everything()
    for name, kwargs in addresses(world).values():
        for verb in ("get", "post"):
            assert answer(client, verb, url(name, "northern", kwargs))[0] in (404, 405), (name, verb)
    assert everything() == before


def test_anonymous_people_are_sent_to_sign_in_whatever_exists(world, client):
    for name, kwargs in addresses(world).values():
        for slug in ("northern", "no-such-partner"):
            response = client.get(url(name, slug, kwargs))
            assert response.status_code == 302, name
            assert response["Location"].startswith(reverse("account_login")), name


INSTRUCTORS = {"partner": 302, "cohorts": 200, "cohort": 200}


def test_instructors_see_their_cohorts_and_do_nothing(world, client):
    client.force_login(world.ines)
    before = everything()
    for name, kwargs in addresses(world).values():
        assert answer(client, "get", url(name, "northern", kwargs))[0] in (INSTRUCTORS.get(name, 404), 405), name
        assert answer(client, "post", url(name, "northern", kwargs))[0] in (403, 404, 405), name
    assert client.get(url("cohort", "northern", {"uuid": world.elsewhere.uuid})).status_code == 404
    page = client.get(url("cohorts", "northern", {})).content.decode()
    assert "Security 2026" in page
    assert "Security 2027" not in page
    assert everything() == before


def test_an_ended_membership_ends_the_instructors_access(world, client):
    Membership.objects.filter(user=world.ines).update(status="ended")
    client.force_login(world.ines)
    assert client.get(url("cohort", "northern", {"uuid": world.cohort.uuid})).status_code == 404


def test_auditors_read_everything_and_change_nothing(world, client):
    client.force_login(staff(Role.AUDITOR))
    before = everything()
    for name in ("partner", "members", "cohorts", "register", "register_csv"):
        assert client.get(url(name, "northern", {})).status_code == 200, name
    assert client.get(url("cohort", "northern", {"uuid": world.cohort.uuid})).status_code == 200
    for name, kwargs in addresses(world).values():
        assert answer(client, "post", url(name, "northern", kwargs))[0] in (403, 405), name
    assert everything() == before


def test_managers_open_every_page_of_their_own(world, client):
    client.force_login(world.mia)
    for name, kwargs in addresses(world).values():
        if name == "export_file":
            continue
        assert answer(client, "get", url(name, "northern", kwargs))[0] in (200, 405), name


def test_a_closed_partner_is_read_only(world, client):
    world.home.status = "closed"
    world.home.save()
    client.force_login(world.mia)
    before = everything()
    for name, kwargs in addresses(world).values():
        assert answer(client, "post", url(name, "northern", kwargs))[0] in (405, 409), name
    assert client.get(url("register", "northern", {})).status_code == 200
    assert everything() == before


def test_managers_must_have_a_second_factor(world, client):
    world.mia.email = "mia@northern.example"
    world.mia.save()
    client.force_login(world.mia)
    assert client.get(url("partner", "northern", {})).status_code in (302, 403)
