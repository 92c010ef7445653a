"""A planted violation of each invariant is found, and a clean register is clean."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry
from certificates import integrity
from certificates.actions import standing
from certificates.actions.documents import render_document
from certificates.models import Application, Certificate, CertificateStatusChange, RenderedDocument
from tests.factories.certificates import make_certificate, the_officer

pytestmark = pytest.mark.django_db

CHECKS = [
    integrity.decisions_and_certificates_match,
    integrity.corrections_match,
    integrity.status_matches_history,
    integrity.documents_match_their_hash,
    integrity.claims_match_the_row,
    integrity.pending_work_is_done,
    integrity.acts_are_audited,
]


@pytest.fixture
def certificate():
    made = make_certificate()
    render_document(made.document.pk)
    standing.suspend_certificate(made, reason="x", by=the_officer())
    return Certificate.objects.get(pk=made.pk)


@pytest.fixture
def without_triggers(certificate):
    """As somebody with the database password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'certificates_%'")
            names = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'accounts_auditentry'")
            for name in [*names, *(row[0] for row in cursor.fetchall())]:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET session_replication_role = replica")
    yield certificate
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")


def found_by(check) -> list[str]:
    return [violation.problem for violation in check()]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_clean_register_is_clean(certificate, check):
    second = make_certificate()
    standing.supersede_certificate(second, name="Ada King", family_name="King", reason="x", by=the_officer())
    assert found_by(check) == []


def test_a_silent_change_of_status(without_triggers):
    Certificate.objects.update(status="valid")
    assert found_by(integrity.status_matches_history) == ["is valid, its history says suspended"]


def test_a_missing_history(without_triggers):
    CertificateStatusChange.objects.all()._raw_delete("default")
    assert len(found_by(integrity.status_matches_history)) == 1


def test_an_impossible_history(without_triggers):
    CertificateStatusChange.objects.filter(after="suspended").update(before="withdrawn")
    assert len(found_by(integrity.status_matches_history)) == 1


def test_changed_claims(without_triggers):
    Certificate.objects.update(claims={**without_triggers.claims, "valid_until": "2099-01-01"})
    assert found_by(integrity.claims_match_the_row) == ["its claims differ: valid_until"]


def test_one_changed_byte_on_the_disk(certificate):
    document = RenderedDocument.objects.get(certificate=certificate)
    path = document.file.path
    content = bytearray(open(path, "rb").read())  # noqa: SIM115, PTH123
    content[100] ^= 1
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(content)
    assert found_by(integrity.documents_match_their_hash) == ["its file is not the one that was stored"]
    document.file.storage.delete(document.file.name)
    assert found_by(integrity.documents_match_their_hash) == ["its file is missing"]


def test_a_decided_application_without_decision(certificate):
    from tests.factories.certificates import make_application

    application = make_application()
    Application.objects.filter(pk=application.pk).update(status="decided")
    assert found_by(integrity.decisions_and_certificates_match) == ["decided without a decision"]


def test_a_superseded_certificate_without_successor(without_triggers):
    Certificate.objects.update(status="superseded")
    assert "superseded by nothing" in found_by(integrity.corrections_match)
    assert "granted, but no certificate stands for it" in found_by(integrity.decisions_and_certificates_match)


def test_a_certificate_nobody_will_print(without_triggers):
    RenderedDocument.objects.all()._raw_delete("default")
    assert found_by(integrity.pending_work_is_done) == ["has no document row, so nobody will ever print it"]


def test_work_that_waits_too_long():
    document = make_certificate().document
    RenderedDocument.objects.filter(pk=document.pk).update(next_try_at=timezone.now() - timedelta(hours=2))
    assert len(found_by(integrity.pending_work_is_done)) == 1
    RenderedDocument.objects.filter(pk=document.pk).update(
        status="rendering", claimed_until=timezone.now() - timedelta(hours=2)
    )
    assert len(found_by(integrity.pending_work_is_done)) == 1


@pytest.mark.parametrize("act", ["application.decide", "certificate.issue", "certificate.suspended"])
def test_an_act_without_its_audit_entry(without_triggers, act):
    AuditEntry.objects.filter(act=act)._raw_delete("default")
    assert len(found_by(integrity.acts_are_audited)) == 1
