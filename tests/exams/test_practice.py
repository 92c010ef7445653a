"""The practice run: the real engine on questions of no exam, for everybody, and gone after a week."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from exams.actions.practice import forget_practice, set_up_practice
from exams.item_types import REGISTRY
from exams.models import Attempt, PositionTools, Registration, Response, Result, Sitting
from exams.queries.registrations import open_sittings, own_registrations
from tests.exams.conftest import Desk
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator, cleo, rita
from tests.factories.exams import CompetenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(db):
    CompetenceFactory()
    return set_up_practice(written_by=cleo(), approved_by=rita(), by=administrator())


@pytest.fixture
def ada(practice):
    client = Client()
    client.force_login(UserFactory(full_name="Ada"))
    return client


def begin(client, language="en"):
    return client.post("/exams/practice/", {"language": language}, headers={"accept": "text/html"})


def at_desk(client):
    desk = Desk(registration=Registration.objects.get(), client=client)
    assert desk.start().status_code == 200
    return desk


def test_it_is_set_up_once_with_every_type_and_a_timed_part(practice):
    assert set_up_practice(written_by=cleo(), approved_by=rita(), by=administrator()) == practice
    for rendering in practice.paper.renderings.all():
        first, second = rendering.document["sections"]
        types = {position["type"] for section in (first, second) for position in section["positions"]}
        assert types == set(REGISTRY)
        assert (second["minutes"], second["navigation"]) == (10, "forward_only")
    assert {code for code, _name in practice.paper.languages} == {"en", "zh-hans"}


def test_anybody_signed_in_practises_and_it_counts_for_nothing(ada, django_capture_on_commit_callbacks):
    answer = begin(ada, "zh-hans")
    attempt = Attempt.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/exams/attempts/{attempt.uuid}/")
    assert attempt.language == "zh-hans"
    room = ada.get(answer["Location"])
    assert room.status_code == 200
    person = attempt.registration.candidate
    assert not own_registrations(person).exists()
    assert not open_sittings(person).exists()
    assert begin(ada)["Location"] == answer["Location"], "the run under way goes on"


def test_a_new_run_deletes_the_one_before_with_all_it_left(ada):
    begin(ada)
    desk = at_desk(ada)
    first = desk.uuid
    headers, lease = desk.headers, json.dumps({"lease": desk.lease})
    ada.post(f"/exams/attempts/{first}/sections/1/open/", data=lease, content_type="application/json", headers=headers)
    assert desk.save(4, 1, {"value": "12"}).status_code == 200
    note = json.dumps({"seq": 1, "lease": desk.lease, "tools": {"note": "x"}})
    ada.put(f"/exams/attempts/{first}/tools/4/", data=note, content_type="application/json", headers=headers)
    assert desk.submit().status_code == 200
    shown = ada.get(f"/exams/attempts/{first}/").content.decode()
    assert "This was practice" in shown and "Results are released" not in shown

    begin(ada)
    assert Attempt.objects.get().uuid != first
    assert not Response.objects.exists() and not PositionTools.objects.exists() and not Result.objects.exists()


def test_runs_are_forgotten_after_a_week(ada, practice):
    begin(ada)
    assert forget_practice() == 0
    Registration.objects.update(registered_at=timezone.now() - timedelta(days=8))
    assert forget_practice() == 1
    assert not Attempt.objects.exists()
    assert Sitting.objects.get() == practice


def test_without_a_practice_paper_the_page_says_so(client, db):
    client.force_login(UserFactory())
    page = client.get("/exams/practice/")
    assert page.status_code == 200
    assert "not set up" in page.content.decode()
    assert client.post("/exams/practice/", {"language": "en"}).status_code == 404
    assert Client().get("/exams/practice/").status_code == 302


def test_a_language_that_is_not_offered_is_refused(ada):
    assert begin(ada, "xx").status_code == 409
    assert not Attempt.objects.exists()


FINDINGS = {
    name: {"ok": True, "value": None}
    for name in ("browser", "cookies", "storage", "save", "connection", "clock", "screen", "keyboard")
}


def leave(client, findings):
    body = findings if isinstance(findings, str) else json.dumps(findings)
    return client.post("/exams/device/", data=body, content_type="application/json", headers={"accept": "application/json"})


def test_a_check_is_kept_and_shown_with_what_to_fix(client, db):
    from exams.models import DeviceCheck
    from tests.factories.exams import make_registration

    registration = make_registration()
    client.force_login(registration.candidate)
    page = f"/exams/registrations/{registration.uuid}/"
    assert "Not checked yet" in client.get(page).content.decode()
    assert client.get("/exams/device/").status_code == 200
    off = {**FINDINGS, "clock": {"ok": False, "value": 305.4}}
    assert leave(client, off).status_code == 200
    shown = client.get(page).content.decode()
    assert "Ready when last checked" in shown and "305 seconds apart" in shown

    leave(client, {**FINDINGS, "storage": {"ok": False, "value": None}})
    shown = client.get(page).content.decode()
    assert "Not ready when last checked" in shown and "Leave private mode" in shown
    assert DeviceCheck.objects.get().is_ready is False
    assert set(client.get("/exams/device/clock/").json()) == {"server_now"}


@pytest.mark.parametrize(
    "findings",
    [
        "", "[]", "{", "[" * 3000, {}, {**FINDINGS, "more": {"ok": True, "value": None}}, {**FINDINGS, "clock": True},
        {**FINDINGS, "clock": {"ok": 1, "value": None}}, {**FINDINGS, "clock": {"ok": True, "value": "<b>"}},
        {**FINDINGS, "clock": {"ok": True, "value": 1e300}}, {**FINDINGS, "clock": {"ok": True}},
        '{"browser": {"ok": true, "value": NaN}}',
    ],
)  # fmt: skip
def test_a_malformed_check_is_refused(client, db, findings):
    from exams.models import DeviceCheck

    client.force_login(UserFactory())
    assert leave(client, findings).status_code == 400
    assert not DeviceCheck.objects.exists()


def test_a_check_needs_a_login(db):
    assert leave(Client(), FINDINGS).status_code in (302, 401)
