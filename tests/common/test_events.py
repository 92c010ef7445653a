"""News and rings leave after the commit, and can fail no act."""

from __future__ import annotations

import pytest
from celery import shared_task
from django.db import transaction
from django.dispatch import Signal

from common.events import announce, ring

noted = Signal()


@shared_task
def note_task(number: int) -> None:
    heard.append(number)


heard: list[int] = []


@pytest.fixture(autouse=True)
def _nothing_heard():
    heard.clear()
    yield
    noted.receivers.clear()
    noted.sender_receivers_cache.clear()


def hear(sender, number, **kwargs):
    heard.append(number)


def fail(sender, **kwargs):
    raise RuntimeError("a receiver of another package is broken")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_before_the_commit_or_after_a_rollback():
    noted.connect(hear)
    with transaction.atomic():
        announce(noted, number=1)
        assert heard == []
    assert heard == [1]

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce(noted, number=2)
        raise ZeroDivisionError
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_a_broken_receiver_stops_neither_the_act_nor_the_others(caplog):
    noted.connect(fail)
    noted.connect(hear)

    with transaction.atomic():
        announce(noted, number=3)

    assert heard == [3]
    assert "receiver_failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_an_act_succeeds_although_the_broker_is_away():
    with transaction.atomic():
        ring(note_task, 4)

    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_ring_reaches_the_task(eager_tasks):
    with transaction.atomic():
        ring(note_task, 5)
        assert heard == []

    assert heard == [5]


@pytest.mark.django_db(transaction=True)
def test_a_ring_lies_in_the_broker_once(broker):
    with transaction.atomic():
        ring(note_task, 6)

    assert broker.client.llen("default") == 1
