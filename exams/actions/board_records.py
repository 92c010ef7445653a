"""The board's record of a sitting: drawn up, signed by two, and then its results are released.

The second signature compares every covered result with what was drawn up; from then on they cannot change (trigger) until
they are out. A worker releases them batch by batch: each batch is one transaction with its audit entries, letters and news,
so that a worker that dies leaves whole batches behind and the sweeper rings for the rest.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions.audit import record as audit
from accounts.actions.letters import write_letter
from accounts.models import User
from common.errors import InvalidInput, NotPermitted
from common.events import announce, ring
from exams.actions.scoring import apply_cut
from exams.clock import server_now
from exams.errors import NothingHeld, OwnResult, RecordMoved, SecondPersonNeeded
from exams.models import BoardEntry, BoardRecord, CutDecision, Paper, Result, Sitting
from exams.queries.board_records import digest_of, figures_of, fingerprint, held_results_of, next_number
from exams.rules.results import is_candidate_under, is_on_board
from exams.signals import result_released

Status = BoardRecord.Status
BATCH = 50


@transaction.atomic
def draft_board_record(sitting: Sitting, *, incidents: str, decision: str, by: User, at: datetime | None = None) -> BoardRecord:
    """Draw up a record of every result of the sitting that is held; a draft that exists is drawn up again, unsigned.

    Raises NotPermitted, NothingHeld, OwnResult, InvalidInput.
    """
    if not is_on_board(by) or sitting.is_rehearsal:
        raise NotPermitted
    if not incidents.strip() or not decision.strip():
        raise InvalidInput(_("Say what happened at the sitting, even if nothing did, and what the board decides."))
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("exam").get(pk=sitting.pk)
    now = at or server_now()
    draft = sitting.board_records.filter(status=Status.DRAFT).first() or BoardRecord(
        sitting=sitting, number=next_number(sitting), drafted_by=by, drafted_at=now
    )
    draft.incidents, draft.decision = incidents.strip(), decision.strip()
    draft.drafted_by, draft.drafted_at = by, now
    draft.first_by = draft.first_at = None
    results = _covered(sitting)
    if not results:
        raise NothingHeld
    if any(result.attempt.registration.candidate_id == by.pk for result in results):
        raise OwnResult
    draft.figures, draft.digest = figures_of(sitting, results), digest_of(fingerprint(result) for result in results)
    draft.save()
    draft.entries.all().delete()
    BoardEntry.objects.bulk_create(_entry(draft, result) for result in results)
    audit("board_record.drafted", draft, by=by, summary=str(draft), details={"results": len(results)}, at=at)
    return draft


def _covered(sitting: Sitting) -> list[Result]:
    """Every held result, locked, judged by the cut as it is decided by now."""
    held = held_results_of(sitting)
    papers = Paper.objects.filter(attempts__result__in=held, cut_decision__isnull=False).distinct()
    provisional = papers.filter(attempts__result__in=held.filter(is_provisional=True))
    for paper in Paper.objects.filter(pk__in=provisional.values("pk")).select_related("exam__blueprint"):
        # A cut decided in the very moment an attempt was scored has missed it.
        if CutDecision.objects.filter(paper=paper).exists():
            apply_cut(paper)
    return list(
        Result.objects.select_for_update(of=("self",))
        .filter(pk__in=list(held.values_list("pk", flat=True)))
        .select_related("attempt__registration", "attempt__paper")
        .order_by("pk")
    )


def _entry(draft: BoardRecord, result: Result) -> BoardEntry:
    return BoardEntry(
        record=draft,
        result=result,
        raw_score=result.raw_score,
        max_score=result.max_score,
        cut_score=result.cut_score,
        scaled_score=result.scaled_score,
        outcome=result.outcome,
        digest=fingerprint(result),
    )


@transaction.atomic
def sign_board_record(draft: BoardRecord, *, by: User, at: datetime | None = None) -> BoardRecord:
    """The first or the second signature. With the second the results are on their way out.

    Raises NotPermitted, OwnResult, SecondPersonNeeded, RecordMoved.
    """
    from exams.tasks import release_board_record_task

    draft = _draft(draft, by)
    if is_candidate_under(by, draft):
        raise OwnResult
    if draft.first_by_id == by.pk:
        raise SecondPersonNeeded(_("You have signed this record. A second person has to sign it as well."))
    _require_unmoved(draft)
    now = at or server_now()
    if draft.first_by_id is None:
        draft.first_by, draft.first_at = by, now
    else:
        draft.second_by, draft.second_at, draft.status = by, now, Status.SIGNED
    draft.save(update_fields=["first_by", "first_at", "second_by", "second_at", "status"])
    audit("board_record.signed", draft, by=by, summary=str(draft), details={"digest": draft.digest}, at=at)
    if draft.status == Status.SIGNED:
        ring(release_board_record_task, draft.pk)
    return draft


@transaction.atomic
def withdraw_board_record(draft: BoardRecord, *, reason: str, by: User, at: datetime | None = None) -> BoardRecord:
    """Not like this: the results stay held, and a new record can be drawn up. Raises NotPermitted, RecordMoved."""
    draft = _draft(draft, by)
    if not reason.strip():
        raise InvalidInput(_("Say why the record is withdrawn."))
    draft.entries.all().delete()
    draft.status, draft.withdrawn_because = Status.WITHDRAWN, reason.strip()[:240]
    draft.save(update_fields=["status", "withdrawn_because"])
    audit("board_record.withdrawn", draft, by=by, summary=str(draft), details={"reason": reason.strip()}, at=at)
    return draft


def _draft(draft: BoardRecord, by: User) -> BoardRecord:
    if not is_on_board(by):
        raise NotPermitted
    draft = BoardRecord.objects.select_for_update(of=("self",)).select_related("sitting__exam").get(pk=draft.pk)
    if draft.status != Status.DRAFT:
        raise RecordMoved(_("This record is no longer a draft; reload the page."))
    return draft


def _require_unmoved(draft: BoardRecord) -> None:
    """Locks the covered results. Those scored since are not under this record; they get one of their own."""
    covered = Result.objects.select_for_update(of=("self",)).filter(board_entry__record=draft).order_by("pk")
    results = list(covered.select_related("attempt"))
    held = all(result.status == Result.Status.HELD for result in results)
    if not held or digest_of(fingerprint(result) for result in results) != draft.digest:
        raise RecordMoved


def release_board_record(record_id: int, *, at: datetime | None = None) -> int:
    """Release what is left of a signed record; how many this call released. Delivered twice, it changes nothing."""
    released = 0
    while batch := _release_batch(record_id, at=at):
        released += batch
    _close(record_id, at=at)
    return released


@transaction.atomic
def _release_batch(record_id: int, *, at: datetime | None) -> int:
    # Two workers queue on the record's row; the second finds the batch done.
    signed = BoardRecord.objects.select_for_update(of=("self",)).select_related("second_by").get(pk=record_id)
    if signed.status != Status.SIGNED or signed.second_by is None:
        return 0
    waiting = (
        Result.objects.select_for_update(of=("self",))
        .filter(board_entry__record=signed, status=Result.Status.HELD)
        .select_related("attempt__registration__sitting__exam", "attempt__registration__candidate")
        .order_by("pk")[:BATCH]
    )
    now = at or server_now()
    results = list(waiting)
    for result in results:
        result.status, result.released_by, result.released_at = Result.Status.RELEASED, signed.second_by, now
        result.save(update_fields=["status", "released_by", "released_at"])
        details = {"attempt": str(result.attempt.uuid), "board_record": str(signed.uuid)}
        audit("result.released", result, by=signed.second_by, summary=str(result), details=details, at=at)
        announce(result_released, result_id=result.pk)
        _tell_candidate(result)
    return len(results)


@transaction.atomic
def _close(record_id: int, *, at: datetime | None) -> None:
    signed = BoardRecord.objects.select_for_update(of=("self",)).get(pk=record_id)
    left = Result.objects.filter(board_entry__record=signed, status=Result.Status.HELD).exists()
    if signed.status == Status.SIGNED and not left:
        signed.status, signed.released_at = Status.RELEASED, at or server_now()
        signed.save(update_fields=["status", "released_at"])


def _tell_candidate(result: Result) -> None:
    """That it is there and where; what it says stays on the page behind the login."""
    registration = result.attempt.registration
    write_letter(
        registration.candidate,
        key=f"result.released:{result.pk}",
        template="exams/mail/result",
        link=reverse("exams:result", args=[result.uuid]),
        at=result.released_at,
        exam=registration.sitting.exam,
    )
