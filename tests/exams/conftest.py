"""A candidate at the door of the room, as a plain HTTP client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from exams import saving
from tests.factories.accounts import UserFactory
from tests.factories.exams import make_registration


class Desk:
    """One candidate with a browser: everything goes over HTTP and knows only the contract."""

    def __init__(self, registration: Any = None, client: Client | None = None, **fields: Any) -> None:
        self.registration = registration or make_registration(candidate=UserFactory(full_name="Ada"), **fields)
        self.client = client or Client(enforce_csrf_checks=False)
        if client is None:
            self.client.force_login(self.registration.candidate)

    def start(self) -> Any:
        answer = self.client.post(
            f"/exams/registrations/{self.registration.uuid}/start/", headers={"accept": "application/json"}
        )
        if answer.status_code in (200, 201):
            content = answer.json()
            self.uuid, self.token, self.lease = content["attempt"], content["token"], content["lease"]
        return answer

    @property
    def headers(self) -> dict[str, str]:
        return {"x-attempt-token": self.token}

    def paper(self) -> Any:
        return self.client.get(f"/exams/attempts/{self.uuid}/paper/", headers=self.headers)

    def positions(self) -> dict[int, dict[str, Any]]:
        return {
            position["position"]: position for section in self.paper().json()["sections"] for position in section["positions"]
        }

    def state(self, query: str = "") -> Any:
        return self.client.get(f"/exams/attempts/{self.uuid}/state/{query}", headers=self.headers)

    def put(self, position: int, body: Any, *, uuid: str = "", token: str | None = None) -> Any:
        raw = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.put(
            f"/exams/attempts/{uuid or self.uuid}/responses/{position}/",
            data=raw,
            content_type="application/json",
            headers={"x-attempt-token": self.token if token is None else token},
        )

    def save(self, position: int, seq: int, response: Any, **more: Any) -> Any:
        return self.put(position, {"seq": seq, "lease": self.lease, "response": response, **more})

    def submit(self) -> Any:
        return self.client.post(
            f"/exams/attempts/{self.uuid}/submit/",
            data=json.dumps({"lease": self.lease}),
            content_type="application/json",
            headers=self.headers,
        )


@pytest.fixture
def make_desk() -> Callable[..., Desk]:
    return Desk


@pytest.fixture
def desk(db: None) -> Desk:
    """Ada, with a started exam."""
    desk = Desk()
    assert desk.start().status_code == 201
    return desk


@pytest.fixture(autouse=True)
def _fresh_process() -> None:
    """What one process keeps between saves belongs to no other test."""
    saving._buckets.clear()
    saving._shapes.clear()
