"""Time added while an exam runs, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from common.errors import NotPermitted
from exams import errors
from exams.actions.added_time import add_time, add_time_to_all, take_time_back
from exams.actions.breaks import take_break
from exams.actions.delivery import close_overdue, pause_attempt, resume_attempt, start_attempt, submit_attempt
from exams.models import AddedTime, Attempt, Sitting, SittingStaff, TimeGrant
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator
from tests.factories.exams import make_registration, make_sitting

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def dan():
    return UserFactory(full_name="Dan")


@pytest.fixture
def attempt(now, dan):
    attempt = start_attempt(make_registration(make_sitting(closes_at=now + HOUR)), at=now)
    SittingStaff.objects.create(sitting=attempt.registration.sitting, user=dan, duty="invigilator")
    return attempt


def stored(attempt):
    return Attempt.objects.get(pk=attempt.pk)


def test_added_time_moves_the_deadline_beyond_the_end_of_the_sitting(attempt, now, dan):
    grant = add_time(attempt, minutes=15, category="technical", note="The network failed", by=dan, at=now + MINUTE)

    after = stored(attempt)
    assert (after.closes_at, after.accept_until, after.added_seconds) == (now + 75 * MINUTE, now + 75 * MINUTE, 900)
    assert list(grant.parts.values_list("attempt", "seconds")) == [(attempt.pk, 900)]
    entry = AuditEntry.objects.get(act="attempt.time_added")
    assert (entry.actor_id, entry.details) == (dan.pk, {"seconds": 900, "category": "technical"})
    assert close_overdue(at=now + 75 * MINUTE) == 0
    assert close_overdue(at=now + 75 * MINUTE + timedelta(seconds=1)) == 1


def test_added_to_all_everybody_who_writes_has_it_and_the_end_moves_for_those_who_have_not_started(attempt, now, dan):
    sitting = attempt.registration.sitting
    paused, handed_in = (start_attempt(make_registration(sitting), at=now) for _number in range(2))
    elsewhere = start_attempt(make_registration(), at=now)
    to_come = make_registration(sitting)
    pause_attempt(paused, by=dan, at=now)
    submit_attempt(handed_in, lease=handed_in.lease, at=now)

    grant = add_time_to_all(sitting, minutes=10, category="environment", by=dan, at=now + 5 * MINUTE)

    assert Sitting.objects.get(pk=sitting.pk).closes_at == now + 70 * MINUTE
    assert stored(attempt).closes_at == stored(paused).closes_at == now + 70 * MINUTE
    assert (stored(handed_in).closes_at, stored(elsewhere).closes_at) == (now + HOUR, elsewhere.closes_at)
    assert set(grant.parts.values_list("attempt", flat=True)) == {attempt.pk, paused.pk}
    assert start_attempt(to_come, at=now + 10 * MINUTE).closes_at == now + 70 * MINUTE
    assert resume_attempt(paused, by=dan, at=now + 3 * MINUTE).closes_at == now + 73 * MINUTE
    assert AuditEntry.objects.get(act="sitting.time_added").details["attempts"] == 2


def test_taken_back_it_is_a_negative_grant_and_no_deadline_falls_before_now(attempt, now, dan):
    early = add_time(attempt, minutes=10, category="staff", by=dan, at=now)
    take_time_back(early, by=dan, at=now + MINUTE)
    assert (stored(attempt).closes_at, stored(attempt).added_seconds) == (now + HOUR, 0)

    late = add_time(attempt, minutes=10, category="staff", by=dan, at=now + MINUTE)
    undoing = take_time_back(late, by=dan, at=now + 66 * MINUTE)

    assert (undoing.seconds, undoing.undoes) == (-240, late)
    assert stored(attempt).closes_at == now + 66 * MINUTE
    for grant in (early, late, undoing):
        with pytest.raises(errors.TimeNotGrantable):
            take_time_back(grant, by=dan, at=now + 66 * MINUTE)
    assert AuditEntry.objects.filter(act="sitting.time_taken_back").count() == 2


def test_taken_back_from_all_the_end_goes_back_too_and_a_standing_clock_is_looked_at_where_it_stands(attempt, now, dan):
    sitting = attempt.registration.sitting
    pause_attempt(attempt, by=dan, at=now + 58 * MINUTE)
    grant = add_time_to_all(sitting, minutes=10, category="other", by=dan, at=now + 59 * MINUTE)
    take_time_back(grant, by=dan, at=now + 65 * MINUTE)

    # Two minutes were left when the clock stopped, twelve with the grant: all ten can go.
    assert stored(attempt).closes_at == now + HOUR
    assert Sitting.objects.get(pk=sitting.pk).closes_at == now + 65 * MINUTE
    assert resume_attempt(attempt, by=dan, at=now + 70 * MINUTE).closes_at == now + 72 * MINUTE


def test_a_grant_of_which_nothing_is_left_cannot_be_taken_back(attempt, now, dan):
    grant = add_time(attempt, minutes=10, category="other", by=dan, at=now)
    submit_attempt(attempt, lease=attempt.lease, at=now + MINUTE)

    with pytest.raises(errors.TimeNotGrantable):
        take_time_back(grant, by=dan, at=now + 2 * MINUTE)
    assert TimeGrant.objects.count() == 1


def test_time_is_added_during_a_break_too(now):
    attempt = start_attempt(make_registration(make_sitting(break_minutes=5)), at=now)
    take_break(attempt, lease=attempt.lease, at=now)
    add_time(attempt, minutes=1, category="other", by=administrator(), at=now + MINUTE)

    assert close_overdue(at=now + 5 * MINUTE) == 0
    assert (stored(attempt).status, stored(attempt).closes_at) == ("open", now + 66 * MINUTE)


def test_only_those_on_duty_add_time_and_only_to_what_runs(attempt, now, dan):
    sitting = attempt.registration.sitting
    for person in (attempt.registration.candidate, UserFactory()):
        with pytest.raises(NotPermitted):
            add_time(attempt, minutes=5, category="other", by=person, at=now)
        with pytest.raises(NotPermitted):
            add_time_to_all(sitting, minutes=5, category="other", by=person, at=now)
    grant = add_time(attempt, minutes=5, category="other", by=dan, at=now)
    with pytest.raises(NotPermitted):
        take_time_back(grant, by=UserFactory(), at=now)
    for minutes, category in ((0, "other"), (-5, "other"), (241, "other"), (5, "weather")):
        with pytest.raises(errors.TimeNotGrantable):
            add_time(attempt, minutes=minutes, category=category, by=dan, at=now)
    with pytest.raises(errors.IllegalMove):
        add_time_to_all(make_sitting(opens_at=now + HOUR), minutes=5, category="other", by=administrator(), at=now)
    with pytest.raises(errors.SittingCancelled):
        add_time_to_all(make_sitting(status="cancelled"), minutes=5, category="other", by=administrator(), at=now)
    # At the deadline itself it is not too late; after it, it is.
    add_time(attempt, minutes=1, category="other", by=dan, at=now + 65 * MINUTE)
    with pytest.raises(errors.AttemptClosed):
        add_time(attempt, minutes=5, category="other", by=dan, at=now + 67 * MINUTE)


def test_the_database_keeps_grants_as_they_were(attempt, dan):
    grant = add_time(attempt, minutes=5, category="other", by=dan)
    rows = TimeGrant.objects.filter(pk=grant.pk), AddedTime.objects.filter(grant=grant)
    for change in (
        lambda: rows[0].update(seconds=1),
        lambda: rows[0].update(note="changed"),
        lambda: rows[1].update(seconds=1),
        lambda: rows[1].delete(),
        lambda: TimeGrant.objects.create(
            sitting=grant.sitting, seconds=-5, category="other", granted_by=dan, granted_at=timezone.now()
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_room_hears_of_it_with_its_next_question_and_with_every_save(desk):
    before = desk.state().json()
    attempt = Attempt.objects.get()
    add_time(attempt, minutes=5, category="technical", by=administrator())

    after = desk.state().json()
    assert ("added_seconds" in before, after["added_seconds"]) == (False, 300)
    assert after["closes_at"] > before["closes_at"]
    assert desk.save(3, 1, {"value": "1"}).json()["closes_at"] == after["closes_at"]


def test_adding_to_many_takes_as_many_queries_as_to_few(now, dan, django_assert_max_num_queries):
    counts, officer = [], administrator()
    for number in (1, 1, 12):
        sitting = make_sitting()
        for _seat in range(number):
            start_attempt(make_registration(sitting), at=now)
        with django_assert_max_num_queries(40) as counted:
            add_time_to_all(sitting, minutes=5, category="other", by=officer, at=now)
        counts.append(len(counted))
    # The first one also reads the officer's roles.
    assert counts[1] == counts[2]


def test_check_integrity_finds_time_without_a_grant_and_breaks_beyond_their_minutes(attempt, now, dan):
    from exams.integrity.timing import added_time_is_granted, breaks_are_bounded, breaks_end
    from exams.models import AttemptBreak

    add_time(attempt, minutes=5, category="other", by=dan, at=now)
    resting = start_attempt(make_registration(make_sitting(break_minutes=5)), at=now - HOUR / 2)
    take_break(resting, lease=resting.lease, at=now - 20 * MINUTE)
    assert [list(check()) for check in (added_time_is_granted, breaks_are_bounded)] == [[], []]
    assert [found.problem for found in breaks_end()] == ["its minutes are used and nobody ended it"]

    Attempt.objects.filter(pk=attempt.pk).update(added_seconds=999)
    AttemptBreak.objects.create(attempt=attempt, started_at=now, ends_by=now + MINUTE, ended_at=now + MINUTE)
    assert [found.problem for found in added_time_is_granted()] == ["999 s were added and 300 s granted"]
    assert [found.row for found in breaks_are_bounded()] == [f"attempt {attempt.pk}"]
