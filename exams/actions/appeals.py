"""An appeal against a result: made in time, taken up by somebody who had no part in the result, answered in a letter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.actions.letters import write_letter
from accounts.models import User
from common.errors import InvalidInput, NotPermitted
from exams.clock import server_now
from exams.errors import AppealMoved, AppealNotPossible, AppealTooLate, TookPart
from exams.models import Remark, Result, ResultAppeal
from exams.queries.appeals import has_been_appealed
from exams.rules.results import ANSWER_WITHIN, appeal_until, can_review_appeal, is_on_board

Status = ResultAppeal.Status


@transaction.atomic
def open_appeal(result: Result, *, reason: str, by: User, at: datetime | None = None) -> ResultAppeal:
    """Appeal against one's own released result. Raises NotPermitted, AppealTooLate, AppealNotPossible, InvalidInput."""
    # Two tabs queue on the result's row; the constraint lets one appeal be open anyway.
    result = Result.objects.select_for_update(of=("self",)).select_related("attempt__registration").get(pk=result.pk)
    if result.attempt.registration.candidate_id != by.pk or result.status != Result.Status.RELEASED:
        raise NotPermitted
    if not reason.strip():
        raise InvalidInput(_("Say what you think is wrong with the result."))
    now = at or server_now()
    until = appeal_until(result)
    if until is None or now > until:
        raise AppealTooLate
    if has_been_appealed(result):
        raise AppealNotPossible
    appeal = ResultAppeal.objects.create(
        result=result, appellant=by, reason=reason.strip(), opened_at=now, due_at=now + ANSWER_WITHIN
    )
    _record("opened", appeal, by=by, at=at)
    return appeal


@transaction.atomic
def withdraw_appeal(appeal: ResultAppeal, *, by: User, at: datetime | None = None) -> ResultAppeal:
    """The candidate takes it back. Raises NotPermitted, AppealMoved."""
    appeal = _locked(appeal)
    if appeal.appellant_id != by.pk:
        raise NotPermitted
    if not appeal.is_live:
        raise AppealMoved
    appeal.status = Status.WITHDRAWN
    appeal.save(update_fields=["status"])
    _record("withdrawn", appeal, by=by, at=at)
    return appeal


@transaction.atomic
def take_up_appeal(appeal: ResultAppeal, *, by: User, at: datetime | None = None) -> ResultAppeal:
    """Begin the review. Raises NotPermitted, TookPart, AppealMoved."""
    appeal = _locked(appeal)
    _require_impartial(appeal, by)
    if appeal.status != Status.OPEN:
        raise AppealMoved
    appeal.status, appeal.reviewer = Status.UNDER_REVIEW, by
    appeal.save(update_fields=["status", "reviewer"])
    _record("taken_up", appeal, by=by, at=at)
    return appeal


@transaction.atomic
def decide_appeal(
    appeal: ResultAppeal,
    *,
    verdict: str,
    outcome: str,
    remark: Remark | None = None,
    free_resit: bool = False,
    by: User,
    at: datetime | None = None,
) -> ResultAppeal:
    """Uphold or reject it, and write to the candidate. What an upheld one leads to is named, and done elsewhere.

    Raises NotPermitted, TookPart, AppealMoved, InvalidInput.
    """
    appeal = _locked(appeal)
    _require_impartial(appeal, by)
    if appeal.status != Status.UNDER_REVIEW:
        raise AppealMoved(_("Take the appeal up first, then decide it."))
    if verdict not in (Status.UPHELD, Status.REJECTED) or not outcome.strip():
        raise InvalidInput(_("Decide, and write the answer to the candidate."))
    if verdict == Status.REJECTED and (remark or free_resit):
        raise InvalidInput(_("Only an appeal that is upheld leads to a re-mark or a resit."))
    if remark is not None and not remark.version.paper_items.filter(paper=appeal.result.attempt.paper_id).exists():
        raise InvalidInput(_("That re-mark is about an item which is not on this candidate's paper."))
    appeal.status, appeal.outcome, appeal.remark, appeal.free_resit = Status(verdict), outcome.strip(), remark, free_resit
    appeal.decided_by, appeal.decided_at = by, at or server_now()
    appeal.save(update_fields=["status", "outcome", "remark", "free_resit", "decided_by", "decided_at"])
    _record("decided", appeal, by=by, at=at, verdict=verdict, free_resit=free_resit)
    _tell_candidate(appeal)
    return appeal


def _locked(appeal: ResultAppeal) -> ResultAppeal:
    related = "result__attempt__registration__sitting__exam"
    return ResultAppeal.objects.select_for_update(of=("self",)).select_related(related, "appellant").get(pk=appeal.pk)


def _require_impartial(appeal: ResultAppeal, by: User) -> None:
    if not is_on_board(by) or by.pk == appeal.appellant_id:
        raise NotPermitted
    if not can_review_appeal(by, appeal):
        raise TookPart


def _tell_candidate(appeal: ResultAppeal) -> None:
    """The answer itself stands on the page behind the login; the letter says that it is there."""
    write_letter(
        appeal.appellant,
        key=f"result_appeal.decided:{appeal.pk}",
        template="exams/mail/appeal",
        link=reverse("exams:appeal", args=[appeal.result.uuid]),
        at=appeal.decided_at,
        exam=appeal.result.attempt.registration.sitting.exam,
    )


def _record(act: str, appeal: ResultAppeal, *, by: User, at: datetime | None, **details: object) -> None:
    """The grounds and the answer are the candidate's and the board's business; the trail says who did what when."""
    facts = {"result": str(appeal.result.uuid), **details}
    record(f"result_appeal.{act}", appeal, by=by, summary=str(appeal.uuid), details=facts, at=at)
