"""The partner's certificate register and what is taken home from it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from certificates.actions.standing import suspend_certificate
from certificates.models import RegisterExport
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_certificate, make_scheme, the_officer
from tests.factories.partners import PlaceFactory

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"portal:{name}", args=["northern", *args])


@pytest.fixture
def mia(world, client):
    client.force_login(world.mia)
    return world.mia


@pytest.fixture
def second(world):
    """Ben's certificate, of another scheme and cohort, suspended."""
    place = PlaceFactory(cohort=world.elsewhere, user=UserFactory(full_name="Ben Bitdiddle", family_name="Bitdiddle"))
    certificate = make_certificate(place.user, make_scheme(code="OTHER"), place=place)
    return suspend_certificate(certificate, reason="under investigation", by=the_officer())


@pytest.fixture
def foreign(world):
    place = PlaceFactory(cohort__partner=world.other, user=UserFactory(full_name="Zed Foreign", family_name="Foreign"))
    return make_certificate(place.user, place=place)


def serials(client, **query):
    return [certificate.serial for certificate, _status in client.get(at("register"), query).context["rows"]]


def test_filters_search_and_sorts(world, client, mia, second, foreign):
    first = world.certificate
    today = timezone.localdate()
    assert set(serials(client)) == {first.serial, second.serial}
    assert serials(client, status="suspended") == [second.serial]
    assert serials(client, status="valid") == [first.serial]
    assert serials(client, status="expiring") == []
    assert serials(client, cohort=str(world.cohort.uuid)) == [first.serial]
    assert serials(client, scheme="OTHER") == [second.serial]
    assert serials(client, search="bitdiddle") == [second.serial]
    assert serials(client, search=first.serial) == [first.serial]
    assert serials(client, issued_from=str(today + timedelta(days=1))) == []
    assert serials(client, sort="name") == [first.serial, second.serial]
    assert serials(client, search="Foreign") == []


def test_nonsense_in_the_address_filters_nothing_and_foreign_cohorts_are_no_choice(world, client, mia, foreign):
    assert serials(client, issued_from="yesterday", sort="x", scheme="x") == [world.certificate.serial]
    assert serials(client, cohort=str(foreign.cohort.uuid)) == [world.certificate.serial]
    page = client.get(at("register")).content.decode()
    assert str(foreign.cohort.uuid) not in page


def test_expiring_certificates(world, client, mia, time_machine):
    time_machine.move_to(
        timezone.now() + (world.certificate.valid_until - timezone.localdate()) - timedelta(days=30), tick=False
    )
    client.force_login(mia)
    assert serials(client, status="expiring") == [world.certificate.serial]


@pytest.mark.parametrize("number", [1, 3, 50])
def test_the_register_costs_the_same(world, client, mia, number):
    scheme = make_scheme()
    for _number in range(number):
        place = PlaceFactory(cohort=world.cohort)
        make_certificate(place.user, scheme, place=place)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(at("register"))
    assert len(answer.context["rows"]) == min(number + 1, 25)
    assert len(queries) <= 25


def test_csv_is_filtered_and_no_cell_is_a_formula(world, client, mia, second, foreign):
    place = PlaceFactory(cohort=world.cohort, user=UserFactory(full_name='=HYPERLINK("http://evil.example")', family_name="E"))
    make_certificate(place.user, place=place)
    answer = client.get(at("register_csv"))
    assert 'filename="register-northern.csv"' in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:2] == ["Certificate number", "Holder"]
    assert len(rows) == 4
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)
    only = list(csv.reader(io.StringIO(client.get(at("register_csv"), {"status": "suspended"}).content.decode("utf-8-sig"))))
    assert [row[0] for row in only[1:]] == [second.serial]


def test_xlsx_holds_the_same(world, client, mia):
    book = load_workbook(io.BytesIO(client.get(at("register_xlsx")).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][0] == world.certificate.serial
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_a_zip_is_asked_for_with_the_filter_of_the_screen(world, client, mia, second):
    world.export.delete()
    answer = client.post(at("register_zip"), {"status": "expiring", "cohort": str(world.cohort.uuid), "search": "ada"})
    export = RegisterExport.objects.get()
    assert answer["Location"] == at("export", export.uuid)
    assert export.filters == {"expiring_within": "90", "cohort": str(world.cohort.uuid), "search": "ada"}
    assert (export.partner, export.asked_by) == (world.home, mia)


def test_the_progress_page_asks_again_only_while_the_file_is_being_made(world, client, mia):
    RegisterExport.objects.update(status="running", done_count=3, total_count=7)
    page = client.get(at("export", world.export.uuid)).content.decode()
    assert "3 of 7" in page
    assert "data-hx-trigger" in page
    part = client.get(at("export", world.export.uuid), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    RegisterExport.objects.update(status="failed")
    assert "data-hx-trigger" not in client.get(at("export", world.export.uuid)).content.decode()


def test_the_file_is_handed_out_to_the_partners_managers_while_it_is_kept(world, client, mia, time_machine):
    assert client.get(at("export_file", world.export.uuid)).status_code == 404
    world.export.file.save("x.zip", ContentFile(b"PK zip"), save=False)
    world.export.status, world.export.ready_at = "ready", timezone.now()
    world.export.save()
    answer = client.get(at("export_file", world.export.uuid))
    assert b"".join(answer.streaming_content) == b"PK zip"
    assert answer["Cache-Control"] == "no-store"
    assert "certificates-northern-" in answer["Content-Disposition"]

    client.force_login(world.otto)
    assert client.get(at("export_file", world.export.uuid)).status_code == 404
    client.force_login(world.ines)
    assert client.get(at("export_file", world.export.uuid)).status_code == 404
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    client.force_login(mia)
    assert client.get(at("export_file", world.export.uuid)).status_code == 404
