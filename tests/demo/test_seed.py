"""The demonstration: complete, honest, and the same however often it is seeded."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from accounts.second_factor import lacks_second_factor
from certificates.actions.decisions import decide_application
from certificates.errors import TaughtThisPerson
from certificates.models import Application, Certificate, CertificateStatusChange, RenderedDocument
from common.integrity import run_checks
from courses.models import Enrolment, LessonCompletion, PracticeAnswer
from courses.queries import next_step
from demo.seed import cast, exams
from demo.seed.people import LOGINS, PASSWORD, TOTP_SECRET, Person, ensure_people, login
from demo.seed.steps import Calendar, once
from exams.actions.scoring import score_of
from exams.models import Attempt, ItemVersion, Paper, PaperSet, Registration, Result, Sitting
from exams.queries.paper_sets import figures_of, findings_of, stored_papers
from partners.models import Cohort, CohortPlace, Invitation, Membership, Partner
from tests.harness.environment import PROJECT

ROLES_OF_THE_ISSUE = {
    "trainee",
    "partner_manager",
    "author",
    "item_writer",
    "item_reviewer",
    "invigilator",
    "examiner",
    "certification_officer",
    "administrator",
    "auditor",
}


def every_row():
    """A count and a digest of each table; sessions and search scores aside, nothing may differ."""
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names()):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found = cursor.fetchall()
            rows[table] = (len(found), hashlib.sha256(repr(found).encode()).hexdigest())
    return rows


def test_seeding_twice_changes_no_row(seeded):
    before = every_row()

    call_command("seed_demo", stdout=StringIO())

    assert every_row() == before


def test_what_visitors_changed_stays_changed(seeded):
    Partner.objects.filter(slug="jinghe-university").update(name="Renamed by a visitor")
    Invitation.objects.filter(status=Invitation.Status.PENDING).delete()
    before = every_row()

    call_command("seed_demo", stdout=StringIO())

    assert every_row() == before


def test_the_command_prints_one_json_object_and_nothing_else(seeded):
    printed = subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--json"], cwd=PROJECT, env=os.environ, capture_output=True, text=True
    )

    offered = json.loads(printed.stdout)
    assert printed.returncode == 0
    assert offered == seeded
    assert set(offered) == {"logins", "registrations", "attempts", "certificates", "partners"}
    assert all(set(each) == {"email", "password", "totp_secret"} for each in offered["logins"].values())
    assert all(set(each) == {"serial", "token", "status"} for each in offered["certificates"])
    assert offered["logins"].keys() >= ROLES_OF_THE_ISSUE


@pytest.mark.parametrize("real", [{"PRODUCTION": True}, {"DEMO": False}])
def test_a_real_site_is_never_seeded(db, settings, real):
    for name, value in real.items():
        setattr(settings, name, value)

    with pytest.raises(CommandError):
        call_command("seed_demo")

    assert not User.objects.exists()


def test_a_step_that_fails_leaves_nothing_and_is_done_the_next_time(db):
    made = []

    def fail():
        User.objects.create_user("ada@example.org")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        once("people", fail)

    assert not User.objects.exists()
    assert once("people", lambda: made.append(1)) is True
    assert once("people", lambda: made.append(2)) is False
    assert once("people", lambda: made.append(3), version="2") is True
    assert made == [1, 3]


def test_check_integrity_is_clean(seeded):
    assert [check for check in run_checks() if check["rows"]] == []


def test_every_login_works_with_the_published_password(seeded):
    for each in LOGINS:
        user = User.objects.get(email=each.email)
        validate_password(PASSWORD, user)
        assert user.check_password(PASSWORD)
        assert user.emailaddress_set.filter(verified=True, primary=True).exists()
        assert not lacks_second_factor(user)
        assert user.role_names == {str(role) for role in each.roles}
    assert [each.key for each in LOGINS if each.totp_secret] == ["administrator_totp"]
    assert set(Role.values) == {str(role) for each in LOGINS for role in each.roles}


def test_the_documented_secret_gives_codes_that_are_accepted(seeded):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    totp = auth.TOTP(Authenticator.objects.get(user=login("administrator_totp"), type=Authenticator.Type.TOTP))

    code = auth.format_hotp_value(auth.hotp_value(TOTP_SECRET, next(iter(auth.yield_hotp_counters_from_time()))))

    assert totp.validate_code(code)


def test_other_people_have_no_password(seeded):
    others = User.objects.exclude(email__in=[each.email for each in LOGINS])

    assert others.count() > 60
    assert not any(user.has_usable_password() for user in others)


def test_the_trainee_has_a_clear_next_step(seeded):
    step = next_step(login("trainee"))

    assert (step.kind, step.lesson.code) == ("lesson", "PT-10-3")
    assert Enrolment.objects.get(learner=login("trainee"), course__code="AIS-CORE").status == Enrolment.Status.COMPLETED


def test_items_are_approved_by_another_than_their_writer(seeded):
    approved = ItemVersion.objects.filter(status__in=ItemVersion.LIVE, item__bank__code="ais-pt-l1")

    assert approved.count() >= 90
    assert {(each.written_by, each.approved_by) for each in approved} == {(login("item_writer"), login("item_reviewer"))}


def test_items_wait_with_both_reviewers_and_one_has_a_comment(seeded):
    waiting = ItemVersion.objects.filter(status__in=ItemVersion.IN_REVIEW).order_by("item__code")

    assert [(each.item.code, each.status, each.comments.count()) for each in waiting] == [
        ("PTL1-3-901", "subject_review", 1),
        ("PTL1-7-901", "language_review", 0),
    ]
    assert ItemVersion.objects.filter(status="in_use").exists()


def test_all_papers_are_sealed_in_both_languages(seeded):
    papers = Paper.objects.filter(exam__code="AIS-PT-L1").order_by("code")

    assert [paper.code for paper in papers] == ["2027-A", "2027-S", "A", "B"]
    assert {paper.status for paper in papers} == {"sealed"}
    assert all({each.language for each in paper.renderings.all()} == {"en", "zh-hans"} for paper in papers)


def test_next_years_paper_and_its_spare_are_equally_hard(seeded):
    paper_set = PaperSet.objects.get(exam__code="AIS-PT-L1")
    papers = stored_papers(paper_set)

    assert findings_of(paper_set, papers) == []
    paper, spare = figures_of(paper_set, papers)
    assert abs(paper.expected - spare.expected) <= Decimal("0.05")
    assert (paper.assumed, spare.assumed) == (0, 0)


def test_two_partners_of_each_kind_with_agreement_and_manager(seeded):
    assert Counter(Partner.objects.values_list("kind", flat=True)) == {"university": 2, "institute": 2, "enterprise": 2}
    today = timezone.localdate()
    for partner in Partner.objects.all():
        assert partner.name_zh
        assert partner.agreements.filter(starts_on__lte=today, ends_on__gte=today).count() == 1
        assert partner.memberships.filter(role=Membership.Role.MANAGER).exists()
    assert [Partner.objects.get(slug=slug).slug for slug in seeded["partners"]] == seeded["partners"]


def test_cohorts_stand_at_every_stage(seeded):
    planned = Cohort.objects.filter(status=Cohort.Status.PLANNED)
    running = Cohort.objects.filter(status=Cohort.Status.RUNNING)
    active = CohortPlace.objects.filter(status=CohortPlace.Status.ACTIVE)
    progress = LessonCompletion.objects.filter(enrolment__place__cohort__code=_code(-55), completed_at__isnull=False)

    assert all(Invitation.objects.filter(place__cohort=cohort, status="pending").exists() for cohort in planned)
    assert planned.count() == 2
    # Running with mixed progress.
    assert len(set(Counter(progress.values_list("enrolment__learner", flat=True)).values())) > 3
    # Waiting for a sitting: registered, nothing sat yet.
    waiting = Registration.objects.filter(place__cohort__in=running, attempts=None, sitting__closes_at__gt=timezone.now())
    assert len(set(waiting.values_list("place__cohort", flat=True))) >= 2
    # Examined with results held; results released with applications open; certified; finished.
    assert Result.objects.filter(status=Result.Status.HELD, attempt__registration__place__cohort__in=running).count() == 5
    assert Application.objects.filter(status=Application.Status.OPEN, cohort__in=running).count() == 4
    assert Certificate.objects.filter(cohort__in=running).exists()
    assert Cohort.objects.filter(status=Cohort.Status.FINISHED).count() == 5
    assert active.filter(cohort__in=planned).count() == 2


def _code(offset):
    return f"pt-l1-{Calendar.read().day(offset):%Y-%m}"


def test_certificates_stand_in_every_state(seeded):
    states = Counter(each["status"] for each in seeded["certificates"])
    soon = timezone.localdate() + timedelta(days=90)
    valid = Certificate.objects.filter(status=Certificate.Status.VALID)

    assert states.keys() == set(Certificate.Status.values)
    assert set(valid.values_list("partner__kind", flat=True)) == {"university", "institute", "enterprise", None}
    assert valid.filter(valid_until__lte=soon).count() >= 3
    # Suspended once and reinstated since.
    assert CertificateStatusChange.objects.filter(before="suspended", after="valid").exists()
    assert Application.objects.filter(decision__outcome="refused").count() == 1


def test_results_are_what_scoring_makes_of_the_answers(seeded):
    results = Result.objects.select_related("attempt__paper__exam__blueprint")

    for result in results:
        scored = score_of(result.attempt)
        assert {name: getattr(result, name) for name in scored} == scored
    outcomes = Counter(results.values_list("outcome", flat=True))
    assert outcomes["passed"] > 30 and outcomes["failed"] >= 6
    assert len(set(results.values_list("scaled_score", flat=True))) > 12
    assert {result.attempt.status for result in results} == {"submitted", "timed_out"}


def test_past_lessons_are_the_rows_the_actions_write(seeded):
    from courses.actions.enrolment import enrol_learner
    from courses.actions.learning import walk_lesson
    from demo.seed.learning import answered_outline, finish_courses, outline

    calendar = Calendar.read()
    people = ensure_people([Person("one@example.org", "One", "One"), Person("two@example.org", "Two", "Two")])
    written, walked = people.values()

    finish_courses(written, lessons=answered_outline(), first=calendar.at(-90), last=calendar.at(-30))
    for lesson in outline():
        walk_lesson(enrol_learner(walked, lesson.course), lesson)

    assert _learned(written) == _learned(walked)


def _learned(user):
    enrolments = Enrolment.objects.filter(learner=user).order_by("course__code")
    answers = PracticeAnswer.objects.filter(enrolment__learner=user).order_by("lesson__code", "question_key")
    done = LessonCompletion.objects.filter(enrolment__learner=user, read_at__isnull=False, practice_passed_at__isnull=False)
    return (
        list(enrolments.values_list("course__code", "status", "last_lesson__code")),
        list(answers.values_list("lesson__code", "question_key", "answer", "is_right")),
        list(done.filter(completed_at__isnull=False).order_by("lesson__code").values_list("lesson__code", flat=True)),
    )


def test_a_candidate_who_passes_has_an_application(seeded):
    from random import Random

    from demo.seed.sitting_past import write_past_answers
    from exams.actions.delivery import start_attempt, submit_attempt
    from exams.actions.scoring import score_attempt
    from tests.factories.results import release_result

    assert len(seeded["registrations"]) == 3
    for uuid in seeded["registrations"]:
        attempt = start_attempt(Registration.objects.get(uuid=uuid))
        write_past_answers(attempt, share=0.9, until=timezone.now(), rng=Random(1))
        submit_attempt(attempt, lease=attempt.lease)
        result = release_result(score_attempt(attempt.pk), by=login("certification_officer"))
        assert result.outcome == Result.Outcome.PASSED
        assert Application.objects.get(applicant=attempt.registration.candidate).status == Application.Status.OPEN


def test_one_officer_may_decide_and_the_other_taught_them(seeded):
    application = Application.objects.filter(status=Application.Status.OPEN).first()

    with pytest.raises(TaughtThisPerson):
        decide_application(
            application, outcome="granted", reasons="Everything is met.", by=login("certification_officer_instructor")
        )
    decision = decide_application(
        application, outcome="granted", reasons="Everything is met.", by=login("certification_officer")
    )

    assert decision.certificates.get().status == Certificate.Status.VALID


def test_the_name_no_font_can_print_is_parked_with_its_reason(seeded):
    from certificates.actions.documents import render_document

    document = RenderedDocument.objects.get(certificate__holder__email=cast.ARMENIAN.email)

    parked = render_document(document.pk)

    assert parked.status == RenderedDocument.Status.PARKED
    assert "U+" in parked.failure


def test_one_sitting_is_open_for_weeks_one_comes_and_the_past_is_closed(seeded):
    now = timezone.now()

    open_now = Sitting.objects.get(code=exams.OPEN.code(Calendar.read()))
    assert open_now.opens_at < now < now + timedelta(days=21) < open_now.closes_at
    assert Sitting.objects.filter(opens_at__gt=now).count() == 1
    assert set(Sitting.objects.filter(closes_at__lt=now).values_list("status", flat=True)) == {Sitting.Status.CLOSED}
    assert Attempt.objects.filter(status__in=["open", "paused"]).count() == 0
    assert [str(each) for each in Attempt.objects.order_by("pk").values_list("uuid", flat=True)] == seeded["attempts"]
