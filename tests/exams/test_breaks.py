"""Breaks that stop the clock."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from exams import errors
from exams.actions.breaks import end_break, take_break
from exams.actions.delivery import close_if_overdue, close_overdue, pause_attempt, resume_attempt, start_attempt, submit_attempt
from exams.models import Attempt, AttemptBreak
from exams.queries.timing import timing_of
from tests.factories.bank import administrator
from tests.factories.exams import make_registration, make_sitting

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def attempt(now):
    """Sixty minutes, ten of them may be taken off the clock besides."""
    return start_attempt(make_registration(make_sitting(break_minutes=10)), at=now)


def test_the_clock_stands_for_as_long_as_the_break_lasts(attempt, now):
    taken = take_break(attempt, lease=attempt.lease, at=now + 5 * MINUTE)
    again = take_break(attempt, lease=attempt.lease, at=now + 6 * MINUTE)
    assert (taken.status, again.status, AttemptBreak.objects.count()) == ("paused", "paused", 1)
    assert timing_of(again)["break"]["left_seconds"] is None

    back = end_break(attempt, lease=attempt.lease, at=now + 9 * MINUTE)
    end_break(attempt, lease=attempt.lease, at=now + 11 * MINUTE)

    assert (back.status, back.paused_at, back.closes_at) == ("open", None, now + 64 * MINUTE)
    assert timing_of(back) == {"break": {"ends_by": None, "left_seconds": 360}}


def test_the_minutes_are_those_of_all_breaks_together(attempt, now):
    take_break(attempt, lease=attempt.lease, at=now)
    end_break(attempt, lease=attempt.lease, at=now + 9 * MINUTE)
    take_break(attempt, lease=attempt.lease, at=now + 20 * MINUTE)
    assert AttemptBreak.objects.get(ended_at=None).ends_by == now + 21 * MINUTE

    # Ended late, it lasted no longer than its minutes.
    back = end_break(attempt, lease=attempt.lease, at=now + 30 * MINUTE)
    assert (back.status, back.closes_at) == ("open", now + 70 * MINUTE)
    with pytest.raises(errors.NoBreakLeft):
        take_break(attempt, lease=attempt.lease, at=now + 31 * MINUTE)


@pytest.mark.parametrize("notice", ["read", "sweep"])
def test_a_break_ends_by_itself_at_the_moment_its_minutes_are_used(attempt, now, notice):
    take_break(attempt, lease=attempt.lease, at=now)
    edge = now + 10 * MINUTE
    assert close_if_overdue(attempt, at=edge - SECOND).status == "paused"

    if notice == "read":
        close_if_overdue(attempt, at=edge)
    else:
        assert close_overdue(at=edge - SECOND) == close_overdue(at=edge) == 0
    stored = Attempt.objects.get()
    assert (stored.status, stored.closes_at, AttemptBreak.objects.get().ended_at) == ("open", now + 70 * MINUTE, edge)


def test_noticed_after_the_end_of_the_exam_both_happened_in_their_order(attempt, now):
    take_break(attempt, lease=attempt.lease, at=now + 5 * MINUTE)

    assert close_overdue(at=now + 71 * MINUTE) == 1
    stored = Attempt.objects.get()
    assert (stored.status, stored.submitted_at) == ("timed_out", now + 70 * MINUTE)
    assert AttemptBreak.objects.get().ended_at == now + 15 * MINUTE


def test_who_may_not_take_a_break_is_told_why(attempt, now):
    without = start_attempt(make_registration(), at=now)
    with pytest.raises(errors.NoBreakLeft):
        take_break(without, lease=without.lease, at=now)
    with pytest.raises(errors.LeaseMoved):
        take_break(attempt, lease="another", at=now)
    with pytest.raises(errors.AttemptClosed):
        take_break(attempt, lease=attempt.lease, at=now + 60 * MINUTE)
    pause_attempt(without, by=administrator(), at=now)
    for act in (take_break, end_break):
        with pytest.raises(errors.AttemptPaused):
            act(without, lease=without.lease, at=now)
    submit_attempt(attempt, lease=attempt.lease, at=now)
    for act in (take_break, end_break):
        with pytest.raises(errors.AttemptClosed):
            act(attempt, lease=attempt.lease, at=now)
    assert AttemptBreak.objects.count() == 0


def test_an_invigilators_pause_takes_over_from_a_break_and_gives_back_both(attempt, now):
    take_break(attempt, lease=attempt.lease, at=now)
    pause_attempt(attempt, by=administrator(), at=now + 4 * MINUTE)
    with pytest.raises(errors.AttemptPaused):
        end_break(attempt, lease=attempt.lease, at=now + 5 * MINUTE)
    assert close_overdue(at=now + 50 * MINUTE) == 0

    back = resume_attempt(attempt, by=administrator(), at=now + 50 * MINUTE)
    assert (back.closes_at, timing_of(back)["break"]["left_seconds"]) == (now + 110 * MINUTE, 360)


def test_an_invigilator_may_end_a_break_too(attempt, now):
    take_break(attempt, lease=attempt.lease, at=now)

    back = resume_attempt(attempt, by=administrator(), at=now + 3 * MINUTE)
    assert (back.closes_at, AttemptBreak.objects.get().ended_at) == (now + 63 * MINUTE, now + 3 * MINUTE)


def test_the_database_keeps_breaks_as_they_were(attempt, now):
    take_break(attempt, lease=attempt.lease, at=now)
    first = AttemptBreak.objects.get()
    for change in (
        lambda: AttemptBreak.objects.create(attempt=attempt, started_at=now, ends_by=now + MINUTE),
        lambda: AttemptBreak.objects.filter(pk=first.pk).update(ends_by=now + 99 * MINUTE),
        lambda: AttemptBreak.objects.filter(pk=first.pk).update(ended_at=now + 11 * MINUTE),
        lambda: first.delete(),
        lambda: Attempt.objects.filter(pk=attempt.pk).update(break_seconds=9999),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    end_break(attempt, lease=attempt.lease, at=now + MINUTE)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptBreak.objects.filter(pk=first.pk).update(ended_at=now + 2 * MINUTE)


# --- Over HTTP --------------------------------------------------------------------------------


def post(desk, act, lease=None):
    return desk.client.post(
        f"/exams/attempts/{desk.uuid}/{act}/",
        data=json.dumps({"lease": desk.lease if lease is None else lease}),
        content_type="application/json",
        headers=desk.headers,
    )


@pytest.fixture
def resting(make_desk):
    desk = make_desk(make_registration(make_sitting(break_minutes=10)))
    desk.start()
    return desk


def test_during_a_break_no_paper_is_served_and_no_answer_taken(resting):
    assert resting.save(3, 1, {"value": "1"}).status_code == 200
    answer = post(resting, "break")

    assert (answer.status_code, answer.json()["status"]) == (200, "paused")
    assert answer.json()["break"]["ends_by"]
    for refused in (resting.save(3, 2, {"value": "2"}), resting.paper(), resting.submit()):
        assert (refused.status_code, refused.json()["code"]) == (409, "attempt_paused")
    assert resting.state().json()["break"]["ends_by"] == answer.json()["break"]["ends_by"]

    assert post(resting, "break/end").json()["status"] == "open"
    assert resting.save(3, 2, {"value": "2"}).status_code == 200
    assert resting.paper().status_code == 200


def test_the_first_save_after_the_minutes_are_used_is_taken(resting):
    """Nobody swept and nobody read: the break has ended all the same."""
    take_break(Attempt.objects.get(), lease=resting.lease, at=timezone.now() - 30 * MINUTE)
    assert Attempt.objects.get().status == "paused"

    assert resting.save(3, 1, {"value": "1"}).status_code == 200
    assert Attempt.objects.get().status == "open"


def test_another_lease_or_no_token_takes_no_break(resting):
    assert post(resting, "break", lease="another").json()["code"] == "lease_moved"
    resting.token = "forged"
    assert post(resting, "break").status_code == 401
    assert not AttemptBreak.objects.exists()


def test_a_room_without_breaks_is_told_nothing_of_them(desk):
    assert set(desk.state().json()) == {"status", "closes_at", "server_now", "lease_held", "positions"}
    assert post(desk, "break").json()["code"] == "no_break_left"
