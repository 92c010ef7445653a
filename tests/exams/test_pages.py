"""A candidate's pages: their own, nobody else's, and never more queries for more rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exams.actions.delivery import start_attempt, submit_attempt
from exams.actions.scoring import score_attempt
from exams.models import Attempt, Registration
from exams.queries.registrations import open_sittings, own_registrations, standing_of
from tests.factories.accounts import UserFactory, staff
from tests.factories.exams import make_paper, make_registration, make_sitting
from tests.factories.results import release_result

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def paper():
    return make_paper()


@pytest.fixture
def ada(client):
    ada = UserFactory(full_name="Ada")
    client.force_login(ada)
    return ada


def queries_of(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_my_exams_shows_own_registrations_with_one_query_count(client, ada, paper):
    make_registration(make_sitting(paper), UserFactory(full_name="Ben"))
    assert b"Monday morning" not in client.get("/exams/").content

    start_attempt(make_registration(make_sitting(paper), ada))
    client.get("/exams/")
    one = queries_of(client, "/exams/")
    for _number in range(3):
        attempt = start_attempt(make_registration(make_sitting(paper), ada))
    attempt = submit_attempt(attempt, lease=attempt.lease)
    release_result(score_attempt(attempt.pk), by=staff("certification_officer", "Eve"))

    assert queries_of(client, "/exams/") == one <= 25


def test_sittings_lists_what_is_open_with_one_query_count(client, ada, paper):
    now = timezone.now()
    make_sitting(paper)
    client.get("/exams/sittings/")
    one = queries_of(client, "/exams/sittings/")
    for fields in ({}, {"opens_at": now + HOUR}, {"capacity": 0}):
        make_sitting(paper, **fields)
    for fields in (
        {"status": "cancelled"},
        {"status": "closed"},
        {"opens_at": now - 2 * HOUR, "closes_at": now - HOUR},
        {"is_rehearsal": True},
    ):
        make_sitting(paper, **fields)
    make_sitting(make_paper(sealed=False))

    assert queries_of(client, "/exams/sittings/") == one <= 25
    assert open_sittings(ada).count() == 4


def test_registering_leads_to_the_registration_and_cancelling_back(client, ada, paper):
    sitting = make_sitting(paper)

    answer = client.post(f"/exams/sittings/{sitting.uuid}/register/", {"language": "zh-hans"})

    registration = Registration.objects.get(candidate=ada)
    assert answer["Location"] == f"/exams/registrations/{registration.uuid}/"
    assert registration.language == "zh-hans"
    page = client.get(answer["Location"]).content.decode()
    assert "accept_rules" in page
    assert "Rules of the exam" in page
    client.post(f"/exams/registrations/{registration.uuid}/cancel/")
    assert Registration.objects.get().status == "cancelled"


def test_another_persons_pages_are_like_missing_ones(client, paper):
    registration = make_registration(make_sitting(paper), UserFactory(full_name="Ada"))
    attempt = start_attempt(registration, session_key="hers")
    client.force_login(UserFactory(full_name="Ben"))

    for url in (f"/exams/registrations/{registration.uuid}/", f"/exams/attempts/{attempt.uuid}/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/exams/registrations/{registration.uuid}/cancel/").status_code == 404


def test_every_page_asks_for_a_login(client, paper):
    registration = make_registration(make_sitting(paper))
    attempt = start_attempt(registration)
    for url in (
        "/exams/",
        "/exams/sittings/",
        f"/exams/registrations/{registration.uuid}/",
        f"/exams/attempts/{attempt.uuid}/",
    ):
        assert client.get(url)["Location"].startswith("/accounts/login/")


def test_the_room_of_another_login_does_not_take_the_lease_by_being_opened(client, ada, paper):
    attempt = start_attempt(make_registration(make_sitting(paper), ada), session_key="elsewhere")

    page = client.get(f"/exams/attempts/{attempt.uuid}/").content.decode()

    assert '"leaseHeld": false' in page
    assert Attempt.objects.get().session_key == "elsewhere"
    assert attempt.lease not in page


def test_the_room_closes_an_overdue_attempt_and_shows_its_receipt(client, ada, paper):
    attempt = start_attempt(make_registration(make_sitting(paper), ada))
    past = timezone.now() - HOUR
    Attempt.objects.update(closes_at=past, accept_until=past)

    page = client.get(f"/exams/attempts/{attempt.uuid}/").content.decode()

    assert Attempt.objects.get().receipt["digest"] in page
    assert "Your time is over" in page


def test_standing_tells_each_state_of_a_registration(ada, paper):
    now = timezone.now()
    waiting = make_registration(make_sitting(paper, opens_at=now + HOUR), ada)
    open_now = make_registration(make_sitting(paper), ada)
    missed = make_registration(make_sitting(paper, opens_at=now - 2 * HOUR, closes_at=now - HOUR), ada)
    cancelled = make_registration(make_sitting(paper), ada, status="cancelled")
    started = make_registration(make_sitting(paper), ada)
    start_attempt(started)
    marking = make_registration(make_sitting(paper), ada)
    attempt = start_attempt(marking)
    submit_attempt(attempt, lease=attempt.lease)

    words = {registration.pk: standing_of(registration).word for registration in own_registrations(ada)}

    assert words == {
        waiting.pk: "waiting",
        open_now.pk: "open",
        missed.pk: "missed",
        cancelled.pk: "cancelled",
        started.pk: "started",
        marking.pk: "marking",
    }


def test_a_result_says_by_area_what_to_study(client, ada, paper):
    from tests.factories.exams import CompetenceFactory

    line = paper.exam.blueprint.lines.get(number=1)
    line.competences.add(CompetenceFactory(title="Dataset protection"))
    attempt = start_attempt(make_registration(make_sitting(paper), ada))
    result = score_attempt(submit_attempt(attempt, lease=attempt.lease).pk)
    release_result(result, by=staff("certification_officer", "Eve"))

    page = client.get(f"/exams/results/{result.uuid}/").content.decode()

    assert "Not passed this time" in page
    assert "Dataset protection" in page
    assert "Question 1" not in page


def test_logging_out_clears_what_the_room_kept_on_the_device(client, ada):
    assert "Clear-Site-Data" not in client.get("/exams/")

    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in client.get("/accounts/login/")
