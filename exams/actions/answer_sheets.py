"""Answers written on paper: a sheet is opened, two people key it in, and when they agree it has become the attempt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import NotPermitted
from exams.actions.delivery import close_locked, new_lease
from exams.clock import server_now
from exams.errors import AnswersUnreadable, InvalidResponse, SheetNotPossible
from exams.item_types import canonical
from exams.models import AnswerSheet, Attempt, KeyIn, Paper, Registration, Response, Sitting
from exams.on_paper.letters import read_position
from exams.queries.on_paper import sheet_positions
from exams.rules.deadlines import deadlines_for, times_for
from exams.rules.on_paper import can_key_in
from exams.rules.permissions import can_invigilate

Status = AnswerSheet.Status


@transaction.atomic
def open_sheet(
    registration: Registration, *, reason: str, started_at: datetime, by: User, at: datetime | None = None
) -> AnswerSheet:
    """Note that this candidate sits on paper since `started_at`. Until the sheet is settled or discarded the exam room is shut.

    Raises NotPermitted, SheetNotPossible (which says why).
    """
    at = at or server_now()
    registration = Registration.objects.select_for_update(of=("self",)).select_related("candidate").get(pk=registration.pk)
    sitting = Sitting.objects.select_related("paper").get(pk=registration.sitting_id)
    if registration.candidate_id == by.pk or not can_invigilate(by, sitting):
        raise NotPermitted
    if not reason.strip():
        raise SheetNotPossible(_("Say why this exam is sat on paper."))
    _refuse_sheet(registration, sitting, started_at, at)
    sheet = AnswerSheet.objects.create(
        registration=registration,
        paper=sitting.paper,
        language=registration.language,
        reason=reason.strip()[:240],
        started_at=started_at,
        opened_by=by,
        opened_at=at,
    )
    record(
        "answer_sheet.opened",
        sheet,
        by=by,
        summary=sitting.code,
        partner=sitting.partner,
        details={"reason": sheet.reason},
        at=at,
    )
    return sheet


def _refuse_sheet(registration: Registration, sitting: Sitting, started_at: datetime, at: datetime) -> None:
    if sitting.is_rehearsal:
        raise SheetNotPossible(_("A rehearsal is not sat on paper."))
    if registration.status != Registration.Status.REGISTERED or sitting.status == Sitting.Status.CANCELLED:
        raise SheetNotPossible(_("This registration or its sitting was cancelled."))
    if registration.attempts.exists():
        raise SheetNotPossible(_("This exam was started in the exam room. Only an exam that was not can be sat on paper."))
    if registration.answer_sheets.exclude(status=Status.DISCARDED).exists():
        raise SheetNotPossible(_("There is an answer sheet of this candidate already."))
    if (
        sitting.paper.status == Paper.Status.DRAFT
        or not sitting.paper.renderings.filter(language=registration.language).exists()
    ):
        raise SheetNotPossible(_("The paper is not sealed in the language of this registration."))
    times = times_for(registration.candidate, sitting, at=started_at)
    if not times.opens_at <= started_at < times.start_by:
        raise SheetNotPossible(_("The start has to lie between the opening and the end of the sitting."))
    if started_at > at:
        raise SheetNotPossible(_("The start lies in the future."))


@transaction.atomic
def discard_sheet(sheet: AnswerSheet, *, reason: str, by: User, at: datetime | None = None) -> AnswerSheet:
    """Opened by mistake: it counts for nothing, and the exam room is open again. Raises NotPermitted, SheetNotPossible."""
    sheet = _open(sheet, by)
    if not reason.strip():
        raise SheetNotPossible(_("Say why this sheet is discarded."))
    sheet.status, sheet.closed_at = Status.DISCARDED, at or timezone.now()
    sheet.save(update_fields=["status", "closed_at"])
    record("answer_sheet.discarded", sheet, by=by, summary=str(sheet.pk), details={"reason": reason.strip()[:240]}, at=at)
    return sheet


@transaction.atomic
def key_in(
    sheet: AnswerSheet, said: Mapping[str, str], *, handed_in_at: datetime, by: User, at: datetime | None = None
) -> AnswerSheet:
    """Store what one person reads off the sheet (fields of exams.on_paper.letters); again, it replaces what they keyed in.

    When the other half says the same, answer by answer and to the minute, the sheet is settled: the attempt exists,
    handed in, and is scored like any other. Raises NotPermitted, SheetNotPossible, AnswersUnreadable (`problems` by field).
    """
    at = at or server_now()
    sheet = _open(sheet, by)
    _refuse_time(sheet, handed_in_at, at)
    answers = _read(sheet, said)
    half = _half_for(sheet, by)
    KeyIn.objects.update_or_create(
        sheet=sheet, person=by, defaults={"half": half, "answers": answers, "handed_in_at": handed_in_at, "keyed_at": at}
    )
    record("answer_sheet.keyed_in", sheet, by=by, summary=str(sheet.pk), details={"half": half, "answers": len(answers)}, at=at)
    halves = list(sheet.key_ins.all())
    if len(halves) == 2 and not differences(halves[0], halves[1]):
        _settle(sheet, halves[0], by=by, at=at)
    return sheet


def differences(one: KeyIn, other: KeyIn) -> list[str]:
    """Positions keyed in differently, in order; "time" when the time of hand-in differs."""
    positions = sorted(one.answers.keys() | other.answers.keys(), key=int)
    unequal = [position for position in positions if one.answers.get(position) != other.answers.get(position)]
    return unequal + (["time"] if one.handed_in_at != other.handed_in_at else [])


def _open(sheet: AnswerSheet, by: User) -> AnswerSheet:
    # The registration first, as everywhere: a start in the exam room waits for it, or is waited for.
    Registration.objects.select_for_update(of=("self",)).get(pk=sheet.registration_id)
    sheet = (
        AnswerSheet.objects.select_for_update(of=("self",))
        .select_related("registration__sitting", "registration__candidate", "paper")
        .get(pk=sheet.pk)
    )
    if not can_key_in(by, sheet):
        raise NotPermitted
    if sheet.status != Status.OPEN:
        raise SheetNotPossible(_("This answer sheet is closed: it was settled or discarded."))
    return sheet


def _refuse_time(sheet: AnswerSheet, handed_in_at: datetime, at: datetime) -> None:
    if not sheet.started_at < handed_in_at <= at:
        raise SheetNotPossible(_("The time of hand-in lies before the start or in the future."))
    if handed_in_at > deadlines_for(sheet.registration, started_at=sheet.started_at).closes_at:
        raise SheetNotPossible(
            _("The time of hand-in lies after the end of this candidate's time. What was written later does not count.")
        )


def _read(sheet: AnswerSheet, said: Mapping[str, str]) -> dict[str, Any]:
    answers, problems = {}, {}
    for position in sheet_positions(sheet):
        try:
            body = read_position(position, said)
        except InvalidResponse as refusal:
            problems[str(position["position"])] = str(refusal.text)
            continue
        if body is not None:
            answers[str(position["position"])] = body
    if problems:
        raise AnswersUnreadable(problems=problems)
    return answers


def _half_for(sheet: AnswerSheet, by: User) -> int:
    taken = dict(sheet.key_ins.values_list("person_id", "half"))
    if by.pk in taken:
        return taken[by.pk]
    free = [half for half in (1, 2) if half not in taken.values()]
    if not free:
        raise SheetNotPossible(_("Two other people have keyed in this sheet. One of them corrects what differs."))
    return free[0]


def _settle(sheet: AnswerSheet, agreed: KeyIn, *, by: User, at: datetime) -> None:
    registration = sheet.registration
    if registration.attempts.exists():
        raise SheetNotPossible(_("This exam was started in the exam room. Only an exam that was not can be sat on paper."))
    ends = deadlines_for(registration, started_at=sheet.started_at)
    attempt = Attempt.objects.create(
        registration=registration,
        paper=sheet.paper,
        language=sheet.language,
        lease=new_lease(),
        started_at=sheet.started_at,
        closes_at=ends.closes_at,
        accept_until=ends.accept_until,
    )
    Response.objects.bulk_create(
        Response(attempt=attempt, position=int(position), seq=1, body=canonical(body), saved_at=agreed.handed_in_at)
        for position, body in agreed.answers.items()
    )
    close_locked(attempt, Attempt.Status.SUBMITTED, agreed.handed_in_at)
    sheet.status, sheet.attempt, sheet.handed_in_at, sheet.closed_at = Status.SETTLED, attempt, agreed.handed_in_at, at
    sheet.save(update_fields=["status", "attempt", "handed_in_at", "closed_at"])
    details = {"attempt": str(attempt.uuid), "digest": (attempt.receipt or {}).get("digest")}
    record("answer_sheet.settled", sheet, by=by, summary=str(sheet.pk), details=details, at=at)
