"""Starting is one small write: the paper was rendered when it was sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exams.actions.accommodations import grant_accommodation
from exams.actions.delivery import start_attempt
from exams.models import Attempt, Exam
from tests.factories.bank import administrator
from tests.factories.exams import make_paper, make_registration, make_sitting

pytestmark = pytest.mark.django_db

TRANSACTION = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def statements(captured):
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(TRANSACTION)]


def started(registration):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        attempt = start_attempt(registration)
    found = [sql for sql in statements(captured) if "clock_timestamp" not in sql]
    return attempt, [sql for sql in found if not sql.startswith("SELECT")], found


@pytest.mark.parametrize("repeat", [1, 10])
def test_a_start_writes_one_row_however_long_the_paper_is(repeat):
    registration = make_registration(make_sitting(make_paper(repeat=repeat)))

    attempt, writes, asked = started(registration)

    assert attempt.is_new
    assert [sql.split('"')[1] for sql in writes] == ["exams_attempt"]
    # The registration's lock, its attempt, the sitting with paper and exam, entitlements, earlier attempts; and the row.
    assert len(asked) == 6


def test_what_a_person_is_entitled_to_costs_nothing_more_and_coming_back_less():
    registration = make_registration()
    today = timezone.now().date()
    grant_accommodation(
        registration.candidate, extra_time_percent=25, break_minutes=10, valid_from=today,
        valid_until=today + timedelta(days=1), by=administrator(),
    )  # fmt: skip
    assert len(started(registration)[2]) == 6

    again, writes, asked = started(registration)
    assert (again.is_new, writes, len(asked)) == (False, [], 2)


def test_a_cap_on_seen_questions_asks_two_more():
    registration = make_registration()
    Exam.objects.update(most_overlap_percent=10)

    _attempt, writes, asked = started(registration)
    assert (len(writes), len(asked)) == (1, 8)


def test_reading_the_state_locks_nothing_while_nothing_is_due(desk):
    with CaptureQueriesContext(connection) as captured:
        assert desk.state().status_code == 200

    asked = [query["sql"] for query in captured.captured_queries]
    assert not any(sql.startswith(TRANSACTION) or "FOR UPDATE" in sql for sql in asked)
    assert all(sql.startswith("SELECT") for sql in asked)


def test_the_language_is_chosen_at_start_and_locked_by_it():
    registration = make_registration(language="zh-hans")
    attempt = start_attempt(registration)

    assert attempt.language == "zh-hans"
    registration.language = "en"
    registration.save()
    assert start_attempt(registration).language == "zh-hans"
    with pytest.raises(Exception, match="keeps its registration"):
        Attempt.objects.update(language="en")
