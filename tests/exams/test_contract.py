"""The exam-room contract of docs/architecture.md, by a client that knows nothing else: start, paper and state."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from exams.models import Attempt
from tests.factories.exams import make_registration, make_sitting

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def test_start_creates_then_returns_the_attempt(make_desk):
    desk = make_desk()

    first, second = desk.start(), desk.start()

    assert (first.status_code, second.status_code) == (201, 200)
    assert set(first.json()) == {"attempt", "token", "lease", "closes_at", "server_now"}
    assert first.json()["attempt"] == second.json()["attempt"]
    assert first.json()["lease"] == second.json()["lease"]
    assert Attempt.objects.count() == 1
    assert first["Cache-Control"] == "no-store"


def test_start_of_a_person_leads_to_the_room(make_desk):
    desk = make_desk()
    url = f"/exams/registrations/{desk.registration.uuid}/start/"
    page = {"accept": "text/html,application/xhtml+xml"}

    refused = desk.client.post(url, headers=page)
    started = desk.client.post(url, {"accept_rules": "on", "language": "zh-hans"}, headers=page)

    attempt = Attempt.objects.get()
    assert refused.status_code == 400
    assert (started.status_code, started["Location"]) == (303, f"/exams/attempts/{attempt.uuid}/")
    assert attempt.language == "zh-hans"
    assert desk.registration.candidate.consents.filter(purpose="exam_rules").count() == 1


def test_start_before_the_sitting_opens_or_after_it_closes_is_refused(make_desk):
    now = timezone.now()
    early = make_desk(sitting=make_sitting(opens_at=now + timedelta(hours=1)))
    late = make_desk(sitting=make_sitting(opens_at=now - timedelta(hours=2), closes_at=now - timedelta(hours=1)))

    assert (early.start().status_code, early.start().json()["code"]) == (409, "sitting_not_open")
    assert (late.start().status_code, late.start().json()["code"]) == (409, "sitting_closed")


def test_start_of_another_persons_registration_is_like_a_missing_one(make_desk):
    ben = make_desk()
    foreign = make_registration(ben.registration.sitting)

    theirs = ben.client.post(f"/exams/registrations/{foreign.uuid}/start/", headers={"accept": "application/json"})
    nobodys = ben.client.post(f"/exams/registrations/{uuid4()}/start/", headers={"accept": "application/json"})

    assert (theirs.status_code, theirs.content) == (nobodys.status_code, nobodys.content) == (404, nobodys.content)


def test_start_without_login_is_401_for_programs_and_the_login_page_for_people(make_desk):
    desk = make_desk()
    url = f"/exams/registrations/{desk.registration.uuid}/start/"

    program = Client().post(url, headers={"accept": "application/json"})
    person = Client().post(url, headers={"accept": "text/html"})

    assert (program.status_code, program.json()["code"]) == (401, "login_required")
    assert person.status_code == 302


def test_start_needs_the_csrf_token(make_desk):
    desk = make_desk()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.registration.candidate)

    answer = strict.post(f"/exams/registrations/{desk.registration.uuid}/start/", headers={"accept": "application/json"})

    assert answer.status_code == 403
    assert Attempt.objects.count() == 0


# --- Paper and state ---------------------------------------------------------------------------


def test_paper_has_the_shape_of_the_contract(desk):
    paper = desk.paper()

    assert paper.status_code == 200
    assert set(paper.json()) == {"language", "sections"}
    for section in paper.json()["sections"]:
        assert set(section) == {"title", "positions"}
        for position in section["positions"]:
            assert set(position) <= {"position", "type", "stem", "options", "unit", "scoring"}
            assert {"position", "type", "stem", "scoring"} <= set(position)
            for option in position.get("options", []):
                assert set(option) == {"id", "text"}
    assert sorted(desk.positions()) == [1, 2, 3, 4, 5]


def test_paper_is_the_same_each_time_and_shuffled_for_each_attempt(desk, make_desk):
    others = [make_desk(sitting=desk.registration.sitting) for _number in range(8)]
    for other in others:
        other.start()

    orders = {tuple(option["id"] for option in each.positions()[1]["options"]) for each in [desk, *others]}
    kept = {tuple(option["id"] for option in each.positions()[5]["options"]) for each in [desk, *others]}

    assert desk.paper().content == desk.paper().content
    assert len(orders) > 1
    assert len({frozenset(order) for order in orders}) == 1
    assert len(kept) == 1


def test_state_tells_how_the_attempt_stands(desk):
    desk.save(2, 4, None, flagged=True)

    answer = desk.state()

    assert answer.status_code == 200
    content = answer.json()
    assert set(content) == {"status", "closes_at", "server_now", "lease_held", "positions"}
    assert (content["status"], content["lease_held"]) == ("open", True)
    assert content["positions"] == {"2": {"seq": 4, "flagged": True}}
    assert content["closes_at"].endswith("Z")


def test_state_gives_the_stored_answers_to_the_holder_of_the_lease_who_asks(desk):
    desk.save(4, 1, {"text": "推理"})

    assert desk.state("?responses=1").json()["positions"] == {"4": {"seq": 1, "flagged": False, "response": {"text": "推理"}}}
