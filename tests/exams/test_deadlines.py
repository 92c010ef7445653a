"""One function computes every deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.models import Accommodation
from exams.rules.deadlines import deadlines, deadlines_for
from tests.factories.exams import PersonFactory, make_registration, make_sitting

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

minutes = st.integers(1, 600)
percents = st.integers(0, 200)
graces = st.integers(0, 600)
to_the_end = st.integers(-60, 2000).map(lambda number: timedelta(minutes=number))
pauses = st.integers(0, 7200).map(lambda number: timedelta(seconds=number))


@given(minutes=minutes, percent=percents, grace=graces, to_end=to_the_end, paused=pauses)
def test_deadlines_keep_their_promises(minutes, percent, grace, to_end, paused):
    ends = deadlines(
        started_at=NOON,
        minutes=minutes,
        sitting_closes_at=NOON + to_end,
        grace_seconds=grace,
        extra_time_percent=percent,
        paused=paused,
    )
    allowed = timedelta(minutes=minutes)

    assert ends.accept_until - ends.closes_at == timedelta(seconds=grace)
    # Never more than one's own minutes, never beyond the sitting's end and one's extra time.
    assert ends.closes_at - paused - NOON <= allowed * (100 + percent) / 100
    assert ends.closes_at - paused <= NOON + to_end + allowed * percent / 100
    # Whoever starts in time loses nothing.
    if to_end >= allowed:
        assert ends.closes_at - paused - NOON == allowed * (100 + percent) / 100


@given(minutes=minutes, less=percents, more=percents, to_end=to_the_end)
def test_more_extra_time_is_never_less_time(minutes, less, more, to_end):
    less, more = sorted((less, more))
    with_less, with_more = (
        deadlines(started_at=NOON, minutes=minutes, sitting_closes_at=NOON + to_end, extra_time_percent=percent)
        for percent in (less, more)
    )
    assert with_less.closes_at <= with_more.closes_at


@given(minutes=minutes, percent=percents, to_end=to_the_end, paused=pauses)
def test_a_pause_moves_the_deadline_by_exactly_as_long_as_it_stood(minutes, percent, to_end, paused):
    fields = {"started_at": NOON, "minutes": minutes, "sitting_closes_at": NOON + to_end, "extra_time_percent": percent}

    assert deadlines(**fields, paused=paused).closes_at - deadlines(**fields).closes_at == paused


@pytest.mark.django_db
def test_the_most_generous_accommodation_in_force_counts_and_they_do_not_add_up():
    registration = make_registration(make_sitting(closes_at=NOON + timedelta(days=365), opens_at=NOON))
    officer = PersonFactory()
    for percent, start, end in (
        (25, "2026-01-01", "2026-12-31"),
        (50, "2026-11-23", "2026-11-23"),
        (100, "2027-01-01", "2027-12-31"),
    ):
        Accommodation.objects.create(
            candidate=registration.candidate, extra_time_percent=percent, valid_from=start, valid_until=end, granted_by=officer
        )

    assert deadlines_for(registration, started_at=NOON).closes_at == NOON + timedelta(minutes=90)
    assert deadlines_for(registration, started_at=NOON + timedelta(days=1)).closes_at == NOON + timedelta(days=1, minutes=75)
