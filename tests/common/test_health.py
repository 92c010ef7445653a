"""/healthz says that the process lives, /readyz that what it needs answers."""

from __future__ import annotations

import pytest


def test_the_process_answers_without_asking_anything(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_everything_answers(client, broker):
    answer = client.get("/readyz")

    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "status": "ready",
        "parts": {name: {"ok": True} for name in ("database", "migrations", "broker", "storage")},
    }


@pytest.mark.django_db
def test_not_ready_without_the_broker_and_no_address_is_told(client):
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["parts"]["database"] == {"ok": True}
    assert answer.json()["parts"]["broker"] == {"ok": False, "error": "OperationalError"}


@pytest.mark.django_db
def test_a_storage_that_cannot_be_written_is_named(client, broker, settings, monkeypatch):
    from django.core.files.storage import FileSystemStorage

    def refuse(self, name, content, max_length=None):
        raise PermissionError(f"no writing in {settings.PRIVATE_ROOT}")

    monkeypatch.setattr(FileSystemStorage, "save", refuse)

    assert client.get("/readyz").json()["parts"]["storage"] == {"ok": False, "error": "PermissionError"}
