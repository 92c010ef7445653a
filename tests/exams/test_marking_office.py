"""The office of marking: how far it is, giving out and handing over, and how far markers agree."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from exams.models import Mark
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator
from tests.factories.exams import make_registration
from tests.factories.marking import FULL, HALF, NOTHING, allocated, give, marked_sitting, wrote

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def script_of(mark) -> str:
    return reverse("marking:script", args=[mark.task.script])


def fields(points, comment="", act="hand_in"):
    return {"criterion_1": points.get("c1", ""), "criterion_2": points.get("c2", ""), "comment": comment, act: "1"}


def office(name: str, sitting) -> str:
    return reverse(f"marking_office:{name}", args=[sitting.uuid])


def test_an_administrator_sees_how_far_it_is_and_gives_answers_out():
    sitting = marked_sitting(percent=0, examiners=2)
    wrote(sitting)
    client = signed_in(administrator())
    assert client.get(reverse("marking_office:index")).context["page_obj"][0].waiting == 1

    page = client.post(office("allocate", sitting), follow=True)

    assert "Answers given to a marker: 2." in page.content.decode()
    first, second = Mark.objects.order_by("round")
    give(first, FULL)
    give(second, NOTHING)
    assert client.get(office("detail", sitting)).context["totals"]["apart"] == 1
    page = client.post(office("allocate", sitting), follow=True).content.decode()
    assert "Nobody on duty may mark 1 of the answers" in page and first.task.script in page

    third = staff(Role.EXAMINER, "Third")
    client.post(office("assign", sitting), {"user": third.pk})
    client.post(office("allocate", sitting))
    assert Mark.objects.get(round=3).marker == third


def test_the_office_shows_no_candidate_and_no_answer():
    sitting = marked_sitting(percent=0, examiners=2)
    wrote(sitting, UserFactory(full_name="Ada Lovelace"))
    for mark in allocated(sitting):
        give(mark, comment="REMARK")

    for url in (reverse("marking_office:index"), office("detail", sitting)):
        page = signed_in(administrator()).get(url).content.decode()
        assert "Lovelace" not in page and "A risk is" not in page and "REMARK" not in page


def test_an_administrator_hands_a_pile_over_and_sets_the_rule():
    sitting = marked_sitting(marking="single", examiners=2)
    wrote(sitting)
    (mark,) = allocated(sitting)
    taker = sitting.staff.exclude(user=mark.marker).get().user
    client = signed_in(administrator())

    page = client.post(office("hand_over", sitting), {"giver": mark.marker_id, "taker": taker.pk, "reason": ""}, follow=True)
    assert "Say from whom to whom, and why." in page.content.decode()
    client.post(office("hand_over", sitting), {"giver": mark.marker_id, "taker": taker.pk, "reason": "Ill"})
    assert Mark.objects.get().marker == taker

    said = {"marking": "double", "third_above_percent": 30}
    page = client.post(office("rule", sitting), said, follow=True)
    assert "Answers to this exam are being written or marked right now." in page.content.decode()
    sitting.exam.refresh_from_db()
    assert sitting.exam.marking == "single"
    give(Mark.objects.get())
    from exams.actions.scoring import score_attempt

    score_attempt(mark.task.attempt_id)
    client.post(office("rule", sitting), said)
    sitting.exam.refresh_from_db()
    assert (sitting.exam.marking, sitting.exam.third_marker_above_percent) == ("double", 30)


def test_an_auditor_looks_on():
    sitting = marked_sitting()
    wrote(sitting)
    client = signed_in(staff(Role.AUDITOR, "Audrey"))

    page = client.get(office("detail", sitting))

    assert page.status_code == 200 and "<form" not in page.content.decode().split('class="bank"')[1].split("</main>")[0]
    assert client.post(office("allocate", sitting)).status_code == 404


def test_agreement_is_claimed_from_thirty_answers_on(monkeypatch):
    monkeypatch.setattr("exams.queries.agreement.LEAST_PAIRS", 3)
    sitting = marked_sitting(percent=100, examiners=2)
    for _ in range(2):
        wrote(sitting)
    for mark in allocated(sitting):
        give(mark, HALF)
    client = signed_in(administrator())
    assert "too few to say anything" in client.get(office("detail", sitting)).content.decode()

    wrote(sitting)
    for mark in allocated(sitting):
        if mark.marked_at is None:
            give(mark, FULL if mark.round == 1 else NOTHING)
    page = client.get(office("detail", sitting))

    (item,) = page.context["by_item"]
    assert (item.answers, item.is_one_way) == (3, False)
    assert item.kappa.value == pytest.approx(-0.5)
    first, second = page.context["by_marker"]
    assert first.severity.value == pytest.approx(-second.severity.value)


def test_every_page_asks_as_often_for_five_answers_as_for_two():
    sitting = marked_sitting(percent=0, examiners=2)
    wrote(sitting)
    wrote(sitting)
    marks = allocated(sitting)
    marker, admin = signed_in(marks[0].marker), signed_in(administrator())
    urls = [
        (marker, reverse("marking:index")),
        (marker, script_of(marks[0])),
        (admin, reverse("marking_office:index")),
        (admin, office("detail", sitting)),
    ]

    def counts():
        found = []
        for client, url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            found.append(len(asked))
        return found

    for mark in marks[:2]:
        give(mark)
    before = counts()
    for _ in range(3):
        wrote(sitting)
    for mark in allocated(sitting):
        if mark.marked_at is None and mark.task.pk % 2:
            give(mark)
    make_registration(sitting)

    assert counts() == before
    assert max(before) <= 25
