"""Sitting an exam again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from exams import errors
from exams.actions.delivery import start_attempt, submit_attempt
from exams.actions.registering import cancel_registration, register_candidate
from exams.actions.retakes import grant_retake_exception, set_retake_rules
from exams.models import Paper, PaperItem, Result, RetakeException, Sitting
from exams.queries.retakes import overlap_with_earlier
from exams.rules.retakes import Earlier, a_year_after, may_sit_from
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator, cleo
from tests.factories.exams import make_paper, make_registration, make_sitting
from tests.factories.results import release_result

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
db = pytest.mark.django_db


# --- The rule alone ---------------------------------------------------------------------------


def sat(days_ago, outcome="failed"):
    started_at = NOON - days_ago * DAY
    return Earlier(started_at, started_at + timedelta(hours=1), outcome)


def test_waiting_days_count_from_the_end_of_the_last_attempt_and_a_year_from_starts():
    earlier = [sat(3), sat(100)]

    assert may_sit_from(earlier, wait_days=0, most=None) is None
    assert may_sit_from([], wait_days=30, most=1) is None
    assert may_sit_from(earlier, wait_days=30, most=None) == NOON + 27 * DAY + timedelta(hours=1)
    assert may_sit_from(earlier, wait_days=0, most=2) == a_year_after(NOON - 100 * DAY)
    assert may_sit_from(earlier, wait_days=0, most=1) == a_year_after(NOON - 3 * DAY)
    assert may_sit_from(earlier, wait_days=0, most=3) is None


@given(days=st.lists(st.integers(0, 800), min_size=1, max_size=6), wait=st.integers(0, 400), most=st.integers(1, 4))
def test_sitting_from_the_moment_told_breaks_no_rule_and_a_second_earlier_one(days, wait, most):
    earlier = [sat(each) for each in days]
    moment = may_sit_from(earlier, wait_days=wait, most=most)

    def breaks(at):
        waits = wait and at < max(each.ended_at for each in earlier) + wait * DAY
        return waits or sum(1 for each in earlier if a_year_after(each.started_at) > at) >= most

    if moment is not None:
        assert not breaks(moment)
        assert breaks(moment - SECOND)


def test_a_year_after_the_29th_of_february_is_the_1st_of_march():
    assert a_year_after(datetime(2028, 2, 29, 9, tzinfo=UTC)) == datetime(2029, 3, 1, 9, tzinfo=UTC)


# --- Registering and starting -----------------------------------------------------------------


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def ada():
    return UserFactory(full_name="Ada", time_zone="UTC")


@pytest.fixture
def paper(db):
    return make_paper()


def rules(paper, wait_days=0, most_attempts=None, most_overlap_percent=None):
    set_retake_rules(
        paper.exam, wait_days=wait_days, most_attempts=most_attempts, most_overlap_percent=most_overlap_percent,
        by=administrator(),
    )  # fmt: skip


def sitting_at(paper, at, hours=6):
    return make_sitting(paper, opens_at=at, closes_at=at + timedelta(hours=hours))


def has_sat(ada, paper, at, outcome="failed", released=True):
    """An attempt of five minutes with its result."""
    attempt = start_attempt(make_registration(sitting_at(paper, at), ada), at=at)
    attempt = submit_attempt(attempt, lease=attempt.lease, at=at + timedelta(minutes=5))
    status = {"status": "released", "released_at": at, "released_by": administrator()} if released else {"status": "held"}
    Result.objects.create(
        attempt=attempt, raw_score=1, max_score=4, cut_score=2, scaled_score=400, outcome=outcome, scored_at=at, **status
    )
    return attempt


def test_after_a_failed_attempt_the_waiting_days_pass_first_and_the_refusal_says_until_when(paper, ada, now):
    rules(paper, wait_days=30)
    ended_at = has_sat(ada, paper, now).submitted_at
    free = ended_at + 30 * DAY

    too_soon = sitting_at(paper, free - 3 * DAY)
    with pytest.raises(errors.RetakeTooSoon) as refused:
        register_candidate(too_soon, candidate=ada, at=now + DAY)
    assert refused.value.extra["may_sit_from"].startswith(f"{free:%Y-%m-%dT%H:%M}")
    assert str(free.year) in str(refused.value.text)

    # A sitting that is still open by then may be booked, but not started before.
    long_one = sitting_at(paper, free - DAY, hours=48)
    place = register_candidate(long_one, candidate=ada, at=now + DAY)
    with pytest.raises(errors.RetakeTooSoon):
        start_attempt(place, at=free - SECOND)
    assert start_attempt(place, at=free).is_new


def test_the_last_moment_of_the_window_decides_whether_a_place_is_given(paper, ada, now):
    rules(paper, wait_days=30)
    free = has_sat(ada, paper, now).submitted_at + 30 * DAY
    just, not_quite = (make_sitting(paper, opens_at=free - DAY, closes_at=closes_at) for closes_at in (free, free - SECOND))

    assert register_candidate(just, candidate=ada, at=now + DAY).status == "registered"
    with pytest.raises(errors.RetakeTooSoon):
        register_candidate(not_quite, candidate=ada, at=now + DAY)


def test_no_more_attempts_in_twelve_months_than_the_exam_allows(paper, ada, now):
    rules(paper, most_attempts=2)
    has_sat(ada, paper, now - 300 * DAY)
    has_sat(ada, paper, now - 10 * DAY)
    free = a_year_after(now - 300 * DAY)

    with pytest.raises(errors.RetakeTooSoon):
        register_candidate(sitting_at(paper, now + DAY), candidate=ada, at=now)
    assert register_candidate(sitting_at(paper, free), candidate=ada, at=now).status == "registered"
    # Another exam, another count; and another person.
    assert register_candidate(sitting_at(make_paper(), now + DAY), candidate=ada, at=now).status == "registered"
    assert register_candidate(sitting_at(paper, now + DAY), candidate=UserFactory(), at=now).status == "registered"


def test_whoever_passed_need_not_sit_again_and_hears_it_once_it_is_released(paper, ada, now):
    attempt = has_sat(ada, paper, now - DAY, outcome="passed", released=False)
    place = register_candidate(sitting_at(paper, now), candidate=ada, at=now)

    release_result(attempt.result)
    with pytest.raises(errors.AlreadyPassed):
        start_attempt(place, at=now)
    with pytest.raises(errors.AlreadyPassed):
        register_candidate(sitting_at(paper, now + DAY), candidate=ada, at=now)


@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_while_a_result_is_held_the_refusal_is_the_same_whatever_it_is(paper, ada, now, outcome):
    rules(paper, wait_days=1)
    has_sat(ada, paper, now - 40 * DAY, outcome=outcome, released=False)

    with pytest.raises(errors.ResultToCome):
        register_candidate(sitting_at(paper, now), candidate=ada, at=now)


def paper_sharing(first: Paper, number: int) -> Paper:
    """A sealed paper of the same exam that shares so many of its five items with the first one."""
    from exams.actions.sealing import seal_paper

    other = make_paper(first.exam, sealed=False)
    for mine, theirs in list(zip(other.items.order_by("position"), first.items.order_by("position"), strict=True))[:number]:
        PaperItem.objects.filter(pk=mine.pk).update(version=theirs.version)
    return seal_paper(other, by=administrator())


def test_a_paper_may_share_no_more_with_earlier_ones_than_the_cap(paper, ada, now):
    rules(paper, most_overlap_percent=40)
    two, three = paper_sharing(paper, 2), paper_sharing(paper, 3)
    has_sat(ada, paper, now - DAY)

    assert overlap_with_earlier(ada, two)[:2] == (2, 5)
    assert register_candidate(sitting_at(two, now), candidate=ada, at=now).status == "registered"
    with pytest.raises(errors.PaperSeenBefore, match="60 %") as refused:
        register_candidate(sitting_at(three, now), candidate=ada, at=now)
    assert refused.value.extra == {"percent": 60}
    with pytest.raises(errors.PaperSeenBefore, match="this very paper"):
        register_candidate(sitting_at(paper, now), candidate=ada, at=now)


def test_a_paper_swapped_after_registering_is_looked_at_again_at_the_start(paper, ada, now):
    rules(paper, most_overlap_percent=0)
    fresh = paper_sharing(paper, 0)
    has_sat(ada, paper, now - DAY)
    sitting = sitting_at(fresh, now)
    place = register_candidate(sitting, candidate=ada, at=now)

    Sitting.objects.filter(pk=sitting.pk).update(paper=paper)
    with pytest.raises(errors.PaperSeenBefore):
        start_attempt(place, at=now)
    Sitting.objects.filter(pk=sitting.pk).update(paper=fresh)
    assert start_attempt(place, at=now).is_new
    # Coming back to it is no retake.
    assert not start_attempt(place, at=now + SECOND).is_new


def test_an_exception_lifts_every_rule_once(paper, ada, now):
    rules(paper, wait_days=30, most_attempts=1, most_overlap_percent=0)
    has_sat(ada, paper, now - DAY)
    first, second = sitting_at(paper, now), sitting_at(paper, now)
    with pytest.raises(errors.RetakeRefused):
        register_candidate(first, candidate=ada, at=now)

    exception = grant_retake_exception(paper.exam, ada, reason="Fire alarm", by=administrator())
    place = register_candidate(first, candidate=ada, at=now)
    exception.refresh_from_db()
    assert exception.registration == place
    with pytest.raises(errors.RetakeRefused):
        register_candidate(second, candidate=ada, at=now)
    # Given back with its place, it is free for another one.
    cancel_registration(place)
    other = register_candidate(second, candidate=ada, at=now)
    assert start_attempt(other, at=now).is_new
    entry = AuditEntry.objects.get(act="retake.exception_granted")
    assert (entry.details["candidate"], "Fire" in str(entry.details)) == (ada.pk, False)


@db
def test_rules_and_exceptions_are_for_administrators_and_make_sense(paper, ada):
    exam = paper.exam
    with pytest.raises(errors.NotYourBank):
        set_retake_rules(exam, wait_days=1, most_attempts=None, most_overlap_percent=None, by=cleo())
    for wrong in ({"wait_days": -1}, {"most_attempts": 0}, {"most_overlap_percent": 101}):
        with pytest.raises(errors.RetakeRulesInvalid):
            rules(paper, **wrong)
    with pytest.raises(errors.NotYourBank):
        grant_retake_exception(exam, ada, reason="x", by=cleo())
    for candidate, reason in ((ada, " "), (administrator(), "x")):
        with pytest.raises(errors.RetakeRulesInvalid):
            grant_retake_exception(exam, candidate, reason=reason, by=administrator())
    grant_retake_exception(exam, ada, reason="x", by=administrator())
    with pytest.raises(errors.RetakeRulesInvalid, match="already"):
        grant_retake_exception(exam, ada, reason="y", by=administrator())
    for change in (lambda: RetakeException.objects.update(reason="z"), lambda: RetakeException.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_refusal_is_a_sentence_on_the_page(paper, ada, now, client):
    rules(paper, wait_days=30)
    has_sat(ada, paper, now - DAY)
    client.force_login(ada)

    answer = client.post(f"/exams/sittings/{sitting_at(paper, now).uuid}/register/", headers={"accept": "text/html"})
    assert answer.status_code == 409
    assert "You may sit this exam again from" in answer.content.decode()
