"""The roster's pages: upload, preview, apply, report."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners.models import Invitation, RosterImport
from partners.rosters.applying import preview_roster
from tests.factories.partners import xlsx

pytestmark = pytest.mark.django_db

GOOD = "姓名,邮箱,学号\n李小龙,long@uni.example,001\n王芳,fang@uni.example,002\n"
BAD = "Name,Email\nAda,ada(at)uni.example\n=cmd,=cmd@x.example\n"


def at(name, *args):
    return reverse(f"portal:{name}", args=["northern", *args])


@pytest.fixture
def mia(world, client):
    client.force_login(world.mia)
    return world.mia


def upload(client, world, content, name="名册.csv"):
    content = content if isinstance(content, bytes) else content.encode()
    return client.post(at("roster", world.cohort.uuid), {"file": SimpleUploadedFile(name, content), "language": "zh-hans"})


def test_from_file_to_cohort(world, client, mia):
    answer = upload(client, world, GOOD)
    roster = RosterImport.objects.get(file_name="名册.csv")
    assert answer["Location"] == at("roster_preview", roster.uuid)
    page = client.get(answer["Location"]).content.decode()
    assert "李小龙" in page
    assert "Ready to import" in page

    answer = client.post(at("roster_apply", roster.uuid), follow=True)
    assert "2 added, 0 changed" in answer.content.decode()
    assert set(Invitation.objects.filter(place__cohort=world.cohort, language="zh-hans").values_list("email", flat=True)) == {
        "long@uni.example",
        "fang@uni.example",
    }
    # The same file again: nothing would change, and the page says so.
    answer = client.get(upload(client, world, GOOD)["Location"])
    assert "This file changes nothing" in answer.content.decode()
    assert "The same file was imported on" in answer.content.decode()


def test_a_workbook_is_read_too(world, client, mia):
    answer = upload(client, world, xlsx(["Name", "Email"], ["Ada", "a@uni.example"]), "list.xlsx")
    assert answer.status_code == 302
    assert RosterImport.objects.get(file_name="list.xlsx").added_count == 1


def test_errors_are_shown_row_by_row_and_the_button_is_missing(world, client, mia):
    page = client.get(upload(client, world, BAD)["Location"])
    text = page.content.decode()
    assert "2 rows have errors" in text
    assert reverse("portal:roster_apply", args=["northern", RosterImport.objects.get(file_name="名册.csv").uuid]) not in text
    assert "starts like a formula" in text
    roster = RosterImport.objects.get(file_name="名册.csv")
    answer = client.post(at("roster_apply", roster.uuid))
    assert answer.status_code == 409
    assert "Nothing was imported" in answer.content.decode()


def test_a_file_nobody_can_read_is_refused_in_one_sentence(world, client, mia):
    count = RosterImport.objects.count()
    for content, words in ((b"%PDF-1.7", "PDF"), (b"PK\x03\x04", "damaged"), (b"a,b\n1,2\n", "No header row")):
        answer = upload(client, world, content)
        assert answer.status_code == 400
        assert words in answer.content.decode()
    assert RosterImport.objects.count() == count


def test_too_large_a_file_is_refused_by_the_form(world, client, mia):
    answer = upload(client, world, b"Name,Email\n" + b"x" * (5 * 1024 * 1024))
    assert answer.status_code == 400
    assert "larger than 5 MB" in answer.content.decode()


def test_too_few_seats_are_told_before_and_refused_after(world, client, mia):
    world.home.agreements.update(seats=3)
    location = upload(client, world, GOOD)["Location"]
    assert "Not enough seats" in client.get(location).content.decode()
    roster = RosterImport.objects.get(file_name="名册.csv")
    assert client.post(at("roster_apply", roster.uuid)).status_code == 409
    assert not Invitation.objects.filter(email="long@uni.example").exists()


def test_filter_and_pages_of_the_preview(world, client, mia):
    text = "Name,Email\n" + "".join(f"P{n},p{n}@uni.example\n" for n in range(120)) + "X,nope\n"
    roster = preview_roster(world.cohort, content=text.encode(), file_name="long.csv", by=mia)
    page = client.get(at("roster_preview", roster.uuid))
    assert len(page.context["rows"]) == 50
    assert client.get(at("roster_preview", roster.uuid), {"page": 3}).context["rows"][0]["line"] == 102
    errors = client.get(at("roster_preview", roster.uuid), {"outcome": "error"}).context["rows"]
    assert [row["line"] for row in errors] == [122]
    assert len(client.get(at("roster_preview", roster.uuid), {"outcome": "nonsense"}).context["rows"]) == 50


@pytest.mark.parametrize("people", [1, 3, 50])
def test_the_preview_costs_the_same(world, client, mia, people):
    text = "Name,Email\n" + "".join(f"P{n},p{n}@uni.example\n" for n in range(people))
    roster = preview_roster(world.cohort, content=text.encode(), file_name="long.csv", by=mia)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(at("roster_preview", roster.uuid)).status_code == 200
    assert len(queries) <= 25


def test_the_report_is_a_safe_table(world, client, mia):
    upload(client, world, BAD)
    roster = RosterImport.objects.get(file_name="名册.csv")
    answer = client.get(at("roster_report", roster.uuid))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Line", "Outcome", "E-mail address", "Name", "Remarks"]
    assert [row[0:2] for row in rows[1:]] == [["2", "error"], ["3", "error"]]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_compare_again_and_put_away(world, client, mia):
    assert client.post(at("roster_compare", world.roster.uuid))["Location"] == at("roster_preview", world.roster.uuid)
    client.post(at("roster_discard", world.roster.uuid))
    world.roster.refresh_from_db()
    assert (world.roster.status, world.roster.rows) == ("discarded", [])
    assert client.get(at("roster_preview", world.roster.uuid)).status_code == 200


def test_the_page_in_chinese(world, client, mia):
    client.cookies["language"] = "zh-hans"
    page = client.get(at("roster_preview", world.roster.uuid)).content.decode()
    assert "将发出邀请" in page
    assert "Will be invited" not in page
