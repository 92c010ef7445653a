"""For every accommodation and every shape of sitting: no deadline, window or closing date ignores it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams import errors
from exams.actions.accommodations import grant_accommodation
from exams.actions.added_time import add_time, add_time_to_all
from exams.actions.breaks import end_break, take_break
from exams.actions.delivery import close_overdue, pause_attempt, resume_attempt, start_attempt
from exams.actions.registering import register_candidate
from exams.actions.sittings import close_sitting
from exams.models import Accommodation, Attempt, Registration, Sitting, SittingStaff
from exams.queries.invigilation import seated, seats_of
from exams.queries.registrations import open_sittings, own_times, standing_of
from exams.rules.deadlines import LONGEST_WAIT, Conditions, conditions_of, pause_ends_at, times_for, times_in, together
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator
from tests.factories.exams import make_paper

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def minutes_of(number: int) -> timedelta:
    return timedelta(minutes=number)


all_conditions = st.builds(
    Conditions,
    extra_time_percent=st.integers(0, 200),
    break_minutes=st.integers(0, 240),
    contrast=st.sampled_from(Accommodation.Contrast.values),
    text_size=st.sampled_from(Accommodation.TextSize.values),
    has_reader=st.booleans(),
    has_separate_room=st.booleans(),
    is_exempt_from_lockdown=st.booleans(),
)
sittings = st.builds(
    Sitting,
    opens_at=st.just(NOON),
    closes_at=st.integers(1, 1500).map(lambda number: NOON + minutes_of(number)),
    minutes=st.integers(1, 600),
    grace_seconds=st.integers(0, 600),
    break_minutes=st.integers(0, 240),
)
starts = st.integers(0, 1500).map(lambda number: NOON + minutes_of(number))


@given(conditions=all_conditions, sitting=sittings, started_at=starts)
def test_every_time_of_a_person_knows_their_extra_time_and_their_breaks(conditions, sitting, started_at):
    times = times_in(sitting, conditions, started_at=started_at)
    plain = times_in(sitting, Conditions(), started_at=started_at)
    extra = minutes_of(sitting.minutes) * conditions.extra_time_percent / 100

    assert times.start_by - plain.start_by == times.allowed - plain.allowed == times.closes_at - plain.closes_at == extra
    assert times.accept_until - times.closes_at == timedelta(seconds=sitting.grace_seconds)
    assert times.break_time == minutes_of(sitting.break_minutes + conditions.break_minutes)
    assert times.latest_end - plain.latest_end == extra + minutes_of(conditions.break_minutes)
    # The door shuts when there would be nothing left to write in, and not a second before.
    assert times_in(sitting, conditions, started_at=times.start_by).closes_at <= times.start_by
    assert times_in(sitting, conditions, started_at=times.start_by - SECOND).closes_at >= times.start_by - SECOND + min(
        SECOND, times.allowed
    )


@given(granted=st.lists(all_conditions, max_size=4))
def test_of_several_the_most_generous_of_each_kind_counts(granted):
    rows = [Accommodation(pk=number, **conditions._asdict()) for number, conditions in enumerate(granted, start=1)]
    most = together(rows)

    for name in Conditions._fields:
        values = [getattr(conditions, name) for conditions in granted] or [getattr(Conditions(), name)]
        if name == "contrast":
            assert most.contrast in values
            assert (most.contrast == "normal") == all(value == "normal" for value in values)
        else:
            assert getattr(most, name) == max(values)


# What happens to the clock of one attempt: (act, for how many minutes).
happenings = st.lists(
    st.tuples(st.sampled_from(["write", "break", "pause", "added", "added to all"]), st.integers(1, 40)), max_size=6
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    conditions=all_conditions.filter(lambda conditions: conditions != Conditions()),
    minutes=st.integers(10, 180),
    slack=st.integers(0, 60),
    everybodys_break=st.integers(0, 30),
    starts_after=st.integers(0, 400),
    happenings=happenings,
)
def test_no_end_of_an_attempt_ignores_an_entitlement_a_break_a_pause_or_added_time(
    conditions, minutes, slack, everybodys_break, starts_after, happenings, paper
):
    """The whole way through the actions, against a sum of what was given."""
    ada = UserFactory(time_zone="Asia/Shanghai")
    day = NOON.date()
    grant_accommodation(ada, valid_from=day, valid_until=day + timedelta(days=2), by=administrator(), **conditions._asdict())
    sitting = Sitting.objects.create(
        exam=paper.exam, paper=paper, code=f"s-{Sitting.objects.count()}", name="S", opens_at=NOON, capacity=5,
        closes_at=NOON + minutes_of(minutes + slack), minutes=minutes, grace_seconds=0, break_minutes=everybodys_break,
    )  # fmt: skip
    extra = minutes_of(minutes) * conditions.extra_time_percent / 100
    registration = Registration.objects.create(sitting=sitting, candidate=ada, registered_at=NOON)
    at = NOON + minutes_of(starts_after)

    # The window.
    if at >= sitting.closes_at + extra:
        with pytest.raises(errors.SittingClosed):
            start_attempt(registration, at=at)
        return
    attempt = start_attempt(registration, at=at)
    ends = min(at + minutes_of(minutes) + extra, sitting.closes_at + extra)
    left = minutes_of(everybodys_break + conditions.break_minutes)

    # The deadline, whatever happens.
    assert (attempt.closes_at, attempt.break_seconds) == (ends, left.total_seconds())
    for act, number in happenings:
        span = minutes_of(number)
        if at + SECOND >= ends:
            break
        if act == "write":
            at = min(at + span, ends - SECOND)
        elif act == "break":
            if left < SECOND:
                with pytest.raises(errors.NoBreakLeft):
                    take_break(attempt, lease=attempt.lease, at=at)
                continue
            take_break(attempt, lease=attempt.lease, at=at)
            lasted = min(span, left)
            at, left, ends = at + span, left - lasted, ends + lasted
            attempt = end_break(attempt, lease=attempt.lease, at=at) if at <= ends else attempt
        elif act == "pause":
            pause_attempt(attempt, by=administrator(), at=at)
            at, ends = at + span, ends + span
            resume_attempt(attempt, by=administrator(), at=at)
        elif act == "added":
            add_time(attempt, minutes=number, category="technical", by=administrator(), at=at)
            ends += span
        else:
            add_time_to_all(sitting, minutes=number, category="technical", by=administrator(), at=at)
            ends += span
    sitting.refresh_from_db()
    attempt.refresh_from_db()
    close_overdue(at=min(at, ends))
    assert Attempt.objects.get(pk=attempt.pk).closes_at == ends

    # The end of a pause that nobody ends, and the closing of the sitting.
    assert pause_ends_at(Attempt.objects.get(pk=attempt.pk)) >= ends + left + LONGEST_WAIT
    assert close_overdue(at=ends) == 0 or at > ends
    with pytest.raises(errors.SittingStillRuns):
        close_sitting(sitting, by=administrator(), at=min(sitting.closes_at, ends) - SECOND)
    close_overdue(at=max(at, ends) + SECOND)
    assert Attempt.objects.get(pk=attempt.pk).submitted_at == ends


@pytest.fixture
def paper(db):
    return make_paper()


# --- Every place that tells or judges one person's time ----------------------------------------


@pytest.fixture
def late(paper):
    """A sitting whose own end was five minutes ago, and Ada with a quarter more of its hour: ten minutes are left."""
    now = timezone.now()
    sitting = Sitting.objects.create(
        exam=paper.exam, paper=paper, code="late", name="Late", opens_at=now - timedelta(hours=2), capacity=5,
        closes_at=now - minutes_of(5), minutes=60, grace_seconds=0,
    )  # fmt: skip
    ada, ben = UserFactory(full_name="Ada"), UserFactory(full_name="Ben")
    today = now.date()
    span = {"valid_from": today - timedelta(days=1), "valid_until": today + timedelta(days=1)}
    grant_accommodation(ada, extra_time_percent=25, break_minutes=15, **span, by=administrator())
    return sitting, ada, ben, now


def test_registering_listing_and_starting_know_the_persons_own_end(late):
    sitting, ada, ben, now = late

    assert (sitting in open_sittings(ada), sitting in open_sittings(ben)) == (True, False)
    with pytest.raises(errors.SittingClosed):
        register_candidate(sitting, candidate=ben)
    registration = register_candidate(sitting, candidate=ada)
    assert standing_of(registration, at=now).word == "open"
    assert own_times(registration, at=now).start_by == sitting.closes_at + minutes_of(15)

    edge = sitting.closes_at + minutes_of(15)
    assert standing_of(registration, at=edge).word == "missed"
    assert sitting not in open_sittings(ada, at=edge)
    with pytest.raises(errors.SittingClosed):
        start_attempt(registration, at=edge)
    assert start_attempt(registration, at=edge - SECOND).closes_at == edge


def test_a_sitting_is_not_closed_while_somebody_with_extra_time_may_still_start(late):
    sitting, ada, _ben, now = late
    registration = register_candidate(sitting, candidate=ada)
    edge = sitting.closes_at + minutes_of(15)

    for at in (now, edge - SECOND):
        with pytest.raises(errors.SittingStillRuns, match="extra time"):
            close_sitting(sitting, by=administrator(), at=at)
    attempt = start_attempt(registration, at=edge - minutes_of(1))
    with pytest.raises(errors.SittingStillRuns):
        close_sitting(sitting, by=administrator(), at=edge + minutes_of(1))
    close_overdue(at=edge + SECOND)
    assert Attempt.objects.get(pk=attempt.pk).submitted_at == edge
    assert close_sitting(sitting, by=administrator(), at=edge + SECOND).status == "closed"


def test_pages_tell_the_persons_own_times(late, client):
    sitting, ada, _ben, _now = late
    registration = register_candidate(sitting, candidate=ada)
    client.force_login(ada)

    page = client.get(f"/exams/registrations/{registration.uuid}/").content.decode()
    assert "75 minutes" in page
    assert "15 minutes in all" in page
    assert "+25 % time, 15 min of breaks" in page
    assert "75" in client.get("/exams/sittings/").content.decode()
    assert "Get ready to start" in client.get("/exams/").content.decode()
    assert "it takes 75 minutes" in client.get("/home/", follow=True).content.decode()


def test_whoever_watches_sees_effects_and_never_the_reason(late, client):
    sitting, ada, _ben, now = late
    Accommodation.objects.update(reason="DIAGNOSIS")
    register_candidate(sitting, candidate=ada)
    dan = UserFactory(full_name="Dan")
    SittingStaff.objects.create(sitting=sitting, user=dan, duty="invigilator")

    [seat] = seats_of(seated(sitting), sitting, at=now)
    assert seat.effects == ["+25 % time", "15 min of breaks"]
    assert "DIAGNOSIS" not in repr(seat)


# --- Days -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "counts"),
    [
        # In Shanghai the 23rd begins at 16:00 UTC of the 22nd; in UTC it ends eight hours after Shanghai's.
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 0, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_day_counts_where_the_candidate_is_and_in_utc(at, counts):
    ada, day = UserFactory(time_zone="Asia/Shanghai"), date(2026, 11, 23)
    grant_accommodation(ada, extra_time_percent=50, valid_from=day, valid_until=day, by=administrator())

    assert conditions_of(ada, at=at).extra_time_percent == (50 if counts else 0)


@pytest.mark.django_db
def test_before_it_opens_the_day_of_the_sitting_counts(paper):
    ada, day = UserFactory(time_zone="UTC"), date(2026, 11, 23)
    grant_accommodation(ada, extra_time_percent=50, valid_from=day, valid_until=day, by=administrator())
    sitting = Sitting(exam=paper.exam, paper=paper, opens_at=NOON, closes_at=NOON + timedelta(hours=5), minutes=60)

    assert times_for(ada, sitting, at=NOON - timedelta(days=9)).minutes == 90
    assert times_for(ada, sitting, at=NOON + timedelta(days=1)).minutes == 60
