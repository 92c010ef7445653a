"""The waiting room before a sitting opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from exams.actions.accommodations import grant_accommodation
from exams.rules.deadlines import times_for
from exams.views.door import spread_of
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator
from tests.factories.exams import make_registration, make_sitting

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def registered(opens_in, **fields):
    now = timezone.now()
    sitting = make_sitting(opens_at=now + opens_in, closes_at=now + opens_in + 3 * HOUR, **fields)
    return make_registration(sitting, UserFactory(full_name="Ada"))


def page_of(client, registration):
    client.force_login(registration.candidate)
    return client.get(f"/exams/registrations/{registration.uuid}/").content.decode()


def test_half_an_hour_before_the_opening_everything_is_there_but_the_start(client):
    page = page_of(client, registered(timedelta(minutes=29)))

    assert 'data-door="/exams/registrations/' in page
    assert "Waiting room" in page
    assert "Your device" in page
    assert 'name="language" value="zh-hans"' in page
    assert "I have read the rules" in page
    assert "disabled data-start" in page
    assert "<noscript>" in page.split("data-door")[1]


def test_earlier_than_that_the_page_says_when_to_come(client):
    page = page_of(client, registered(timedelta(minutes=31)))

    assert "From " in page and "waiting room" in page
    assert "data-start" not in page


def test_once_it_is_open_there_is_a_button_and_nothing_waits(client):
    page = page_of(client, registered(timedelta(seconds=-1)))

    assert "Start the exam now" in page
    assert "data-door" not in page
    assert "disabled" not in page.split('<form class="form"')[1].split("</form>")[0]


def test_the_server_refuses_an_early_start_whatever_the_page_does(client):
    registration = registered(timedelta(minutes=5))
    client.force_login(registration.candidate)

    answer = client.post(f"/exams/registrations/{registration.uuid}/start/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "sitting_not_open")


def test_the_door_tells_its_own_candidate_the_servers_time_and_nobody_else_anything(client):
    registration = registered(timedelta(minutes=5))
    url = f"/exams/registrations/{registration.uuid}/door/"
    assert client.get(url).status_code == 302
    client.force_login(UserFactory(full_name="Ben"))
    assert client.get(url).status_code == 404

    client.force_login(registration.candidate)
    said = client.get(url)
    assert set(said.json()) == {"word", "opens_at", "server_now"}
    assert (said.json()["word"], said["Cache-Control"]) == ("waiting", "no-store")
    registration.sitting.opens_at = timezone.now()
    registration.sitting.save()
    assert client.get(url).json()["word"] == "open"


def test_spreading_the_starts_takes_nothing_from_anybody():
    now = timezone.now()
    for slack, seconds in ((timedelta(0), 0), (timedelta(seconds=4), 4), (HOUR, 10)):
        sitting = make_sitting(opens_at=now, closes_at=now + HOUR + slack, minutes=60)
        times = times_for(UserFactory(), sitting, at=now)
        assert spread_of(times) == timedelta(seconds=seconds)


def test_the_page_wears_what_the_person_is_entitled_to(client):
    registration = registered(timedelta(minutes=5))
    today = timezone.now().date()
    grant_accommodation(
        registration.candidate, contrast="inverted", text_size=150, has_reader=True, valid_from=today - timedelta(days=1),
        valid_until=today + timedelta(days=1), by=administrator(),
    )  # fmt: skip

    page = page_of(client, registration)
    assert '<body class="look-inverted look-text-150">' in page
    assert "white on black, text at 150 %, a reader" in page
