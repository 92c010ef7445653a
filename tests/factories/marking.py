"""Exams that people mark: a paper with essays, candidates who wrote, examiners on duty."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Role, User
from exams.actions.allocating import allocate_marking
from exams.actions.delivery import start_attempt, submit_attempt
from exams.actions.marking import hand_in_mark
from exams.actions.sealing import seal_paper
from exams.models import Attempt, Mark, MarkingTask, Response, Sitting, SittingStaff, Upload
from exams.tasks import score_attempt_task
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator, make_approved, make_paper_of
from tests.factories.exams import PersonFactory, make_registration, make_sitting
from tests.factories.partners import CohortFactory, PlaceFactory

FULL, HALF, NOTHING = {"c1": "2", "c2": "2"}, {"c1": "2", "c2": "0"}, {"c1": "0", "c2": "0"}


def marked_sitting(
    *types: str, marking: str = "double", percent: int = 25, examiners: int = 3, sitting: dict[str, Any] | None = None
) -> Sitting:
    """A sitting of a sealed paper: a true-false item, then one of each type given (an essay by default), each worth four
    points; and so many examiners on duty."""
    first = make_approved("true_false")
    versions = [first, *(make_approved(type, first.item.bank) for type in types or ("essay",))]
    paper = seal_paper(make_paper_of(versions), by=PersonFactory())
    paper.exam.marking, paper.exam.third_marker_above_percent = marking, percent
    paper.exam.save()
    found = make_sitting(paper, **(sitting or {}))
    before = SittingStaff.objects.count()
    for number in range(before, before + examiners):
        person = staff(Role.EXAMINER, f"Examiner {number}")
        SittingStaff.objects.create(sitting=found, user=person, duty="examiner")
    return found


def wrote(sitting: Sitting, person: User | None = None, **texts: str) -> Attempt:
    """A closed attempt whose essays say something; `wrote(sitting, p3="")` leaves position 3 empty."""
    attempt = start_attempt(make_registration(sitting, person or UserFactory()))
    for item in sitting.paper.items.select_related("version__item"):
        body = _body(attempt, item.position, item.version.item.type, texts.get(f"p{item.position}"))
        if body:
            Response.objects.create(
                attempt=attempt, position=item.position, seq=1, body=json.dumps(body), saved_at=timezone.now()
            )
    attempt = submit_attempt(attempt, lease=attempt.lease)
    score_attempt_task(attempt.pk)
    return attempt


def _body(attempt: Attempt, position: int, type: str, text: str | None) -> dict[str, str] | None:
    if type == "essay" and text != "":
        return {"text": text or "A risk is what may go wrong."}
    if type == "file_upload" and text != "":
        return {"upload": str(_upload(attempt, position).uuid)}
    return None


def _upload(attempt: Attempt, position: int) -> Upload:
    upload = Upload(
        attempt=attempt, position=position, name="ada-lovelace-answer.txt", size=9, sha256="0" * 64,
        media_type="text/plain", uploaded_at=timezone.now(),
    )  # fmt: skip
    upload.file.save(f"{upload.uuid.hex}.txt", ContentFile(b"my answer"), save=False)
    upload.save()
    return upload


def allocated(sitting: Sitting, seed: int = 1) -> list[Mark]:
    allocate_marking(sitting, by=administrator(), seed=seed)
    return list(Mark.objects.filter(task__attempt__registration__sitting=sitting).order_by("task", "round"))


def give(mark: Mark, points: dict[str, str] | None = None, **more: Any) -> MarkingTask:
    """The marker hands in, and the answer comes back as it stands then."""
    hand_in_mark(mark, points=FULL if points is None else points, comment=more.pop("comment", ""), by=mark.marker, **more)
    return MarkingTask.objects.get(pk=mark.task_id)


def task_of(attempt: Attempt) -> MarkingTask:
    """The one answer of an attempt that people mark."""
    return attempt.marking_tasks.get()


def teach(teacher: User, person: User, *, ended_days_ago: int) -> None:
    """The teacher instructed a cohort of this person that ended so many days ago."""
    today = timezone.now().date()
    begun, ended = today - timedelta(days=2000), today - timedelta(days=ended_days_ago)
    PlaceFactory(cohort=CohortFactory(instructor=teacher, starts_on=begun, ends_on=ended), user=person)
