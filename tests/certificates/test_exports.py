"""A partner's register: what it lists, and its ZIP of PDFs."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from certificates import errors
from certificates.actions import standing
from certificates.actions.documents import render_document
from certificates.actions.exports import (
    build_register_export,
    claim_export,
    discard_expired_exports,
    request_register_export,
    safe_name,
)
from certificates.models import Certificate, RegisterExport
from certificates.queries import register_counts, register_of, register_rows
from common.errors import NotPermitted
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_certificate, make_scheme, the_officer
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_manager

pytestmark = pytest.mark.django_db


def through(cohort, name="Ada Byron", scheme=None):
    person = UserFactory(full_name=name)
    return make_certificate(person, scheme, place=PlaceFactory(cohort=cohort, user=person))


@pytest.fixture
def cohort():
    return CohortFactory()


def test_the_register_holds_only_what_came_through_the_partner(cohort):
    ours, _theirs = through(cohort), through(CohortFactory())
    assert list(register_of(cohort.partner)) == [ours]


def test_filters(cohort):
    scheme = make_scheme()
    other = CohortFactory(partner=cohort.partner)
    valid, suspended = through(cohort, "Ada Byron", scheme), through(other, "Ben Smith", scheme)
    standing.suspend_certificate(suspended, reason="x", by=the_officer())
    today = timezone.now().date()
    find = lambda **filters: set(register_of(cohort.partner, **filters))  # noqa: E731
    assert find(status="valid") == {valid}
    assert find(status="suspended") == {suspended}
    assert find(cohort=str(other.uuid)) == {suspended}
    assert find(search="ada") == {valid}
    assert find(search=suspended.serial[-8:]) == {suspended}
    assert find(issued_from=today + timedelta(days=1)) == set()
    assert find(issued_until=today.isoformat()) == {valid, suspended}
    assert find(expiring_within=30) == set()
    assert find(expiring_within="1200") == {valid}
    assert find(status="expired", today=valid.valid_until + timedelta(days=1)) == {valid, suspended}
    assert find(status="valid", today=valid.valid_until + timedelta(days=1)) == set()


def test_counts_are_one_query(cohort, django_assert_num_queries):
    standing.withdraw_certificate(through(cohort), reason="x", by=the_officer())
    through(cohort, "Ben Smith")
    with django_assert_num_queries(1):
        counts = register_counts(cohort.partner)
    assert counts == {"issued": 2, "valid": 1, "expiring": 0, "suspended": 0, "withdrawn": 1, "expired": 0}


def test_rows_say_what_was_issued(cohort, django_assert_num_queries):
    certificate = through(cohort)
    through(cohort, "Ben Smith")
    with django_assert_num_queries(1):
        rows = list(register_rows(register_of(cohort.partner, sort="issued")))
    row = next(row for row in rows if row["serial"] == certificate.serial)
    assert (row["holder"], row["status"], row["verify_url"]) == ("Ada Byron", "valid", certificate.claims["verify_url"])


def test_the_zip_holds_the_stored_pdfs_under_safe_names(cohort):
    evil = through(cohort, "../../etc/pass:wd 张伟")
    waiting = through(cohort, "Ben Smith")
    render_document(evil.document.pk)
    export = request_register_export(cohort.partner, by=make_manager(cohort.partner))
    assert export.total_count == 1

    made = build_register_export(export.pk)

    assert (made.status, made.done_count, made.total_count) == ("ready", 1, 1) or made.status == "ready"
    made.refresh_from_db()
    assert (made.done_count, made.total_count) == (1, 1)
    with zipfile.ZipFile(io.BytesIO(made.file.read())) as archive:
        (name,) = archive.namelist()
        assert archive.read(name) == evil.document.__class__.objects.get(pk=evil.document.pk).file.read()
    assert "/" not in name
    assert ".." not in name
    assert name.startswith(evil.serial)
    assert "张伟" in name
    assert waiting.serial not in name
    assert AuditEntry.objects.filter(act="register.export").count() == 1


def test_a_redelivered_task_makes_it_once(cohort):
    export = request_register_export(cohort.partner, by=make_manager(cohort.partner))
    assert build_register_export(export.pk).status == "ready"
    assert build_register_export(export.pk) is None


def test_the_filter_of_the_screen_is_the_filter_of_the_file(cohort):
    scheme = make_scheme()
    first, second = through(cohort, "Ada Byron", scheme), through(cohort, "Ben Smith", scheme)
    for each in (first, second):
        render_document(each.document.pk)
    manager = make_manager(cohort.partner)
    export = request_register_export(cohort.partner, by=manager, filters={"search": "ada", "unknown": "x", "status": ""})
    assert export.filters == {"search": "ada"}
    made = build_register_export(export.pk)
    with zipfile.ZipFile(io.BytesIO(made.file.read())) as archive:
        assert [name[: len(first.serial)] for name in archive.namelist()] == [first.serial]


def test_a_sixth_running_export_is_refused(cohort):
    manager = make_manager(cohort.partner)
    for _ in range(5):
        request_register_export(cohort.partner, by=manager)
    with pytest.raises(errors.TooManyExports):
        request_register_export(cohort.partner, by=manager)
    other = CohortFactory().partner
    assert request_register_export(other, by=make_manager(other, "Other Manager")).status == "waiting"
    build_register_export(RegisterExport.objects.filter(partner=cohort.partner).first().pk)
    assert request_register_export(cohort.partner, by=manager).status == "waiting"


def test_only_managers_of_this_partner(cohort):
    strangers = [UserFactory(), make_instructor(cohort.partner), make_manager(CohortFactory().partner, "Other Manager")]
    for person in strangers:
        with pytest.raises(NotPermitted):
            request_register_export(cohort.partner, by=person)


def test_a_right_taken_away_meanwhile_stops_the_export(cohort):
    manager = make_manager(cohort.partner)
    export = request_register_export(cohort.partner, by=manager)
    manager.memberships.update(status="ended")
    assert build_register_export(export.pk).status == "failed"


def test_the_claim_of_a_dead_worker_runs_out_and_in_the_end_it_fails(cohort):
    export = request_register_export(cohort.partner, by=make_manager(cohort.partner))
    now = timezone.now()
    for step in range(3):
        assert claim_export(export.pk, at=now + timedelta(minutes=6 * step)) is not None
        assert claim_export(export.pk, at=now + timedelta(minutes=6 * step + 1)) is None
    assert claim_export(export.pk, at=now + timedelta(hours=1)) is None
    export.refresh_from_db()
    assert export.status == "failed"


def test_after_seven_days_file_and_row_are_gone(cohort):
    export = build_register_export(request_register_export(cohort.partner, by=make_manager(cohort.partner)).pk)
    storage, name = export.file.storage, export.file.name
    assert discard_expired_exports(at=timezone.now() + timedelta(days=6)) == 0
    assert storage.exists(name)
    assert discard_expired_exports(at=timezone.now() + timedelta(days=8)) == 1
    assert not storage.exists(name)
    assert not RegisterExport.objects.exists()


@pytest.mark.parametrize("holder", ["Ada/Byron", "..", "CON:", "a\nb", "x" * 200])
def test_names_are_safe(holder):
    name = safe_name(Certificate(serial="TS-1", claims={"holder": holder}))
    assert not set(name) & set('/\\:*?"<>|\n\r\0')
    assert name.startswith("TS-1_")
    assert len(name) < 100
