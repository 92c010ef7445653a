"""The exam-room contract: handing in, and what a failing database says."""

from __future__ import annotations

import hashlib
import json

import pytest

from exams.models import Attempt
from tests.exams.rewinding import rewind

pytestmark = pytest.mark.django_db


def test_submit_gives_the_receipt_and_again_the_same(desk):
    desk.save(3, 4, {"value": "3.14"})
    desk.save(4, 2, None)

    first, again = desk.submit(), desk.submit()

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    receipt = first.json()
    assert set(receipt) == {"submitted_at", "responses", "digest"}
    assert receipt["responses"] == {"3": 4, "4": 2}
    attempt = Attempt.objects.select_related("paper").get()
    content = {
        "attempt": desk.uuid,
        "paper": attempt.paper.digest,
        "responses": [[3, 4, '{"value":"3.14"}'], [4, 2, None]],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert receipt["digest"] == hashlib.sha256(canonical.encode()).hexdigest()


def test_after_hand_in_every_save_is_refused(desk):
    desk.save(3, 4, {"value": "3.14"})
    desk.submit()

    for answer in (desk.save(3, 5, None), desk.save(4, 1, None)):
        assert (answer.status_code, answer.json()["code"]) == (409, "attempt_closed")
    assert desk.start().status_code == 200
    assert desk.submit().status_code == 200


def test_a_submit_after_the_clock_returns_the_receipt_dated_at_the_deadline(desk):
    desk.save(3, 1, {"value": "1"})
    rewind(desk, 3600)

    receipt = desk.submit()

    attempt = Attempt.objects.get()
    assert receipt.status_code == 200
    assert attempt.status == "timed_out"
    assert receipt.json()["submitted_at"][:19] == attempt.closes_at.isoformat()[:19]
    assert receipt.json()["responses"] == {"3": 1}


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"lease": 7}', '{"lease": "x", "more": 1}'])
def test_a_malformed_submit_is_refused(desk, body):
    answer = desk.client.post(
        f"/exams/attempts/{desk.uuid}/submit/", data=body, content_type="application/json", headers=desk.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_response")
    assert Attempt.objects.get().status == "open"


def test_a_database_that_fails_is_503_with_retry_after_and_not_a_lie(desk, monkeypatch):
    from django.db import OperationalError

    from exams import saving

    def fail(*_arguments):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(saving, "_write", fail)
    answer = desk.save(3, 1, {"value": "1"})

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "disk" not in answer.content.decode()
    assert int(answer["Retry-After"]) >= 1
    monkeypatch.undo()
    assert desk.save(3, 1, {"value": "1"}).status_code == 200


def test_refusals_speak_the_language_of_the_paper(make_desk):
    desk = make_desk(language="zh-hans")
    desk.start()
    desk.save(3, 2, None)

    assert "答案" in desk.save(3, 1, None).json()["message"]
