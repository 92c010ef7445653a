"""The site as it really runs, with parts of it torn out: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from accounts.models import User
from certificates.actions.decisions import decide_application
from certificates.models import Application, Certificate, RenderedDocument
from common.integrity import run_checks
from exams.models import Attempt, Response, Result
from tests.exams.conftest import Desk
from tests.factories.accounts import UserFactory
from tests.factories.certificates import complete_course, make_officer
from tests.factories.exams import make_paper, make_registration, make_sitting
from tests.factories.results import release_result
from tests.harness.processes import Valkey, WebServer, Worker, wait_until
from tests.journeys.world import make_road

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

CANDIDATES = 6
SAVES = {True: 60, False: 15}  # whoever goes on after the accident, and whoever hands in before or amid it
NUMBER, TEXT = 3, 4
RETRY_SECONDS = 0.2


@pytest.fixture
def free_saves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for before the server: it reads this when it starts."""
    monkeypatch.setenv("EXAM_SAVES_PER_SECOND", "1000")


def test_the_broker_stops_an_exam_is_passed_the_broker_starts_and_the_certificate_appears_once(
    worker: Worker, broker: Valkey
) -> None:
    road, eve = make_road(), make_officer()
    ada = UserFactory(full_name="Ada Byron", family_name="Byron")
    complete_course(ada, road.course)
    desk = Desk(make_registration(road.sitting, ada))

    broker.stop()
    desk.start()
    answer_right(desk)
    assert desk.submit().status_code == 200
    assert not Result.objects.exists()
    broker.start()
    wait_until(lambda: Result.objects.exists(), f"nobody scored the attempt:\n{worker.said()[-2000:]}")
    broker.stop()
    release_result(Result.objects.get(), by=eve)
    broker.start()
    wait_until(lambda: Application.objects.exists(), f"no application was opened:\n{worker.said()[-2000:]}")
    decide_application(Application.objects.get(), outcome="granted", reasons="All requirements are met.", by=eve)
    wait_until(lambda: RenderedDocument.objects.filter(status="stored").exists(), f"no PDF:\n{worker.said()[-2000:]}", 90)

    assert Result.objects.get().outcome == "passed"
    assert Certificate.objects.get().holder == ada
    assert (Application.objects.count(), RenderedDocument.objects.count()) == (1, 1)
    assert violations() == []


def answer_right(desk: Desk) -> None:
    """Right answers as Ada reads them off her paper: the option's words, for its id is hers alone."""
    positions = desk.positions()

    def option(position: int, *words: str) -> list[str]:
        return [each["id"] for each in positions[position]["options"] if any(word in each["text"] for word in words)]

    answers: dict[int, Any] = {
        1: {"choice": option(1, "Option 2")[0]},
        2: {"choices": option(2, "Option 1", "Option 2")},
        NUMBER: {"value": "3.14"},
        TEXT: {"text": "SECRETWORD"},
    }
    for position, response in answers.items():
        assert desk.save(position, 1, response).status_code == 200


def test_kill_nine_under_load_loses_no_acknowledged_answer(free_saves: None, web_server: WebServer, worker: Worker) -> None:
    """Six candidates save without a pause; the power fails; they go on where they were and hand in."""
    sitting = make_sitting(make_paper())
    rooms = []
    for number in range(CANDIDATES):
        desk = Desk(make_registration(sitting, person(number)))
        desk.start()
        rooms.append(Room(desk, web_server.url, saves=SAVES[number % 2 == 0]))
    with ThreadPoolExecutor(CANDIDATES) as candidates:
        sitting_there = [candidates.submit(room.sit) for room in rooms]
        try:
            wait_until(lambda: sum(sum(room.acknowledged.values()) for room in rooms) > 60, "too few answers were saved")
            web_server.kill()
            worker.kill()
            assert any(not room.receipt for room in rooms), "the accident came too late to disturb anybody"
            web_server.start()
            worker.start()
            for each in sitting_there:
                each.result(timeout=120)
        finally:
            for room in rooms:
                room.is_over = True
    wait_until(lambda: Result.objects.count() == CANDIDATES, f"not everybody was scored:\n{worker.said()[-2000:]}", 90)

    for room in rooms:
        assert room.receipt["responses"] == {str(position): seq for position, seq in room.acknowledged.items()}
        stored = Response.objects.filter(attempt__uuid=room.desk.uuid)
        assert {row.position: json.loads(row.body) for row in stored} == {
            position: answer_of(position, seq) for position, seq in room.acknowledged.items()
        }
    assert any(room.was_cut_off for room in rooms)
    assert set(Attempt.objects.values_list("status", flat=True)) == {Attempt.Status.SUBMITTED}
    assert violations() == []


def person(number: int) -> User:
    return UserFactory(full_name=f"Candidate {number}")


def answer_of(position: int, seq: int) -> dict[str, str]:
    return {"value": str(seq)} if position == NUMBER else {"text": f"answer {seq}"}


class Room:
    """A candidate's page: the same answer again until it is acknowledged, then the next one, in the end the receipt."""

    def __init__(self, desk: Desk, site: str, *, saves: int) -> None:
        self.desk, self.site, self.saves = desk, site, saves
        self.acknowledged: dict[int, int] = {}
        self.receipt: dict[str, Any] = {}
        self.was_cut_off = self.is_over = False
        self.browser = requests.Session()
        self.browser.cookies.update({name: morsel.value for name, morsel in desk.client.cookies.items()})
        self.browser.headers.update(desk.headers)

    def sit(self) -> None:
        for number in range(self.saves):
            position, seq = (NUMBER, TEXT)[number % 2], number // 2 + 1
            body = {"seq": seq, "lease": self.desk.lease, "response": answer_of(position, seq)}
            self.insist(lambda p=position, b=body: self.browser.put(self.address(f"responses/{p}/"), json=b, timeout=10))
            self.acknowledged[position] = seq
        self.receipt = self.insist(
            lambda: self.browser.post(self.address("submit/"), json={"lease": self.desk.lease}, timeout=10)
        )

    def address(self, door: str) -> str:
        return f"{self.site}/exams/attempts/{self.desk.uuid}/{door}"

    def insist(self, send: Callable[[], requests.Response]) -> dict[str, Any]:
        while not self.is_over:
            try:
                answer = send()
            except requests.RequestException:
                self.was_cut_off = True
                time.sleep(RETRY_SECONDS)
                continue
            if answer.status_code == 200:
                return answer.json()
            assert answer.status_code in (429, 503), answer.text
        raise RuntimeError("The sitting was ended.")


def violations() -> list[Any]:
    return [found for check in run_checks() for found in check["rows"]]
