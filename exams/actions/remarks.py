"""A corrected key: proposed (remark_proposals), run dry, and committed by a second person as exactly what the dry run listed.

The dry run works by its row (invariant 11) and changes no result. The commit locks every attempt at the papers that have
the item, so that nothing is scored meanwhile, works everything out again and compares digests: were anything else to come
out than was listed, it is refused and the dry run is done anew. A released result changes only as a committed re-mark
foresaw (trigger), and its earlier values stay in `ResultChange`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import NotPermitted
from common.events import ring
from exams.actions.remark_letters import tell_corrected
from exams.actions.scoring import score_of
from exams.actions.sealing import paper_items
from exams.errors import AwaitsMarking, OwnResult, RemarkInvalid, RemarkMoved, SecondPersonNeeded
from exams.models import Attempt, Paper, PaperItem, Remark, Result, ResultChange
from exams.queries.corrections import corrections_in_force, with_proposed
from exams.queries.remarks import digest_of_run, due_remarks, is_being_released, papers_with, results_under, what_rests_on
from exams.rules.results import is_on_board, was_examined_with

log = structlog.get_logger("touchstone.exams")

MOST_TRIES = 3
CLAIM = timedelta(minutes=10)
SCORES = ("raw_score", "max_score", "cut_score", "scaled_score", "outcome", "is_provisional", "areas", "positions")
OPEN = (Remark.Status.WAITING, Remark.Status.RUNNING, Remark.Status.READY)
Status = Remark.Status
Tell = Callable[[int], None]


def run_remark_dry(remark_id: int, *, at: datetime | None = None) -> Remark | None:
    """Do the dry run if it is due; None when another worker has it or it is done. It changes no result."""
    remark = _claim(remark_id, at=at)
    if remark is None:
        return None
    try:
        _store_dry_run(remark, at=at)
    except Exception as error:  # the row must say what happened, whatever it was
        log.warning("remark_dry_run_failed", remark=remark.pk, error=type(error).__name__)
        if remark.tries < MOST_TRIES:
            Remark.objects.filter(pk=remark.pk, status=Status.RUNNING).update(status=Status.WAITING, claimed_until=None)
            raise
        _fail(remark, type(error).__name__)
    remark.refresh_from_db()
    return remark


def _claim(remark_id: int, *, at: datetime | None) -> Remark | None:
    now = at or timezone.now()
    due = due_remarks(now).filter(pk=remark_id).order_by()
    if not due.update(status=Status.RUNNING, claimed_until=now + CLAIM, tries=F("tries") + 1, progress=0):
        return None
    remark = Remark.objects.select_related("version__item").get(pk=remark_id)
    if remark.tries > MOST_TRIES:
        # The worker died every time, so nobody could write down why.
        _fail(remark, "WorkerLost")
        return None
    return remark


def _fail(remark: Remark, reason: str) -> None:
    Remark.objects.filter(pk=remark.pk).update(status=Status.FAILED, failure=reason[:300], claimed_until=None)


def _store_dry_run(remark: Remark, *, at: datetime | None) -> None:
    def tell(percent: int) -> None:
        Remark.objects.filter(pk=remark.pk).update(progress=percent)

    changes, looked_at = work_out(remark, tell)
    touched = what_rests_on(changes)
    with transaction.atomic():
        row = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
        if row.status != Status.RUNNING:
            return
        row.changes.all().delete()
        ResultChange.objects.bulk_create(changes, batch_size=200)
        row.status, row.progress, row.looked_at, row.touched = Status.READY, 100, looked_at, touched
        row.changed, row.digest = len(changes), digest_of_run(row, changes, touched)
        row.checked_at, row.claimed_until, row.failure = at or timezone.now(), None, ""
        row.save(update_fields=[
            "status", "progress", "looked_at", "changed", "touched", "digest", "checked_at", "claimed_until", "failure",
        ])  # fmt: skip


def work_out(remark: Remark, tell: Tell = lambda percent: None) -> tuple[list[ResultChange], int]:
    """What the correction would change in every result of every paper with the version, and how many it looked at.

    Three queries a result; the paper's items are read once.
    """
    papers = list(papers_with(remark.version_id))
    total = sum(results_under(paper).count() for paper in papers)
    changes: list[ResultChange] = []
    looked_at = 0
    for paper in papers:
        items = paper_items(paper)
        corrections = with_proposed(corrections_in_force(items), remark)
        for result in results_under(paper).iterator(chunk_size=200):
            after = _scored_again(result, paper, items, corrections)
            if any(getattr(result, name) != after[name] for name in SCORES):
                changes.append(_change(remark, result, after))
            looked_at += 1
            if looked_at % 20 == 0:
                tell(95 * looked_at // max(total, 1))
    return changes, looked_at


def _scored_again(result: Result, paper: Paper, items: list[PaperItem], corrections: Any) -> dict[str, Any]:
    # The paper that is loaded already, with its exam and blueprint.
    result.attempt.paper = paper
    try:
        after = score_of(result.attempt, items=items, corrections=corrections)
    except AwaitsMarking as waiting:
        # It has a result, so it was marked; a mark that is gone is a fault of its own and not this re-mark's to hide.
        raise RemarkInvalid(_("A result waits for a mark, so it cannot be worked out again.")) from waiting
    # An area is called what the candidate was told, whatever the blueprint calls it by now.
    titles = {area["number"]: (area["title"], area["title_zh"]) for area in result.areas}
    for area in after["areas"]:
        area["title"], area["title_zh"] = titles.get(area["number"], (area["title"], area["title_zh"]))
    return after


def _change(remark: Remark, result: Result, after: dict[str, Any]) -> ResultChange:
    details = ("areas", "positions", "is_provisional")
    return ResultChange(
        remark=remark,
        result=result,
        raw_before=result.raw_score,
        max_before=result.max_score,
        cut_before=result.cut_score,
        scaled_before=result.scaled_score,
        outcome_before=str(result.outcome),
        raw_after=after["raw_score"],
        max_after=after["max_score"],
        cut_after=after["cut_score"],
        scaled_after=after["scaled_score"],
        outcome_after=str(after["outcome"]),
        was_released=result.status == Result.Status.RELEASED,
        before={name: getattr(result, name) for name in details},
        after={name: after[name] for name in details},
    )


@transaction.atomic
def redo_dry_run(remark: Remark, *, by: User, at: datetime | None = None) -> Remark:
    """Look again at what the correction changes. Raises NotPermitted, RemarkMoved."""
    from exams.tasks import run_remark_dry_task

    remark = _locked(remark, by)
    if remark.status not in (Status.READY, Status.FAILED):
        raise RemarkMoved(_("This re-mark is not waiting for a decision; reload the page."))
    if remark.version.remarks.filter(status__in=OPEN).exclude(pk=remark.pk).exists():
        raise RemarkInvalid(_("A correction of this item is proposed already. Decide on that one first."))
    remark.status, remark.tries, remark.progress, remark.asked_at = Status.WAITING, 0, 0, at or timezone.now()
    remark.save(update_fields=["status", "tries", "progress", "asked_at"])
    record_act("run_again", remark, by=by, at=at)
    ring(run_remark_dry_task, remark.pk)
    return remark


@transaction.atomic
def commit_remark(remark: Remark, *, by: User, at: datetime | None = None) -> Remark:
    """The second person's yes: every result changes as the dry run listed, in one transaction.

    Raises NotPermitted, OwnResult, SecondPersonNeeded (the database keeps it too), RemarkMoved.
    """
    remark = _locked(remark, by)
    if remark.status != Status.READY:
        raise RemarkMoved(_("This re-mark is not waiting for a decision; reload the page."))
    if remark.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    if was_examined_with(by, remark.version_id):
        raise OwnResult
    _hold_still(remark)
    if is_being_released(remark):
        raise RemarkMoved(_("Results of this paper are being released at this moment. Wait a minute and run it again."))
    changes, _looked_at = work_out(remark)
    if digest_of_run(remark, changes, what_rests_on(changes)) != remark.digest:
        raise RemarkMoved
    remark.status, remark.decided_by, remark.decided_at = Status.COMMITTED, by, at or timezone.now()
    remark.save(update_fields=["status", "decided_by", "decided_at"])
    _apply(changes)
    details = {
        "kind": remark.kind,
        "results": len(changes),
        "turned": sum(change.turns for change in changes),
        "digest": remark.digest,
    }
    record_act("committed", remark, by=by, at=at, **details)
    tell_corrected(remark)
    return remark


def _hold_still(remark: Remark) -> None:
    """Whoever scores an attempt takes its row first: with all of them held, nothing is scored until this is over."""
    papers = list(papers_with(remark.version_id).values_list("pk", flat=True))
    for model, under in ((Attempt, "paper__in"), (Result, "attempt__paper__in")):
        rows = model.objects.select_for_update(of=("self",)).filter(**{under: papers})  # type: ignore[attr-defined]
        list(rows.order_by("pk").values_list("pk", flat=True))


def _apply(changes: list[ResultChange]) -> None:
    results = []
    for change in changes:
        result = change.result
        result.raw_score, result.max_score, result.cut_score = change.raw_after, change.max_after, change.cut_after
        result.scaled_score, result.outcome = change.scaled_after, change.outcome_after
        for name, value in change.after.items():
            setattr(result, name, value)
        results.append(result)
    Result.objects.bulk_update(results, SCORES, batch_size=100)


@transaction.atomic
def refuse_remark(remark: Remark, *, reason: str, by: User, at: datetime | None = None) -> Remark:
    """Not this correction; whoever proposed it may take it back the same way. Raises NotPermitted, RemarkMoved."""
    remark = _locked(remark, by)
    if not reason.strip():
        raise RemarkInvalid(_("Say why the correction is refused."))
    if remark.status not in (*OPEN, Status.FAILED):
        raise RemarkMoved(_("This re-mark is decided already."))
    remark.status, remark.decided_by, remark.decided_at = Status.REFUSED, by, at or timezone.now()
    remark.refused_because = reason.strip()
    remark.save(update_fields=["status", "decided_by", "decided_at", "refused_because"])
    record_act("refused", remark, by=by, at=at, reason=reason.strip())
    return remark


def _locked(remark: Remark, by: User) -> Remark:
    if not is_on_board(by):
        raise NotPermitted
    return Remark.objects.select_for_update(of=("self",)).select_related("version__item").get(pk=remark.pk)


def record_act(act: str, remark: Remark, *, by: User, at: datetime | None, **details: Any) -> None:
    """The item by its code; which key is right stays out of the trail."""
    facts = {"item": str(remark.version), "kind": remark.kind, **details}
    record(f"remark.{act}", remark, by=by, summary=str(remark), details=facts, at=at)
