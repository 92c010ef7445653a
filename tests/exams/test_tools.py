"""The candidate's own tools on the server: kept for another device, and never in an answer's way."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from exams import saving
from exams.actions import tools as tools_module
from exams.actions.delivery import pause_attempt
from exams.actions.tools import forget_tools
from exams.models import Attempt, PositionTools, Response
from tests.factories.accounts import UserFactory, staff
from tests.factories.exams import make_registration

pytestmark = pytest.mark.django_db


def keep(desk, position, seq, tools, *, lease=None, uuid=None, token=None, raw=None):
    body = raw if raw is not None else json.dumps({"seq": seq, "lease": lease or desk.lease, "tools": tools})
    return desk.client.put(
        f"/exams/attempts/{uuid or desk.uuid}/tools/{position}/",
        data=body,
        content_type="application/json",
        headers={"x-attempt-token": desk.token if token is None else token},
    )


def test_notes_and_strikes_come_back_on_another_device(desk, make_desk):
    struck = [desk.positions()[1]["options"][2]["id"]]
    assert keep(desk, 1, 3, {"struck": struck, "note": "look at <b>2</b>"}).json()["seq"] == 3
    assert keep(desk, 0, 1, {"note": "2 × 3", "view": {"size": 150, "contrast": "high"}}).status_code == 200

    other = make_desk(desk.registration)
    other.start()
    assert other.state("?responses=1").json()["tools"] == {
        "0": {"seq": 1, "note": "2 × 3", "view": {"size": 150, "contrast": "high"}},
        "1": {"seq": 3, "note": "look at <b>2</b>", "struck": struck},
    }
    assert "tools" not in desk.state("?responses=1").json(), "who has lost the lease reads no notes"
    assert "tools" not in other.state().json()


def test_the_last_to_write_wins_and_an_older_one_is_told_the_number(desk):
    keep(desk, 3, 5, {"note": "five"})
    assert keep(desk, 3, 5, {"note": "five"}).status_code == 200
    older, other = keep(desk, 3, 4, {"note": "four"}), keep(desk, 3, 5, {"note": "another"})
    assert [(answer.status_code, answer.json()["code"], answer.json()["seq"]) for answer in (older, other)] == [
        (409, "stale_save", 5)
    ] * 2
    assert PositionTools.objects.get().note == "five"
    assert keep(desk, 3, 6, {"note": ""}).status_code == 200
    assert PositionTools.objects.get().note == ""


def test_tools_touch_no_answer_and_are_not_on_the_receipt(desk):
    desk.save(3, 1, {"value": "1"})
    keep(desk, 3, 9, {"note": "SECRET NOTE"})
    keep(desk, 4, 9, {"note": "SECRET NOTE"})
    receipt = desk.submit().json()
    assert receipt["responses"] == {"3": 1}
    assert Response.objects.count() == 1
    assert keep(desk, 3, 10, {"note": "later"}).json()["code"] == "attempt_closed"


@pytest.mark.parametrize(
    ("position", "raw"),
    [
        (1, ""), (1, "[]"), (1, "{"), (1, "[" * 20_000), (1, '{"seq": 1}'),
        (1, '{"seq": 1, "lease": "x", "tools": []}'),
        (1, '{"seq": 0, "lease": "x", "tools": {}}'),
        (1, '{"seq": true, "lease": "x", "tools": {}}'),
        (1, '{"seq": 1, "lease": 7, "tools": {}}'),
        (1, '{"seq": 1, "lease": "x", "tools": {}, "more": 1}'),
        (1, '{"seq": 1, "lease": "x", "tools": {"view": {}}}'),
        (1, '{"seq": 1, "lease": "x", "tools": {"note": 7}}'),
        (1, '{"seq": 1, "lease": "x", "tools": {"note": "\\u0000"}}'),
        (1, '{"seq": 1, "lease": "x", "tools": {"note": "\\ud800"}}'),
        (1, '{"seq": 1, "lease": "x", "tools": {"struck": ["foreign"]}}'),
        (1, '{"seq": 1, "lease": "x", "tools": {"struck": [["a"]]}}'),
        (0, '{"seq": 1, "lease": "x", "tools": {"struck": []}}'),
        (0, '{"seq": 1, "lease": "x", "tools": {"view": {"size": 1000}}}'),
        (0, '{"seq": 1, "lease": "x", "tools": {"view": {"size": true}}}'),
        (0, '{"seq": 1, "lease": "x", "tools": {"view": {"contrast": ["high"]}}}'),
        (0, '{"seq": 1, "lease": "x", "tools": {"view": {"colour": "red"}}}'),
    ],
)  # fmt: skip
def test_what_is_malformed_is_refused(desk, position, raw):
    answer = keep(desk, position, 1, {}, raw=raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_response")
    assert not PositionTools.objects.exists()


def test_what_is_too_long_is_refused(desk):
    for position, note in ((1, "x" * 2001), (0, "x" * 8001), (1, "x" * 70_000)):
        assert keep(desk, position, 1, {"note": note}).status_code == 413
    assert keep(desk, 0, 1, {"note": "汉" * 8000}).status_code == 200


def test_only_the_holder_of_the_lease_and_only_their_own(desk, make_desk):
    assert keep(desk, 99, 1, {}).status_code == 404
    assert keep(desk, 1, 1, {}, uuid=uuid4()).status_code == 404
    assert keep(desk, 1, 1, {}, token="forged.x").status_code == 401
    ben = make_desk(make_registration(desk.registration.sitting, UserFactory(full_name="Ben")))
    ben.start()
    assert keep(ben, 1, 1, {"note": "x"}, uuid=desk.uuid).status_code == 404
    make_desk(desk.registration).start()
    assert keep(desk, 1, 1, {}).json()["code"] == "lease_moved"
    Session.objects.filter(session_key=desk.client.session.session_key).delete()
    assert not PositionTools.objects.exists()
    assert desk.client.get(f"/exams/attempts/{desk.uuid}/tools/1/").status_code == 405


def test_nothing_is_kept_while_paused(desk):
    pause_attempt(Attempt.objects.get(), by=staff("administrator", "Adam"))
    assert keep(desk, 1, 1, {"note": "x"}).json()["code"] == "attempt_paused"


def test_notes_are_sent_away_before_an_answer_waits(desk, monkeypatch):
    monkeypatch.setattr(tools_module, "PATIENCE", 0.01)
    for _place in range(2):
        assert tools_module._places.acquire()
    try:
        answer = keep(desk, 1, 1, {"note": "x"})
        assert (answer.status_code, answer["Retry-After"]) == (429, "5")
        assert desk.save(3, 1, {"value": "1"}).status_code == 200
    finally:
        for _place in range(2):
            tools_module._places.release()
    assert keep(desk, 1, 1, {"note": "x"}).status_code == 200


def test_a_runaway_page_uses_up_its_notes_and_not_its_answers(desk):
    codes = [keep(desk, 3, number, {"note": str(number)}).status_code for number in range(1, 40)]
    assert 429 in codes
    assert desk.save(3, 1, {"value": "1"}).status_code == 200
    assert saving._buckets[desk.uuid][0] > 10


def test_notes_are_forgotten_weeks_after_the_exam(desk, without_triggers):
    keep(desk, 1, 1, {"note": "x"})
    assert forget_tools() == 0
    desk.submit()
    assert forget_tools() == 0
    with without_triggers("exams_attempt"):
        Attempt.objects.update(submitted_at=timezone.now() - timedelta(days=31))
    assert forget_tools() == 1
    assert not PositionTools.objects.exists()
