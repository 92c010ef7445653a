"""Saves, hand-ins and starts that meet: on PostgreSQL, with real connections."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections

from exams.actions.delivery import start_attempt
from exams.models import Attempt, Registration, Response
from tests.exams.conftest import Desk
from tests.factories.exams import PersonFactory, make_paper, make_registration, make_sitting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PAIRS = 500


def together(*acts: Callable[[], Any], threads: ThreadPoolExecutor | None = None) -> list[Any]:
    """Run the acts at the same moment, each on a connection of its own; of given threads the connections stay."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=60)
            return act()
        finally:
            if threads is None:
                connections.close_all()

    if threads is not None:
        return list(threads.map(run, acts))
    with ThreadPoolExecutor(len(acts)) as own:
        return list(own.map(run, acts))


@pytest.fixture
def free_saves(settings):
    settings.EXAM_SAVES_PER_SECOND = 10_000


def test_fifty_parallel_starts_make_one_attempt():
    registration = make_registration(make_sitting(make_paper()), PersonFactory(full_name="Ada"))

    desks = [Desk(registration) for _number in range(50)]
    # One login in fifty tabs: the session is the first desk's.
    for desk in desks[1:]:
        desk.client.cookies = desks[0].client.cookies
    answers = together(*(desk.start for desk in desks))

    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({(answer.json()["attempt"], answer.json()["lease"]) for answer in answers}) == 1
    assert Attempt.objects.count() == 1


def save_after(seconds: float, desk: Desk) -> Any:
    """A save is quicker to its lock than a hand-in: with head starts of every length some of each come first."""
    time.sleep(seconds)
    return desk.save(3, 2, {"value": "2"})


def test_a_save_and_a_hand_in_that_cross_lose_nothing(free_saves):
    """500 pairs: whatever was acknowledged is on the receipt with at least that number, and is what is stored."""
    sitting = make_sitting(make_paper())
    met = {"saved": 0, "refused": 0}
    with ThreadPoolExecutor(2) as threads:
        for pair in range(PAIRS):
            desk = Desk(make_registration(sitting, PersonFactory()))
            desk.start()
            assert desk.save(3, 1, {"value": "1"}).status_code == 200
            save, receipt = together(partial(save_after, pair % 25 * 0.004, desk), desk.submit, threads=threads)
            assert receipt.status_code == 200
            marked = receipt.json()["responses"]["3"]
            if save.status_code == 200:
                met["saved"] += 1
                assert marked == 2
            else:
                met["refused"] += 1
                assert (save.status_code, save.json()["code"], marked) == (409, "attempt_closed", 1)
            assert Response.objects.get(attempt__uuid=desk.uuid).seq == marked
        together(connections.close_all, connections.close_all, threads=threads)
    assert met["saved"] + met["refused"] == PAIRS
    assert met["saved"] and met["refused"], f"the pairs did not cross: {met}"


def test_a_hand_in_waits_for_a_save_that_has_begun():
    """The order of locks, seen slowly: the save holds its shared lock, the hand-in waits, then reads what it wrote."""
    desk = Desk(make_registration(make_sitting(make_paper()), PersonFactory()))
    desk.start()
    begun, may_end = threading.Event(), threading.Event()

    def slow_save():
        from django.db import transaction

        with transaction.atomic():
            answer = desk.save(3, 7, {"value": "7"})
            begun.set()
            may_end.wait(timeout=30)
        return answer

    def hand_in():
        begun.wait(timeout=30)
        threading.Timer(0.5, may_end.set).start()
        return desk.submit()

    saved, receipt = together(slow_save, hand_in)

    assert saved.status_code == 200
    assert receipt.json()["responses"] == {"3": 7}


def test_saves_of_one_position_that_race_end_at_the_highest_number(free_saves):
    desk = Desk(make_registration(make_sitting(make_paper()), PersonFactory()))
    desk.start()

    answers = together(*(lambda seq=seq: desk.save(3, seq, {"value": str(seq)}) for seq in range(1, 21)))

    assert {answer.status_code for answer in answers} <= {200, 409}
    stored = Response.objects.get()
    assert (stored.seq, json.loads(stored.body)) == (20, {"value": "20"})
    assert max(answer.json()["seq"] for answer in answers if answer.status_code == 200) == 20


def test_the_last_place_is_given_once_to_fifty_who_ask():
    from exams.actions.registering import register_candidate
    from exams.errors import SittingFull

    sitting = make_sitting(make_paper(), capacity=1)
    people = [PersonFactory() for _number in range(20)]

    def ask(person):
        try:
            return register_candidate(sitting, candidate=person)
        except SittingFull:
            return None

    places = together(*(lambda person=person: ask(person) for person in people))

    assert len([place for place in places if place]) == Registration.objects.count() == 1


def test_one_save_is_one_prepared_statement_and_few_bytes_of_wal(free_saves):
    desk = Desk(make_registration(make_sitting(make_paper()), PersonFactory()))
    desk.start()
    for seq in range(1, 20):
        desk.save(3, seq, {"value": str(seq)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%FOR SHARE%%'")
        assert cursor.fetchone()[0] >= 1
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        before = cursor.fetchone()[0]
        for seq in range(20, 120):
            assert desk.save(3, seq, {"value": str(seq)}).status_code == 200
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", [before])
        assert cursor.fetchone()[0] / 100 <= 600


def test_a_dropped_connection_costs_a_retry_and_no_answer(free_saves):
    desk = Desk(make_registration(make_sitting(make_paper()), PersonFactory()))
    desk.start()
    desk.save(3, 1, {"value": "1"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]

    def kill():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])

    together(kill)

    assert desk.save(3, 2, {"value": "2"}).status_code == 200


def test_start_attempt_in_parallel_from_two_logins_ends_with_one_lease():
    registration = make_registration(make_sitting(make_paper()), PersonFactory())

    attempts = together(*(lambda key=key: start_attempt(registration, session_key=f"s{key}") for key in range(10)))

    assert len({attempt.pk for attempt in attempts}) == 1
    stored = Attempt.objects.get()
    assert stored.lease in {attempt.lease for attempt in attempts if attempt.session_key == stored.session_key}
