"""The PDF is made once, whoever fails, races or dies on the way."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from certificates import errors
from certificates.actions import documents
from certificates.actions.documents import claim_document, render_document, store_document, try_document_again
from certificates.actions.sweeping import sweep_certificates
from certificates.models import RenderedDocument
from common.errors import NotPermitted
from tests.factories.accounts import UserFactory, staff
from tests.factories.certificates import make_certificate, make_officer
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return make_certificate().document


@pytest.fixture
def broken_press(monkeypatch):
    def fail(certificate):
        raise OSError("disk full")

    monkeypatch.setattr("certificates.rendering.documents.render_certificate", fail)


def test_it_is_stored_with_its_hash(document):
    row = render_document(document.pk)
    assert row.status == "stored"
    content = row.file.read()
    assert hashlib.sha256(content).hexdigest() == row.sha256
    assert (len(content), row.tries) == (row.size, 1)
    assert content.startswith(b"%PDF-1.7")


def test_a_redelivered_task_changes_nothing(document):
    first = render_document(document.pk)
    assert render_document(document.pk) is None
    document.refresh_from_db()
    assert (document.stored_at, document.sha256) == (first.stored_at, first.sha256)


def test_one_worker_claims(document):
    assert claim_document(document.pk) is not None
    assert claim_document(document.pk) is None


def test_the_claim_of_a_dead_worker_runs_out(document):
    now = timezone.now()
    claim_document(document.pk, at=now)
    assert claim_document(document.pk, at=now + timedelta(seconds=59)) is None
    assert claim_document(document.pk, at=now + timedelta(seconds=61)) is not None


def test_two_workers_that_both_rendered_store_one_file(document):
    both = [RenderedDocument.objects.select_related("certificate").get(pk=document.pk) for _ in range(2)]
    first = store_document(both[0], b"%PDF one")
    second = store_document(both[1], b"%PDF two")
    assert first.sha256 == second.sha256 == hashlib.sha256(b"%PDF one").hexdigest()
    assert second.file.read() == b"%PDF one"


@pytest.mark.django_db(transaction=True)
def test_the_losers_file_is_removed():
    document = make_certificate().document
    both = [RenderedDocument.objects.select_related("certificate").get(pk=document.pk) for _ in range(2)]
    store_document(both[0], b"%PDF one")
    store_document(both[1], b"%PDF two")
    _folders, files = storages["private"].listdir("certificates")
    assert len([name for name in files if name.startswith(document.certificate.serial)]) == 1


def test_a_whole_file_of_a_killed_worker_is_used_again(document):
    document = RenderedDocument.objects.select_related("certificate").get(pk=document.pk)
    sha = hashlib.sha256(b"%PDF x").hexdigest()
    name = f"certificates/{document.certificate.serial}-{sha[:16]}.pdf"
    documents._write(name, b"%PDF x")
    assert store_document(document, b"%PDF x").file.name == name


def test_a_stored_document_never_changes(document):
    render_document(document.pk)
    for change in ({"sha256": "0" * 64}, {"file": "x"}, {"status": "waiting"}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            RenderedDocument.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        RenderedDocument.objects.filter(pk=document.pk)._raw_delete("default")


def test_failures_are_tried_again_with_growing_waits_then_parked(document, broken_press):
    now, waits = timezone.now(), []
    for _ in range(documents.MOST_TRIES):
        row = render_document(document.pk, at=now)
        waits.append((row.next_try_at - now).total_seconds())
        now = row.next_try_at
    assert waits[:4] == [10, 20, 40, 80]
    document.refresh_from_db()
    assert (document.status, document.tries, document.failure) == ("parked", 5, "OSError: disk full")
    assert render_document(document.pk, at=now + timedelta(days=1)) is None


def test_it_is_not_tried_before_its_time(document, broken_press):
    now = timezone.now()
    render_document(document.pk, at=now)
    assert render_document(document.pk, at=now + timedelta(seconds=9)) is None


def test_a_document_that_kills_every_worker_is_parked(document):
    now = timezone.now()
    for step in range(documents.MOST_TRIES):
        assert claim_document(document.pk, at=now + timedelta(minutes=2 * step)) is not None
    assert claim_document(document.pk, at=now + timedelta(hours=1)) is None
    document.refresh_from_db()
    assert document.status == "parked"


def test_a_name_no_font_can_print_is_parked_at_once_with_the_character():
    row = render_document(make_certificate(UserFactory(full_name="Ada 😀")).document.pk)
    assert row.status == "parked"
    assert "U+1F600" in row.failure


def test_the_button_starts_over_and_is_audited(document, broken_press, monkeypatch):
    now = timezone.now()
    for _ in range(5):
        now = render_document(document.pk, at=now).next_try_at
    monkeypatch.undo()
    eve = make_officer("Second Officer")
    try_document_again(document, by=eve)
    assert AuditEntry.objects.filter(act="document.try_again").count() == 1
    assert render_document(document.pk).status == "stored"


def test_the_button_is_for_officers_and_for_parked_documents(document):
    with pytest.raises(NotPermitted):
        try_document_again(document, by=staff(Role.AUDITOR))
    with pytest.raises(errors.DocumentNotParked):
        try_document_again(document, by=make_officer("Second Officer"))


def test_the_sweeper_rings_for_what_waits(document, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr("certificates.tasks.render_document_task.apply_async", lambda args, **_: rung.append(args[0]))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_certificates()["documents"] == 1
    assert rung == [document.pk]
    render_document(document.pk)
    assert sweep_certificates()["documents"] == 0


# --- the way to the file


@pytest.fixture
def adas():
    ada = UserFactory(full_name="Ada Byron")
    cohort = CohortFactory()
    certificate = make_certificate(ada, place=PlaceFactory(user=ada, cohort=cohort))
    render_document(certificate.document.pk)
    return certificate


def download(client, certificate, user):
    client.force_login(user)
    return client.get(reverse("certificates:download", args=[certificate.uuid]))


def test_the_holder_downloads_the_bytes_that_were_hashed(client, adas):
    answer = download(client, adas, adas.holder)
    content = b"".join(answer.streaming_content)
    adas.document.refresh_from_db()
    assert hashlib.sha256(content).hexdigest() == adas.document.sha256
    assert answer["Content-Disposition"] == f'attachment; filename="{adas.serial}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "application/pdf"


def test_who_else_may_and_may_not(client, adas):
    allowed = [make_manager(adas.partner), make_officer("Second Officer"), staff(Role.AUDITOR)]
    refused = [
        UserFactory(full_name="Ben"),
        make_manager(CohortFactory().partner, "Other Manager"),
        make_instructor(adas.partner),
        UserFactory(is_superuser=True, is_staff=True, email="boss@demo.touchstone.example"),
    ]
    assert [download(client, adas, user).status_code for user in allowed] == [200] * 3
    assert [download(client, adas, user).status_code for user in refused] == [404] * 4
    client.logout()
    assert client.get(reverse("certificates:download", args=[adas.uuid])).status_code == 302


def test_an_unfinished_document_is_not_found(client, document):
    assert download(client, document.certificate, document.certificate.holder).status_code == 404


def test_my_certificates_lists_mine_in_a_flat_number_of_queries(client, adas, django_assert_max_num_queries):
    client.force_login(adas.holder)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("certificates:mine")).content.decode()
    assert adas.serial in page
    client.force_login(UserFactory(full_name="Ben"))
    assert adas.serial not in client.get(reverse("certificates:mine")).content.decode()
