"""The pages where administrators draw papers and arrange sittings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from exams.actions.papers import draw_paper
from exams.models import Accommodation, Blueprint, Paper, Sitting
from tests.exams.back_office import World, signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import (
    administrator,
    make_approved,
    make_blueprint,
    make_exam,
)
from tests.factories.exams import make_registration, make_sitting

pytestmark = pytest.mark.django_db

WRITER, REVIEWER, ADMINISTRATOR = Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR
BANK = {WRITER, REVIEWER, ADMINISTRATOR}


@pytest.fixture
def world() -> World:
    return World()


def test_an_administrator_defines_draws_seals_and_schedules() -> None:
    bank = make_approved(area=1).item.bank
    make_approved(bank=bank, area=1)
    client = signed_in(administrator())
    blueprint = {
        "code": "BP-N", "bank": bank.pk, "scored_items": 2, "pretest_items": 0, "minutes": 30, "cut_percent": "60",
        "area_floor_percent": 0, "rows": 4, "area_0_number": 1, "area_0_title": "One", "area_0_weight": 100, "area_0_items": 2,
    }  # fmt: skip

    answer = client.post(reverse("blueprints:add"), {**blueprint, "area_0_weight": 90})
    assert "90 percent instead of 100" in answer.content.decode()
    answer = client.post(reverse("blueprints:add"), {**blueprint, "area_0_competences": "XX-9"})
    assert "There is no competence XX-9." in answer.content.decode()
    client.post(reverse("blueprints:add"), blueprint)
    exam = make_exam(Blueprint.objects.get(code="BP-N"))
    answer = client.post(reverse("papers:draw"), {"exam": exam.pk, "code": "A", "seed": 3})
    paper = Paper.objects.get()
    assert answer.url == reverse("papers:detail", args=[paper.uuid])
    client.post(reverse("papers:seal", args=[paper.uuid]))
    page = client.get(answer.url).content.decode()
    assert "STEM" not in page and "Q-001 v1" in page and paper.items.count() == 2
    opens_at = timezone.now().replace(microsecond=0) + timedelta(days=1)
    client.post(
        reverse("sittings:add"),
        {
            "paper": paper.pk, "code": "s-1", "name": "Monday", "capacity": 5,
            "opens_at": f"{opens_at:%Y-%m-%dT%H:%M}", "closes_at": f"{opens_at + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        },
    )  # fmt: skip

    assert (Sitting.objects.get().paper.status, Sitting.objects.get().minutes) == ("sealed", 30)


def test_a_shortage_is_said_on_the_page_and_nothing_is_drawn() -> None:
    exam = make_exam(make_blueprint({6: 2}))

    page = signed_in(administrator()).post(reverse("papers:draw"), {"exam": exam.pk, "code": "A"}).content.decode()

    assert "2 more approved items are needed in area 6." in page
    assert not Paper.objects.exists()


def test_the_page_of_a_sitting_counts_and_lists(world: World) -> None:
    client = signed_in(administrator())
    answer = client.get(reverse("sittings:detail", args=[world.sitting.uuid]))

    assert (answer.context["summary"]["registered"], answer.context["summary"]["not_started"]) == (3, 3)
    assert "On Duty" in answer.content.decode()
    client.post(reverse("sittings:release", args=[world.sitting.uuid, world.duty.pk]))
    dan = staff(Role.EXAMINER, "Dan")
    client.post(reverse("sittings:assign", args=[world.sitting.uuid]), {"user": dan.pk, "duty": "examiner"})
    assert list(world.sitting.staff.values_list("user", "duty")) == [(dan.pk, "examiner")]
    client.post(reverse("sittings:cancel", args=[world.sitting.uuid]), {"reason": "Power cut"})
    world.sitting.refresh_from_db()
    assert world.sitting.status == "cancelled"


def test_the_page_of_a_sitting_costs_the_same_for_one_and_for_many(world: World, django_assert_max_num_queries: Any) -> None:
    client, url = signed_in(administrator()), reverse("sittings:detail", args=[world.sitting.uuid])
    client.get(url)
    with django_assert_max_num_queries(25) as few:
        client.get(url)
    for _ in range(4):
        make_registration(world.sitting, UserFactory())
    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_times_are_read_and_shown_in_the_persons_own_zone(world: World) -> None:
    adam = administrator()
    adam.time_zone = "Asia/Shanghai"
    adam.save()
    client, sitting = signed_in(adam), world.sitting
    plan = {"name": "Monday", "capacity": 5, "opens_at": "2027-03-01T09:00", "closes_at": "2027-03-01T12:00"}

    client.post(reverse("sittings:edit", args=[sitting.uuid]), plan)

    sitting.refresh_from_db()
    assert sitting.opens_at.isoformat() == "2027-03-01T01:00:00+00:00"
    assert "09:00" in client.get(reverse("sittings:detail", args=[sitting.uuid])).content.decode()
    assert 'value="2027-03-01T09:00"' in client.get(reverse("sittings:edit", args=[sitting.uuid])).content.decode()


def test_a_rehearsal_is_nobodys_business_here() -> None:
    sitting = make_sitting(is_rehearsal=True)
    client = signed_in(administrator())

    assert sitting.name not in client.get(reverse("sittings:index")).content.decode()
    assert client.get(reverse("sittings:detail", args=[sitting.uuid])).status_code == 404


def test_an_accommodation_is_granted_by_address_and_ended() -> None:
    ada, client = UserFactory(), signed_in(administrator())
    today = timezone.localdate()
    plan = {"extra_time_percent": 25, "valid_from": today, "valid_until": today + timedelta(days=90), "reason": "decision 1"}

    answer = client.post(reverse("accommodations:add"), {"email": "nobody@example.org", **plan})
    assert "No account has this address." in answer.content.decode()
    client.post(reverse("accommodations:add"), {"email": ada.email.upper(), **plan})
    granted = Accommodation.objects.get(candidate=ada)
    client.post(reverse("accommodations:end", args=[granted.pk]), {"on": today})

    granted.refresh_from_db()
    assert granted.valid_until == today


def test_drawing_from_the_same_seed_shows_the_same_paper() -> None:
    bank = make_approved(area=1).item.bank
    for _ in range(4):
        make_approved(bank=bank, area=1)
    exam = make_exam(make_blueprint({1: 2}, bank=bank))
    first = draw_paper(exam, code="A", seed=9, by=administrator())
    signed_in(administrator()).post(reverse("papers:draw"), {"exam": exam.pk, "code": "B", "seed": 9})

    versions = [list(paper.items.values_list("version", flat=True)) for paper in (first, Paper.objects.get(code="B"))]
    assert versions[0] == versions[1]
