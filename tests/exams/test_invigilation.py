"""Watching a sitting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from exams.actions.accommodations import grant_accommodation
from exams.actions.breaks import take_break
from exams.actions.delivery import pause_attempt, start_attempt, submit_attempt
from exams.models import Attempt, Response, Sitting, SittingStaff, TimeGrant
from exams.queries.invigilation import seated, seats_of
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator
from tests.factories.exams import make_registration, make_sitting

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def sitting():
    return make_sitting(break_minutes=10)


@pytest.fixture
def dan(sitting):
    dan = staff(Role.INVIGILATOR, "Dan")
    SittingStaff.objects.create(sitting=sitting, user=dan, duty="invigilator")
    return dan


def sits(sitting, name, at):
    return start_attempt(make_registration(sitting, UserFactory(full_name=name)), at=at)


def address(sitting, *more):
    return "/".join(["/admin/invigilation", str(sitting.uuid), *map(str, more), ""])


def test_every_state_with_its_time_and_its_answers(sitting, now):
    names = ("Ada", "Bea", "Cid", "Dee", "Eli", "Fay")
    ada, bea, cid, dee, eli, fay = (sits(sitting, name, now) for name in names)
    make_registration(sitting, UserFactory(full_name="Gus"))
    Response.objects.create(attempt=ada, position=3, seq=1, body='{"value":"1"}', saved_at=now)
    Response.objects.create(attempt=ada, position=4, seq=2, body=None, saved_at=now)
    take_break(bea, lease=bea.lease, at=now + 10 * MINUTE)
    pause_attempt(cid, by=administrator(), at=now + 20 * MINUTE)
    submit_attempt(dee, lease=dee.lease, at=now)
    Attempt.objects.filter(pk=eli.pk).update(closes_at=now + MINUTE, accept_until=now + MINUTE)
    take_break(fay, lease=fay.lease, at=now)

    at = now + 15 * MINUTE
    seats = {str(seat.registration.candidate): seat for seat in seats_of(seated(sitting), sitting, at=at)}
    assert {name: (seat.word, seat.minutes_left, seat.answered) for name, seat in seats.items()} == {
        "Ada": ("writing", 45, 1),
        "Bea": ("break", 50, 0),
        "Cid": ("paused", 40, 0),
        "Dee": ("handed_in", None, 0),
        "Eli": ("over", 0, 0),
        # Ten minutes of break are used, whether or not anybody has written it down.
        "Fay": ("writing", 55, 0),
        "Gus": ("waiting", None, 0),
    }


def test_the_page_shows_effects_and_no_reason_and_asks_no_more_for_more_people(
    sitting, dan, now, django_assert_max_num_queries
):
    client, counts = signed_in(dan), []
    for number in (1, 6):
        for each in range(number):
            attempt = sits(sitting, f"Ada {number}{each}", now)
            grant_accommodation(
                attempt.registration.candidate, extra_time_percent=50, has_separate_room=True, reason="DIAGNOSIS",
                valid_from=now.date() - timedelta(days=1), valid_until=now.date() + timedelta(days=1), by=administrator(),
            )  # fmt: skip
        client.get(address(sitting))
        with django_assert_max_num_queries(40) as counted:
            page = client.get(address(sitting)).content.decode()
        counts.append(len(counted))
    assert counts[0] == counts[1]
    assert "+50 % time, a separate room" in page
    assert "DIAGNOSIS" not in page


def test_pause_resume_add_take_back(sitting, dan, now):
    attempt, client = sits(sitting, "Ada", now), signed_in(dan)
    client.post(address(sitting, "attempts", attempt.uuid, "pause"))
    assert Attempt.objects.get().status == "paused"
    client.post(address(sitting, "attempts", attempt.uuid, "resume"))
    assert Attempt.objects.get().status == "open"
    said = {"minutes": "5", "category": "technical", "note": "Network"}
    client.post(address(sitting, "attempts", attempt.uuid, "time"), said)
    assert Attempt.objects.get().added_seconds == 300
    closes_at = Sitting.objects.get().closes_at
    client.post(address(sitting, "time"), said)
    assert (Attempt.objects.get().added_seconds, Sitting.objects.get().closes_at) == (600, closes_at + 5 * MINUTE)
    page = client.get(address(sitting)).content.decode()
    assert page.count("Take back") == 2
    grant = TimeGrant.objects.get(is_for_all=True)
    client.post(address(sitting, "time", grant.uuid, "back"))
    assert (Attempt.objects.get().added_seconds, Sitting.objects.get().closes_at) == (300, closes_at)
    answer = client.post(address(sitting, "time", grant.uuid, "back"), follow=True).content.decode()
    assert "cannot be added" in answer


def test_whoever_is_not_on_duty_here_finds_nothing(sitting, dan, now):
    attempt = sits(sitting, "Ada", now)
    other = make_sitting()
    elsewhere = staff(Role.INVIGILATOR, "Elsewhere")
    SittingStaff.objects.create(sitting=other, user=elsewhere, duty="invigilator")
    marker = staff(Role.INVIGILATOR, "Marker")
    SittingStaff.objects.create(sitting=sitting, user=marker, duty="examiner")

    for person in (elsewhere, marker):
        client = signed_in(person)
        assert sitting.name not in client.get("/admin/invigilation/").content.decode() or person == elsewhere
        assert client.get(address(sitting)).status_code == 404
        for more in (("attempts", attempt.uuid, "pause"), ("attempts", attempt.uuid, "time"), ("time",)):
            said = {"minutes": "5", "category": "other"}
            assert client.post(address(sitting, *more), said).status_code == 404
    # An attempt of another sitting is not reached through one's own.
    client = signed_in(elsewhere)
    assert client.post(address(other, "attempts", attempt.uuid, "pause")).status_code == 404
    assert Attempt.objects.get().status == "open"


@pytest.mark.parametrize(
    ("opens", "closes", "status"),
    [
        (31 * MINUTE, 3 * HOUR, 404),
        (29 * MINUTE, 3 * HOUR, 200),
        (-5 * HOUR, -59 * MINUTE, 200),
        (-5 * HOUR, -61 * MINUTE, 404),
    ],
)
def test_a_sitting_is_watched_around_its_time_only(sitting, dan, now, opens, closes, status):
    Sitting.objects.filter(pk=sitting.pk).update(opens_at=now + opens, closes_at=now + closes)

    assert signed_in(dan).get(address(sitting)).status_code == status
    assert signed_in(administrator()).get(address(sitting)).status_code == 200


def test_while_somebody_writes_it_can_be_watched_however_late(sitting, dan, now):
    attempt = sits(sitting, "Ada", now)
    Sitting.objects.filter(pk=sitting.pk).update(opens_at=now - 9 * HOUR, closes_at=now - 5 * HOUR)

    assert signed_in(dan).get(address(sitting)).status_code == 200
    submit_attempt(attempt, lease=attempt.lease, at=now)
    assert signed_in(dan).get(address(sitting)).status_code == 404


def test_the_list_asks_no_more_for_more_sittings(dan, now, django_assert_max_num_queries):
    client, counts = signed_in(dan), []
    for number in (1, 3):
        for each in range(number):
            past = make_sitting(opens_at=now - 9 * HOUR, closes_at=now - (5 + each) * HOUR)
            SittingStaff.objects.create(sitting=past, user=dan, duty="invigilator")
        client.get("/admin/invigilation/")
        with django_assert_max_num_queries(25) as counted:
            client.get("/admin/invigilation/")
        counts.append(len(counted))
    assert counts[0] == counts[1]
