"""Eve decides on Ada: once, impartially, with reasons, and the database agrees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, Role
from certificates import errors
from certificates.actions.applications import withdraw_application
from certificates.actions.decisions import decide_application
from certificates.models import Certificate, CertificateStatusChange, CertificationDecision, RenderedDocument
from certificates.rules import can_decide
from common.errors import NotPermitted
from exams.models import Registration, SittingStaff
from tests.factories.accounts import UserFactory, staff
from tests.factories.certificates import grant, make_application, make_certificate, make_officer, make_scheme, meet
from tests.factories.partners import CohortFactory, PlaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def insert_decision(application, by, at=None):
    """As somebody who goes round the action would."""
    with transaction.atomic():
        return CertificationDecision.objects.create(
            application=application,
            applicant=application.applicant,
            outcome="granted",
            reasons="because",
            decided_by=by,
            decided_at=at or timezone.now(),
        )


def test_a_grant_issues_one_certificate_in_the_same_transaction():
    application = make_application()
    officer = make_officer()

    decision = decide_application(application, outcome="granted", reasons="All met.", by=officer)

    certificate = Certificate.objects.get()
    application.refresh_from_db()
    assert application.status == "decided"
    assert certificate.decision == decision
    assert certificate.holder == application.applicant
    assert certificate.status == "valid"
    assert certificate.claims["holder"] == application.applicant.full_name
    assert certificate.claims["family_name"] == "Byron"
    assert certificate.claims["verify_url"].endswith(f"/verify/{certificate.token}/")
    assert certificate.document.status == RenderedDocument.Status.WAITING
    assert list(CertificateStatusChange.objects.values_list("before", "after")) == [("", "valid")]
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"application.decide", "certificate.issue"}


def test_validity_is_the_schemes():
    scheme = make_scheme(validity_months=36)
    certificate = make_certificate(scheme=scheme, at=timezone.now().replace(year=2026, month=2, day=28))
    assert (certificate.issued_on, certificate.valid_until) == (date(2026, 2, 28), date(2029, 2, 28))


def test_a_refusal_issues_nothing():
    decision = decide_application(make_application(), outcome="refused", reasons="Evidence is void.", by=make_officer())
    assert decision.outcome == "refused"
    assert not Certificate.objects.exists()


def test_deciding_twice_returns_the_standing_decision():
    application = make_application()
    first = grant(application)
    assert decide_application(application, outcome="granted", reasons="Again.", by=make_officer("Other")) == first
    assert Certificate.objects.count() == 1


def test_deciding_otherwise_afterwards_is_refused():
    application = make_application()
    grant(application)
    with pytest.raises(errors.AlreadyDecided):
        decide_application(application, outcome="refused", reasons="No.", by=make_officer("Other"))


def test_a_decision_needs_reasons():
    with pytest.raises(errors.ReasonMissing):
        decide_application(make_application(), outcome="granted", reasons="  ", by=make_officer())
    assert not CertificationDecision.objects.exists()


def test_nobody_is_certified_without_a_name():
    scheme = make_scheme()
    person = meet(UserFactory(full_name="", family_name=""), scheme)
    with pytest.raises(errors.HolderNameMissing):
        decide_application(make_application_for(person, scheme), outcome="granted", reasons="ok", by=make_officer())


def make_application_for(person, scheme):
    from certificates.actions.applications import open_application_if_eligible

    return open_application_if_eligible(person, scheme)


def test_a_withdrawn_application_is_not_decided():
    application = make_application()
    withdraw_application(application, by=application.applicant)
    with pytest.raises(errors.ApplicationClosed):
        grant(application)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.EXAMINER])
def test_only_officers_decide(role):
    with pytest.raises(NotPermitted):
        decide_application(make_application(), outcome="granted", reasons="ok", by=staff(role))


def test_a_superuser_is_no_officer():
    boss = UserFactory(is_superuser=True, is_staff=True)
    with pytest.raises(NotPermitted):
        decide_application(make_application(), outcome="granted", reasons="ok", by=boss)


def test_nobody_decides_on_themselves():
    officer = make_officer()
    application = make_application(officer)
    with pytest.raises(errors.DecidesOnThemselves):
        grant(application, officer=officer)
    with pytest.raises(DatabaseError):
        insert_decision(application, officer)


@pytest.mark.parametrize("days_ago, barred", [(-30, True), (0, True), (700, True), (760, False)])
def test_who_taught_within_24_months_does_not_decide(days_ago, barred):
    officer = make_officer()
    ended = timezone.now().date() - timedelta(days=days_ago)
    cohort = CohortFactory(instructor=officer, starts_on=ended - timedelta(days=90), ends_on=ended)
    application = make_application()
    PlaceFactory(cohort=cohort, user=application.applicant)

    assert bool(can_decide(officer, application)) is not barred
    if barred:
        with pytest.raises(errors.TaughtThisPerson):
            grant(application, officer=officer)
        with pytest.raises(DatabaseError, match="taught"):
            insert_decision(application, officer)
    else:
        assert grant(application, officer=officer).outcome == "granted"


@pytest.mark.parametrize("duty", ["invigilator", "examiner"])
def test_who_invigilated_or_examined_does_not_decide(duty):
    officer = make_officer()
    application = make_application()
    sitting = Registration.objects.get(candidate=application.applicant).sitting
    SittingStaff.objects.create(sitting=sitting, user=officer, duty=duty)

    with pytest.raises(errors.ExaminedThisPerson):
        grant(application, officer=officer)
    with pytest.raises(DatabaseError, match="examined"):
        insert_decision(application, officer)


def test_a_duty_in_somebody_elses_sitting_does_not_bar():
    officer = make_officer()
    application, other = make_application(), make_application()
    sitting = Registration.objects.get(candidate=other.applicant).sitting
    SittingStaff.objects.create(sitting=sitting, user=officer, duty="examiner")
    assert grant(application, officer=officer).outcome == "granted"


def test_the_database_wants_the_applicants_name_in_the_decision():
    application = make_application()
    with pytest.raises(DatabaseError, match="names the applicant"), transaction.atomic():
        CertificationDecision.objects.create(
            application=application,
            applicant=UserFactory(),
            outcome="granted",
            reasons="because",
            decided_by=make_officer(),
            decided_at=timezone.now(),
        )


def test_decisions_are_never_changed_or_deleted():
    decision = grant(make_application())
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificationDecision.objects.filter(pk=decision.pk).update(reasons="other")
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificationDecision.objects.filter(pk=decision.pk)._raw_delete("default")


def test_a_failing_issue_undoes_the_decision(monkeypatch):
    application = make_application()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("certificates.actions.decisions.issue_certificate", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        grant(application)
    assert not CertificationDecision.objects.exists()
    assert not AuditEntry.objects.filter(act="application.decide").exists()


def test_without_a_template_nothing_is_granted():
    application = make_application()
    from certificates.models import CertificateTemplate

    CertificateTemplate.objects.update(is_current=False)
    with pytest.raises(errors.NoTemplate), transaction.atomic():
        grant(application)
    assert not CertificationDecision.objects.exists()
