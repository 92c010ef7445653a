"""What may happen to an issued certificate, and what the database never lets happen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, Role
from certificates import errors
from certificates.actions import standing
from certificates.integrity import acts_are_audited, corrections_match, decisions_and_certificates_match, status_matches_history
from certificates.models import Certificate, CertificateStatusChange
from certificates.signals import certificate_status_changed
from common.errors import NotPermitted
from tests.factories.accounts import staff
from tests.factories.certificates import make_certificate, make_officer

pytestmark = pytest.mark.django_db

ACTS = [standing.suspend_certificate, standing.withdraw_certificate, standing.reinstate_certificate]


@pytest.fixture
def eve():
    return make_officer()


@pytest.fixture
def certificate(eve):
    return make_certificate(officer=eve)


def test_suspending_and_reinstating_leave_history_and_audit(certificate, eve):
    standing.suspend_certificate(certificate, reason="Complaint.", by=eve)
    certificate = standing.reinstate_certificate(certificate, reason="Complaint not upheld.", by=eve)
    assert certificate.status == "valid"
    assert list(certificate.status_changes.values_list("before", "after", "reason")) == [
        ("", "valid", "granted"),
        ("valid", "suspended", "Complaint."),
        ("suspended", "valid", "Complaint not upheld."),
    ]
    assert AuditEntry.objects.filter(act="certificate.suspended").count() == 1
    assert AuditEntry.objects.filter(act="certificate.valid").count() == 1


def test_doing_it_twice_changes_nothing(certificate, eve):
    standing.suspend_certificate(certificate, reason="a", by=eve)
    standing.suspend_certificate(certificate, reason="b", by=eve)
    assert CertificateStatusChange.objects.filter(after="suspended").count() == 1


def test_withdrawn_is_for_good(certificate, eve):
    standing.withdraw_certificate(certificate, reason="Fraud.", by=eve)
    for act in (standing.suspend_certificate, standing.reinstate_certificate):
        with pytest.raises(errors.IllegalMove):
            act(certificate, reason="x", by=eve)


@pytest.mark.parametrize("act", ACTS)
def test_a_reason_is_needed(certificate, eve, act):
    with pytest.raises(errors.ReasonMissing):
        act(certificate, reason=" ", by=eve)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.EXAMINER])
@pytest.mark.parametrize("act", ACTS)
def test_only_officers(certificate, act, role):
    with pytest.raises(NotPermitted):
        act(certificate, reason="x", by=staff(role))


def test_an_officer_does_not_touch_their_own(eve):
    own = make_certificate(make_officer("Fay Officer"), officer=eve)
    with pytest.raises(NotPermitted):
        standing.suspend_certificate(own, reason="x", by=own.holder)


def test_expiry_is_the_day_after_the_last(certificate):
    last = timezone.now().replace(
        year=certificate.valid_until.year, month=certificate.valid_until.month, day=certificate.valid_until.day
    )
    assert standing.expire_certificate(certificate, at=last).status == "valid"
    assert standing.expire_certificate(certificate, at=last + timedelta(days=1)).status == "expired"
    assert standing.expire_certificate(certificate, at=last + timedelta(days=2)).status == "expired"
    assert CertificateStatusChange.objects.filter(after="expired").count() == 1


def test_the_daily_task_expires_what_ended(certificate, time_machine):
    from certificates.tasks import expire_certificates_task

    time_machine.move_to(timezone.now() + timedelta(days=365 * 4))
    expire_certificates_task()
    certificate.refresh_from_db()
    assert certificate.status == "expired"


def test_a_correction_supersedes_and_keeps_the_old(certificate, eve):
    before = dict(certificate.claims)
    new = standing.supersede_certificate(certificate, name="Ada King", family_name="King", reason="Married.", by=eve)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.claims, certificate.successor) == ("superseded", before, new)
    assert (new.status, new.claims["holder"], new.claims["family_name"]) == ("valid", "Ada King", "King")
    assert new.serial != certificate.serial
    assert (new.decision, new.valid_until, new.claims["serial"]) == (certificate.decision, certificate.valid_until, new.serial)
    assert new.document.status == "waiting"
    again = standing.supersede_certificate(certificate, name="Ada Other", family_name="O", reason="again", by=eve)
    assert again == new


def test_a_correction_can_be_corrected(certificate, eve):
    second = standing.supersede_certificate(certificate, name="Ada King", family_name="King", reason="a", by=eve)
    third = standing.supersede_certificate(second, name="Ada Queen", family_name="Queen", reason="b", by=eve)
    assert Certificate.objects.exclude(status="superseded").get() == third
    for check in (corrections_match, decisions_and_certificates_match, status_matches_history, acts_are_audited):
        assert list(check()) == []


def test_correcting_nothing_is_refused(certificate, eve):
    claims = certificate.claims
    with pytest.raises(errors.NothingCorrected):
        standing.supersede_certificate(
            certificate, name=claims["holder"], family_name=claims["family_name"], reason="x", by=eve
        )


def test_a_suspended_certificate_is_not_corrected(certificate, eve):
    standing.suspend_certificate(certificate, reason="x", by=eve)
    with pytest.raises(errors.IllegalMove):
        standing.supersede_certificate(certificate, name="Ada King", family_name="King", reason="x", by=eve)


@pytest.mark.parametrize(
    "change",
    [
        {"claims": {}},
        {"serial": "TS-PTL1-26-AAAAAA-A"},
        {"token": "A" * 26},
        {"valid_until": "2099-01-01"},
        {"issued_on": "2001-01-01"},
        {"cycle": 2},
        {"partner_id": None},
    ],
)
def test_the_database_keeps_what_was_issued(change):
    from tests.factories.accounts import UserFactory
    from tests.factories.partners import PlaceFactory

    ada = UserFactory()
    certificate = make_certificate(ada, place=PlaceFactory(user=ada))
    with pytest.raises(DatabaseError, match="stays as issued"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**change)


@pytest.mark.parametrize("before, after", [("withdrawn", "valid"), ("expired", "valid"), ("suspended", "superseded")])
def test_the_database_refuses_illegal_moves(certificate, before, after):
    Certificate.objects.filter(pk=certificate.pk).update(status=before)
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(status=after)


def test_certificates_and_their_history_are_never_deleted(certificate):
    for rows in (Certificate.objects.all(), CertificateStatusChange.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateStatusChange.objects.update(reason="x")


def test_the_change_is_told_after_the_commit(certificate, eve, django_capture_on_commit_callbacks):
    heard = []

    def hear(certificate_id, **_):
        heard.append(certificate_id)

    certificate_status_changed.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        standing.suspend_certificate(certificate, reason="x", by=eve)
        assert heard == []
    certificate_status_changed.disconnect(hear)
    assert heard == [certificate.pk]
