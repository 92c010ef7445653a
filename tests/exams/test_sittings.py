"""Arranging sittings: when, on which paper, by whom watched, and for whom adjusted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Role
from exams.actions.accommodations import end_accommodation, grant_accommodation
from exams.actions.sittings import (
    assign_staff,
    cancel_sitting,
    change_sitting,
    close_sitting,
    release_staff,
    schedule_sitting,
)
from exams.errors import (
    AccommodationInvalid,
    CodeTaken,
    DutyNotPossible,
    NotYourBank,
    PaperNotSealed,
    SittingCancelled,
    SittingInvalid,
    SittingStarted,
    SittingStillRuns,
)
from exams.models import Attempt, Paper, Registration, Sitting
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator, cleo, person
from tests.factories.exams import make_paper, make_registration, make_sitting

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.get_default_timezone())

db = pytest.mark.django_db


def schedule(paper: Paper, **changes: Any) -> Sitting:
    plan = {
        "code": "s-1",
        "name": "Monday",
        "opens_at": NOON,
        "closes_at": NOON + timedelta(hours=2),
        "capacity": 20,
        "by": administrator(),
    }
    return schedule_sitting(paper.exam, paper, **{**plan, **changes})


@db
def test_a_sitting_takes_the_minutes_of_its_paper() -> None:
    paper = make_paper()

    sitting = schedule(paper)

    assert (sitting.minutes, sitting.capacity, sitting.status, sitting.grace_seconds) == (60, 20, "planned", 10)
    with pytest.raises(CodeTaken):
        schedule(paper)


@db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_at": NOON + timedelta(minutes=59)}, "at least the 60 minutes"),
        ({"closes_at": NOON - timedelta(minutes=1)}, "at least the 60 minutes"),
        ({"capacity": 0}, "at least one place"),
    ],
)
def test_a_sitting_that_cannot_work_is_refused_in_words(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SittingInvalid, match=sentence):
        schedule(make_paper(), **changes)


@db
def test_a_sitting_needs_a_sealed_paper_of_its_exam_and_an_administrator() -> None:
    draft, sealed = make_paper(sealed=False), make_paper()

    with pytest.raises(PaperNotSealed):
        schedule(draft)
    with pytest.raises(SittingInvalid, match="another exam"):
        schedule_sitting(
            draft.exam, sealed, code="s", name="S", opens_at=NOON, closes_at=NOON + timedelta(hours=2), capacity=1,
            by=administrator(),
        )  # fmt: skip
    with pytest.raises(NotYourBank):
        schedule(sealed, by=cleo())


@db
def test_duties_need_their_role_and_are_not_for_candidates() -> None:
    sitting, dan = make_sitting(), staff(Role.INVIGILATOR, "Dan")

    assign_staff(sitting, dan, duty="invigilator", by=administrator())
    assign_staff(sitting, dan, duty="invigilator", by=administrator())

    assert sitting.staff.count() == AuditEntry.objects.filter(act="sitting.staff_assigned").count() == 1
    with pytest.raises(DutyNotPossible, match="does not have the role"):
        assign_staff(sitting, dan, duty="examiner", by=administrator())
    sitting_one = staff(Role.INVIGILATOR, "Ada Too")
    make_registration(sitting, sitting_one)
    with pytest.raises(DutyNotPossible, match="is a candidate"):
        assign_staff(sitting, sitting_one, duty="invigilator", by=administrator())


@db
def test_who_was_on_duty_stays_once_the_sitting_has_opened() -> None:
    sitting = make_sitting()
    duty = assign_staff(sitting, staff(Role.INVIGILATOR, "Dan"), duty="invigilator", by=administrator())

    with pytest.raises(DutyNotPossible):
        release_staff(duty, by=administrator())
    release_staff(duty, by=administrator(), at=sitting.opens_at - timedelta(minutes=1))
    assert not sitting.staff.exists()


def started(sitting: Sitting, **fields: Any) -> Attempt:
    registration = make_registration(sitting)
    closes_at = fields.pop("closes_at", sitting.closes_at)
    return Attempt.objects.create(
        registration=registration, paper=sitting.paper, language="en", lease="x", started_at=sitting.opens_at,
        closes_at=closes_at, accept_until=closes_at, **fields,
    )  # fmt: skip


@db
def test_cancelling_takes_the_registrations_along_unless_somebody_started() -> None:
    sitting, other = make_sitting(), make_sitting()
    make_registration(sitting)
    started(other)

    with pytest.raises(SittingInvalid, match="Say why"):
        cancel_sitting(sitting, reason=" ", by=administrator())
    cancel_sitting(sitting, reason="Power cut", by=administrator())

    assert list(Registration.objects.filter(sitting=sitting).values_list("status", flat=True)) == ["cancelled"]
    with pytest.raises(SittingCancelled):
        cancel_sitting(sitting, reason="Again", by=administrator())
    with pytest.raises(SittingStarted):
        cancel_sitting(other, reason="Too late", by=administrator())
    with pytest.raises(SittingStarted):
        change_sitting(other, name="N", opens_at=NOON, closes_at=NOON + timedelta(hours=3), capacity=5, by=administrator())


@db
def test_a_sitting_shrinks_no_further_than_its_registrations() -> None:
    sitting = make_sitting()
    for _ in range(2):
        make_registration(sitting, UserFactory())
    times = {"opens_at": sitting.opens_at, "closes_at": sitting.closes_at, "name": "New name"}

    with pytest.raises(SittingInvalid, match="2 people"):
        change_sitting(sitting, **times, capacity=1, by=administrator())
    assert change_sitting(sitting, **times, capacity=2, by=administrator()).name == "New name"


@db
def test_a_sitting_closes_when_its_time_and_its_exams_are_over() -> None:
    sitting = make_sitting()
    attempt = started(sitting)
    after = sitting.closes_at + timedelta(minutes=1)

    with pytest.raises(SittingStillRuns, match="until its closing time"):
        close_sitting(sitting, by=administrator(), at=sitting.closes_at - timedelta(minutes=1))
    with pytest.raises(SittingStillRuns, match="still open"):
        close_sitting(sitting, by=administrator(), at=after)
    Attempt.objects.filter(pk=attempt.pk).update(status="timed_out", submitted_at=after, receipt={})
    closed = close_sitting(sitting, by=administrator(), at=after)

    assert (closed.status, close_sitting(closed, by=administrator(), at=after).status) == ("closed", "closed")


@db
def test_accommodations_are_bounded_and_their_reason_stays_out_of_the_trail() -> None:
    ada, span = UserFactory(), {"valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31)}

    granted = grant_accommodation(ada, extra_time_percent=25, reason="DIAGNOSIS", **span, by=administrator())

    assert "DIAGNOSIS" not in str(AuditEntry.objects.values_list("summary", "details"))
    assert end_accommodation(granted, on=date(2026, 6, 30), by=administrator()).valid_until == date(2026, 6, 30)
    for percent in (0, 201):
        with pytest.raises(AccommodationInvalid):
            grant_accommodation(ada, extra_time_percent=percent, **span, by=administrator())
    with pytest.raises(AccommodationInvalid, match="themselves"):
        grant_accommodation(administrator(), extra_time_percent=25, **span, by=administrator())
    with pytest.raises(NotYourBank):
        grant_accommodation(ada, extra_time_percent=25, **span, by=person(Role.CERTIFICATION_OFFICER, "Eve"))
    with pytest.raises(AccommodationInvalid):
        end_accommodation(granted, on=date(2027, 1, 1), by=administrator())
