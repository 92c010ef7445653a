"""A save and the leaving of its section that meet: on PostgreSQL, with real connections, seen slowly."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import transaction

from exams.models import AttemptSection, Response
from tests.exams.conftest import Desk
from tests.exams.test_crossing import together
from tests.exams.test_sections import ruled_paper
from tests.factories.exams import PersonFactory, make_registration, make_sitting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk():
    desk = Desk(make_registration(make_sitting(ruled_paper()), PersonFactory()))
    desk.start()
    assert enter(desk, 1).status_code == 200
    return desk


def enter(desk: Desk, number: int) -> Any:
    return desk.client.post(
        f"/exams/attempts/{desk.uuid}/sections/{number}/open/",
        data=json.dumps({"lease": desk.lease}),
        content_type="application/json",
        headers=desk.headers,
    )


def held(first, second):
    """`first` in a transaction that stays open until `second` has had half a second to run into its locks."""
    begun, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            answer = first()
            begun.set()
            may_end.wait(timeout=30)
        return answer

    def quick():
        begun.wait(timeout=30)
        threading.Timer(0.5, may_end.set).start()
        answer = second()
        assert may_end.is_set(), "it did not wait"
        return answer

    return together(slow, quick)


def test_leaving_a_section_waits_for_a_save_that_has_begun(desk):
    save, left = held(lambda: desk.save(1, 7, None), lambda: enter(desk, 2))
    assert (save.status_code, left.status_code) == (200, 200)
    assert Response.objects.get().seq == 7
    assert AttemptSection.objects.get(number=1).left_at is not None


def test_a_save_that_waited_while_its_section_was_left_is_refused(desk):
    left, save = held(lambda: enter(desk, 2), lambda: desk.save(1, 7, None))
    assert left.status_code == 200
    assert (save.status_code, save.json()["code"]) == (409, "section_closed")
    assert not Response.objects.exists()
