"""The exam-room contract: saves, and everything a save can meet."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exams.actions.delivery import pause_attempt, resume_attempt
from exams.models import Attempt, Response
from tests.exams.rewinding import rewind
from tests.factories.accounts import staff

pytestmark = pytest.mark.django_db


def test_a_save_is_acknowledged_once_it_is_stored(desk):
    option = desk.positions()[1]["options"][0]["id"]

    answer = desk.save(1, 5, {"choice": option})

    assert answer.status_code == 200
    assert set(answer.json()) == {"seq", "saved_at", "closes_at", "server_now"}
    assert answer.json()["seq"] == 5
    stored = Response.objects.get()
    assert (stored.position, stored.seq, json.loads(stored.body)) == (1, 5, {"choice": option})


def test_a_save_takes_one_statement(desk):
    desk.save(3, 1, {"value": "1"})

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert desk.save(3, 2, {"value": "2"}).status_code == 200

    assert len(queries) == 1


def test_a_save_is_never_cached_and_carries_the_security_headers(desk):
    answer = desk.save(3, 1, {"value": "1"})

    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert int(answer["Content-Length"]) == len(answer.content)
    assert "ETag" not in answer
    assert not answer.cookies


def test_null_clears_and_a_higher_number_replaces(desk):
    desk.save(3, 1, {"value": "1"})
    desk.save(3, 2, None)
    assert Response.objects.get().body is None

    desk.save(3, 3, {"value": "3"})
    assert json.loads(Response.objects.get().body) == {"value": "3"}


def test_a_stale_save_changes_nothing_and_tells_the_stored_number(desk):
    desk.save(3, 5, {"value": "5"})

    older, same_number = desk.save(3, 4, {"value": "4"}), desk.save(3, 5, {"value": "6"})

    for answer in (older, same_number):
        assert answer.status_code == 409
        assert (answer.json()["code"], answer.json()["seq"]) == ("stale_save", 5)
    assert json.loads(Response.objects.get().body) == {"value": "5"}


def test_an_identical_replay_is_acknowledged_again(desk):
    first, second = desk.save(3, 5, {"value": "5"}, flagged=True), desk.save(3, 5, {"value": " 5 "}, flagged=True)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["saved_at"] == second.json()["saved_at"]


def test_a_flag_is_kept_until_it_is_sent_again(desk):
    desk.save(3, 1, {"value": "1"}, flagged=True)
    desk.save(3, 2, {"value": "2"})
    assert Response.objects.get().flagged is True

    desk.save(3, 3, {"value": "2"}, flagged=False)
    assert Response.objects.get().flagged is False


@pytest.mark.parametrize(
    "body",
    [
        "", "nonsense", "[]", "7", "null", '"x"', "{", "[" * 30_000, '{"seq": NaN}',
        {"lease": "x", "response": None},
        {"seq": 1, "response": None},
        {"seq": 1, "lease": "x"},
        {"seq": 0, "lease": "x", "response": None},
        {"seq": -1, "lease": "x", "response": None},
        {"seq": True, "lease": "x", "response": None},
        {"seq": "1", "lease": "x", "response": None},
        {"seq": 1.0, "lease": "x", "response": None},
        {"seq": 2**31, "lease": "x", "response": None},
        {"seq": 10**400, "lease": "x", "response": None},
        {"seq": 1, "lease": 7, "response": None},
        {"seq": 1, "lease": "\0", "response": None},
        {"seq": 1, "lease": "\ud800", "response": None},
        {"seq": 1, "lease": "x", "response": None, "points": 1},
        {"seq": 1, "lease": "x", "response": None, "flagged": 1},
        {"seq": 1, "lease": "x", "response": None, "flagged": None},
        {"seq": 1, "lease": "x", "response": "a"},
        {"seq": 1, "lease": "x", "response": {}},
        {"seq": 1, "lease": "x", "response": {"value": 1}},
        {"seq": 1, "lease": "x", "response": {"value": "1", "more": 2}},
        {"seq": 1, "lease": "x", "response": {"choice": "a"}},
        '{"seq": 1, "seq": 2, "lease": "x", "response": null}',
        '{"seq": 1, "lease": "x", "response": {"value": "1", "value": "2"}}',
        b"\xff\xfe",
        '{"seq": 1, "lease": "x", "response": {"value": NaN}}',
        '{"seq": 1' + "0" * 5000 + ', "lease": "x", "response": null}',
    ],
)  # fmt: skip
def test_what_is_not_a_save_is_refused(desk, body):
    answer = desk.put(3, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_response")
    assert Response.objects.count() == 0


def test_an_option_of_another_position_is_refused(desk):
    other = desk.positions()[2]["options"][0]["id"]

    assert desk.save(1, 1, {"choice": other}).status_code == 400


def test_too_large_is_413_before_it_is_read(desk):
    answer = desk.put(4, "x" * (64 * 1024 + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_unknown_position_is_404(desk):
    for position in (0, 6, 9999):
        assert desk.save(position, 1, None).status_code == 404


def test_a_foreign_attempt_is_like_a_missing_one(desk, make_desk):
    ben = make_desk()
    ben.start()
    body = {"seq": 1, "lease": desk.lease, "response": None}

    foreign, missing = desk.put(3, body, uuid=ben.uuid), desk.put(3, body, uuid=str(uuid4()))

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content
    assert Response.objects.count() == 0


@pytest.mark.parametrize("tamper", ["", "x", "no.dots.here", "ä", "x" * 5000])
def test_no_token_or_a_forged_one_is_401(desk, tamper):
    answer = desk.put(3, {"seq": 1, "lease": desk.lease, "response": None}, token=tamper)

    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


def test_a_changed_token_is_401(desk):
    payload, signature = desk.token.split(".")
    changed = payload[:-2] + ("A" if payload[-2] != "A" else "B") + payload[-1]
    for forged in (f"{changed}.{signature}", f"{payload}.{signature[:-3]}AA=", f"{payload}.", f".{signature}"):
        assert desk.put(3, {"seq": 1, "lease": desk.lease, "response": None}, token=forged).status_code == 401


def test_an_expired_token_is_401(desk, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=3), tick=False)

    assert desk.save(3, 1, None).status_code == 401


def test_a_new_epoch_ends_every_token(desk):
    Attempt.objects.update(token_epoch=1)

    for answer in (desk.save(3, 1, None), desk.state(), desk.paper(), desk.submit()):
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


def test_the_token_dies_with_the_session_and_start_brings_a_new_one(desk):
    desk.client.logout()
    for answer in (desk.save(3, 1, {"value": "1"}), desk.state(), desk.paper(), desk.submit()):
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")

    desk.client.force_login(desk.registration.candidate)
    assert desk.start().status_code == 200
    assert desk.save(3, 1, {"value": "1"}).status_code == 200


def test_an_expired_session_ends_the_token(desk):
    Session.objects.update(expire_date="2020-01-01T00:00Z")

    assert desk.save(3, 1, None).json()["code"] == "token_invalid"


def test_starting_elsewhere_moves_the_lease(desk, make_desk):
    elsewhere = make_desk(desk.registration)
    assert elsewhere.start().status_code == 200

    old = desk.save(3, 1, {"value": "1"})
    assert (old.status_code, old.json()["code"]) == (409, "lease_moved")
    assert desk.paper().json()["code"] == "lease_moved"
    assert desk.submit().json()["code"] == "lease_moved"
    assert desk.state().json()["lease_held"] is False
    assert elsewhere.state().json()["lease_held"] is True
    assert elsewhere.save(3, 1, {"value": "2"}).status_code == 200

    desk.start()
    assert desk.save(3, 2, {"value": "3"}).status_code == 200
    assert elsewhere.save(3, 3, None).json()["code"] == "lease_moved"


def test_a_superseded_token_without_a_login_says_nothing(desk, make_desk):
    elsewhere = make_desk(desk.registration)
    elsewhere.start()
    desk.client.logout()

    assert desk.state().status_code == 401


def test_paused_refuses_saves_paper_and_hand_in_and_gives_the_time_back(desk):
    attempt, dan = Attempt.objects.get(), staff("administrator", "Dan")
    pause_attempt(attempt, by=dan)
    for answer in (desk.save(3, 1, {"value": "1"}), desk.paper(), desk.submit()):
        assert (answer.status_code, answer.json()["code"]) == (409, "attempt_paused")
    assert desk.state().json()["status"] == "paused"

    resume_attempt(attempt, by=dan, at=attempt.started_at + timedelta(minutes=10))
    assert Attempt.objects.get().closes_at > attempt.closes_at + timedelta(minutes=9)
    assert desk.save(3, 1, {"value": "1"}).status_code == 200


def test_nothing_is_accepted_after_the_deadline_and_the_read_closes_it(desk):
    desk.save(3, 1, {"value": "1"})
    rewind(desk, 3600)

    late = desk.save(3, 2, {"value": "2"})

    assert (late.status_code, late.json()["code"]) == (409, "attempt_closed")
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.submitted_at) == ("timed_out", attempt.closes_at)
    assert desk.state().json()["status"] == "timed_out"
    assert desk.paper().json()["code"] == "attempt_closed"
    assert json.loads(Response.objects.get().body) == {"value": "1"}


def test_a_state_poll_closes_an_overdue_attempt(desk):
    rewind(desk, 3600)

    assert desk.state().json()["status"] == "timed_out"
    assert Attempt.objects.get().status == "timed_out"


def test_saves_beyond_the_burst_get_429_with_retry_after(desk):
    answers = [desk.save(3, number, None) for number in range(1, 28)]

    assert [answer.status_code for answer in answers[:25]] == [200] * 25
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1


def test_other_methods_on_a_response_are_405(desk):
    assert desk.client.get(f"/exams/attempts/{desk.uuid}/responses/1/").status_code == 405
