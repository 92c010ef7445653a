"""An attempt from start to close, and the candidate's place before it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from common.errors import NotPermitted
from exams import errors
from exams.actions.delivery import close_overdue, pause_attempt, resume_attempt, start_attempt, submit_attempt
from exams.actions.registering import cancel_registration, choose_language, register_candidate
from exams.models import Accommodation, Attempt, Registration, Response, SittingStaff
from exams.queries.attempts import closed_unscored
from exams.rules.deadlines import LONGEST_WAIT
from exams.signals import attempt_submitted
from exams.tasks import sweep_exams_task
from partners.models import Agreement, Cohort, CohortPlace, Partner
from tests.factories.accounts import UserFactory, staff
from tests.factories.exams import make_registration, make_sitting

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


def make_place(partner, user):
    cohort, _ = Cohort.objects.get_or_create(
        partner=partner, code="autumn", defaults={"name": "Autumn", "starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)}
    )
    return CohortPlace.objects.create(cohort=cohort, user=user, email=user.email, full_name=str(user), status="active")


def make_partner(slug="harbour", quota=5):
    partner = Partner.objects.create(slug=slug, name=slug, kind="institute")
    today = timezone.now().date()
    Agreement.objects.create(
        partner=partner, reference="A-1", starts_on=today, ends_on=today + timedelta(days=99), seats=9, exam_quota=quota
    )
    return partner


# --- Registering -------------------------------------------------------------------------------


def test_register_twice_is_one_registration():
    sitting, ada = make_sitting(), UserFactory(full_name="Ada", language="zh-hans")

    first, second = register_candidate(sitting, candidate=ada), register_candidate(sitting, candidate=ada, language="en")

    assert list(Registration.objects.all()) == [first] == [second]
    assert first.language == "zh-hans"


def test_the_last_place_is_given_once_and_can_be_given_back():
    sitting, ada, ben = make_sitting(capacity=1), UserFactory(), UserFactory()
    place = register_candidate(sitting, candidate=ada)
    with pytest.raises(errors.SittingFull):
        register_candidate(sitting, candidate=ben)

    cancel_registration(place)
    assert register_candidate(sitting, candidate=ben).status == "registered"
    with pytest.raises(errors.SittingFull):
        register_candidate(sitting, candidate=ada)


def test_a_closed_or_cancelled_sitting_takes_nobody(now):
    for sitting, refusal in (
        (make_sitting(status="cancelled"), errors.SittingCancelled),
        (make_sitting(status="closed"), errors.SittingClosed),
        (make_sitting(opens_at=now - 2 * HOUR, closes_at=now - HOUR), errors.SittingClosed),
    ):
        with pytest.raises(refusal):
            register_candidate(sitting, candidate=UserFactory())


def test_a_partners_sitting_is_for_its_people_and_counts_against_its_agreement():
    partner, other = make_partner(quota=1), make_partner("valley")
    sitting = make_sitting(partner=partner)
    ada, ben, dan = UserFactory(), UserFactory(), UserFactory()
    place = make_place(partner, ada)
    make_place(other, ben)
    make_place(partner, dan)

    assert register_candidate(sitting, candidate=ada).place == place
    with pytest.raises(errors.SittingForPartner):
        register_candidate(sitting, candidate=ben)
    with pytest.raises(errors.QuotaUsedUp):
        register_candidate(sitting, candidate=dan)


def test_without_an_agreement_in_force_a_partners_people_are_refused():
    partner = make_partner()
    today = timezone.now().date()
    partner.agreements.update(starts_on=today - timedelta(days=30), ends_on=today - timedelta(days=1))
    ada = UserFactory()
    make_place(partner, ada)

    with pytest.raises(errors.NoCurrentAgreement):
        register_candidate(make_sitting(partner=partner), candidate=ada)


def test_a_language_the_paper_does_not_have_is_refused_when_chosen():
    sitting = make_sitting()
    with pytest.raises(errors.LanguageNotOffered):
        register_candidate(sitting, candidate=UserFactory(), language="fr")

    registration = register_candidate(sitting, candidate=UserFactory(language="en"))
    assert choose_language(registration, language="zh-hans").language == "zh-hans"
    start_attempt(registration)
    with pytest.raises(errors.AlreadyStarted):
        choose_language(registration, language="en")
    with pytest.raises(errors.AlreadyStarted):
        cancel_registration(registration)


# --- Start -------------------------------------------------------------------------------------


def test_start_attempt_twice_returns_the_same_attempt(now):
    registration = make_registration()

    first = start_attempt(registration, session_key="a", at=now)
    second = start_attempt(registration, session_key="a", at=now + timedelta(minutes=5))

    assert list(Attempt.objects.all()) == [first] == [second]
    assert (first.is_new, second.is_new) == (True, False)
    assert (second.lease, second.closes_at) == (first.lease, now + HOUR)


def test_another_login_moves_the_lease_and_nothing_else(now):
    registration = make_registration()
    first = start_attempt(registration, session_key="a", at=now)

    second = start_attempt(registration, session_key="b", at=now)

    assert second.lease != first.lease
    assert (second.closes_at, second.token_epoch) == (first.closes_at, first.token_epoch)


def test_what_cannot_be_started_says_why(now):
    paper_language = make_registration(language="fr")
    for registration, refusal in (
        (make_registration(status="cancelled"), errors.RegistrationCancelled),
        (make_registration(make_sitting(status="cancelled")), errors.SittingCancelled),
        (make_registration(make_sitting(opens_at=now + HOUR)), errors.SittingNotOpen),
        (make_registration(make_sitting(opens_at=now - 2 * HOUR, closes_at=now)), errors.SittingClosed),
        (make_registration(make_sitting(status="closed")), errors.SittingClosed),
        (paper_language, errors.LanguageNotOffered),
    ):
        with pytest.raises(refusal):
            start_attempt(registration, at=now)
    assert Attempt.objects.count() == 0


# --- The end -----------------------------------------------------------------------------------


def test_submit_closes_once_and_tells_once(now, django_capture_on_commit_callbacks):
    told = []
    attempt = start_attempt(make_registration(), at=now)
    Response.objects.create(attempt=attempt, position=3, seq=2, body='{"value":"1"}', saved_at=now)

    def hear(attempt_id, **_facts):
        told.append(attempt_id)

    attempt_submitted.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        first = submit_attempt(attempt, lease=attempt.lease, at=now + HOUR / 2)
        second = submit_attempt(attempt, lease="whatever", at=now + HOUR)
    attempt_submitted.disconnect(hear)

    assert (first.status, first.submitted_at) == ("submitted", now + HOUR / 2)
    assert second.receipt == first.receipt
    assert told == [attempt.pk]


def test_a_hand_in_within_the_grace_is_dated_at_the_deadline(now):
    attempt = start_attempt(make_registration(make_sitting(grace_seconds=10)), at=now)

    closed = submit_attempt(attempt, lease=attempt.lease, at=now + HOUR + timedelta(seconds=5))

    assert (closed.status, closed.submitted_at) == ("submitted", now + HOUR)


def test_close_overdue_closes_by_state_and_only_what_is_over(now):
    over, running, paused = (start_attempt(make_registration(), at=now) for _number in range(3))
    start_late = start_attempt(make_registration(make_sitting(minutes=90)), at=now)
    pause_attempt(paused, by=staff("administrator", "Dan"), at=now)
    Attempt.objects.filter(pk=running.pk).update(accept_until=now + 2 * HOUR, closes_at=now + 2 * HOUR)

    assert close_overdue(at=now + HOUR) == 0
    assert close_overdue(at=now + HOUR + timedelta(seconds=1)) == 1
    assert close_overdue(at=now + HOUR + timedelta(seconds=1)) == 0

    assert Attempt.objects.get(pk=over.pk).submitted_at == now + HOUR
    open_still = Attempt.objects.filter(status__in=("open", "paused"))
    assert set(open_still) == {running, paused, start_late}


def test_the_sweep_closes_and_scores_what_was_forgotten(eager_tasks, django_capture_on_commit_callbacks, now):
    attempt = start_attempt(make_registration(make_sitting(opens_at=now - 3 * HOUR)), at=now - 2 * HOUR)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=now - HOUR, accept_until=now - HOUR)

    with django_capture_on_commit_callbacks(execute=True):
        sweep_exams_task()

    assert Attempt.objects.get().status == "timed_out"
    assert Attempt.objects.get().result.raw_score == 0
    assert closed_unscored() == []


# --- Pause -------------------------------------------------------------------------------------


def test_a_pause_gives_back_exactly_its_time_and_is_audited(now):
    attempt = start_attempt(make_registration(), at=now)
    dan = UserFactory(full_name="Dan")
    SittingStaff.objects.create(sitting=attempt.registration.sitting, user=dan, duty="invigilator")

    pause_attempt(attempt, by=dan, at=now + timedelta(minutes=10))
    pause_attempt(attempt, by=dan, at=now + timedelta(minutes=11))
    resumed = resume_attempt(attempt, by=dan, at=now + timedelta(minutes=25))
    resume_attempt(attempt, by=dan, at=now + timedelta(minutes=30))

    assert (resumed.status, resumed.closes_at) == ("open", now + timedelta(minutes=75))
    assert resumed.accept_until == resumed.closes_at
    assert list(AuditEntry.objects.values_list("act", flat=True).filter(act__startswith="attempt.")) == [
        "attempt.resumed",
        "attempt.paused",
    ]


def test_a_pause_that_nobody_ends_is_closed_a_day_after_the_sitting_and_what_an_accommodation_adds(now):
    dan = staff("administrator", "Dan")
    sitting = make_sitting(closes_at=now + 2 * HOUR, minutes=60)
    plain, helped = (start_attempt(make_registration(sitting), at=now) for _number in range(2))
    for attempt in (plain, helped):
        pause_attempt(attempt, by=dan, at=now + timedelta(minutes=10))
    day = now.date()
    Accommodation.objects.create(
        candidate=helped.registration.candidate, extra_time_percent=50, valid_from=day, valid_until=day, granted_by=dan
    )
    second, last = timedelta(seconds=1), now + 2 * HOUR + LONGEST_WAIT

    assert close_overdue(at=last) == 0
    assert close_overdue(at=last + second) == 1
    assert close_overdue(at=last + timedelta(minutes=30)) == 0
    assert close_overdue(at=last + timedelta(minutes=30) + second) == 1

    closed = Attempt.objects.get(pk=plain.pk)
    assert (closed.status, closed.submitted_at) == ("timed_out", now + HOUR)
    assert AuditEntry.objects.filter(act="attempt.pause_ended", actor_id=None).count() == 2


def test_a_pause_may_be_ended_until_then_and_gives_its_time_back_even_after_the_sitting(now):
    dan = staff("administrator", "Dan")
    attempt, forgotten = (start_attempt(make_registration(make_sitting(closes_at=now + HOUR)), at=now) for _number in range(2))
    for each in (attempt, forgotten):
        pause_attempt(each, by=dan, at=now + timedelta(minutes=50))

    resumed = resume_attempt(attempt, by=dan, at=now + HOUR + LONGEST_WAIT)
    with pytest.raises(errors.IllegalMove):
        resume_attempt(forgotten, by=dan, at=now + HOUR + LONGEST_WAIT + timedelta(seconds=1))

    assert resumed.closes_at == now + HOUR + LONGEST_WAIT + timedelta(minutes=10)


def test_only_those_on_duty_may_pause(now):
    attempt = start_attempt(make_registration(), at=now)
    elsewhere = UserFactory()
    SittingStaff.objects.create(sitting=make_sitting(), user=elsewhere, duty="invigilator")
    examiner = UserFactory()
    SittingStaff.objects.create(sitting=attempt.registration.sitting, user=examiner, duty="examiner")

    for person in (attempt.registration.candidate, elsewhere, examiner):
        with pytest.raises(NotPermitted):
            pause_attempt(attempt, by=person, at=now)
    assert Attempt.objects.get().status == "open"


def test_a_closed_attempt_is_neither_paused_nor_resumed(now):
    attempt = start_attempt(make_registration(), at=now)
    dan = staff("administrator", "Dan")
    submit_attempt(attempt, lease=attempt.lease, at=now)

    with pytest.raises(errors.AttemptClosed):
        pause_attempt(attempt, by=dan, at=now)
    with pytest.raises(errors.IllegalMove):
        resume_attempt(attempt, by=dan, at=now)
