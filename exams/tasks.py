"""What happens later: scoring, and the sweep that makes good what a lost message left undone."""

from __future__ import annotations

import structlog
from celery import shared_task

log = structlog.get_logger("touchstone.exams")

# A sweep rings for at most so many; the next one rings for the rest.
RINGS_PER_SWEEP = 500


@shared_task(acks_late=True)
def score_attempt_task(attempt_id: int) -> None:
    from exams.actions.marking import open_marking
    from exams.actions.scoring import score_attempt
    from exams.errors import AwaitsMarking

    try:
        score_attempt(attempt_id)
    except AwaitsMarking as waiting:
        # Whoever hands in the last mark rings again, and then so does each sweep: there is nothing to repeat here.
        open_marking(attempt_id)
        log.info("attempt_awaits_marking", attempt_id=attempt_id, positions=waiting.extra["positions"])


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def build_technical_report_task(report_id: int) -> None:
    from exams.actions.reporting import build_report

    build_report(report_id)


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def make_booklet_task(booklet_id: int) -> None:
    from exams.actions.printed_papers import make_booklet

    make_booklet(booklet_id)


@shared_task(soft_time_limit=540, time_limit=600)
def assemble_paper_set_task(paper_set_id: int) -> None:
    from exams.actions.paper_sets import assemble_paper_set

    assemble_paper_set(paper_set_id)


@shared_task(soft_time_limit=540, time_limit=600)
def work_out_gaps_task(report_id: int) -> None:
    from exams.actions.gap_reports import work_out_gaps

    work_out_gaps(report_id)


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def run_remark_dry_task(remark_id: int) -> None:
    from exams.actions.remarks import run_remark_dry

    run_remark_dry(remark_id)


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def release_board_record_task(record_id: int) -> None:
    from exams.actions.board_records import release_board_record

    release_board_record(record_id)


def sweep_results() -> None:
    """Rings for dry runs nobody is doing and for signed records whose results are not all out."""
    from common.events import ring
    from exams.queries.board_records import due_releases
    from exams.queries.remarks import due_remarks

    for remark_id in due_remarks().values_list("pk", flat=True)[:RINGS_PER_SWEEP]:
        ring(run_remark_dry_task, remark_id)
    for record_id in due_releases().values_list("pk", flat=True)[:RINGS_PER_SWEEP]:
        ring(release_board_record_task, record_id)


def sweep_assembly() -> None:
    """Rings for papers nobody is assembling and for gap reports nobody is working out."""
    from common.events import ring
    from exams.actions.gap_reports import renew_old_gap_reports
    from exams.clock import server_now
    from exams.queries.paper_sets import due_gap_reports, due_sets

    now = server_now()
    renew_old_gap_reports(at=now)
    for paper_set_id in due_sets(now).values_list("pk", flat=True)[:RINGS_PER_SWEEP]:
        ring(assemble_paper_set_task, paper_set_id)
    for report_id in due_gap_reports(now).values_list("pk", flat=True)[:RINGS_PER_SWEEP]:
        ring(work_out_gaps_task, report_id)


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def work_on_import_task(batch_id: int) -> None:
    from exams.actions.import_batches import work_on_batch

    work_on_batch(batch_id)


@shared_task(ignore_result=True)
def apply_exposure_rules_task() -> None:
    """By state: what the rules of a bank have made due since the last time, however long ago that was."""
    from exams.actions.resting import apply_exposure_rules

    moved = apply_exposure_rules()
    if any(moved.values()):
        log.info("exposure_rules_applied", **moved)


@shared_task(ignore_result=True)
def sweep_exams_task() -> None:
    """Works by state, not by tick: closes what is overdue and rings for what is closed but not scored."""
    from common.events import ring
    from exams.actions.delivery import close_overdue
    from exams.actions.indexing import index_missing
    from exams.queries.attempts import closed_unscored
    from exams.queries.interchange import waiting_batches
    from exams.queries.on_paper import due_booklets
    from exams.queries.reports import due_reports

    sweep_assembly()
    sweep_results()
    index_missing()

    closed = close_overdue()
    waiting = closed_unscored()[:RINGS_PER_SWEEP]
    for attempt_id in waiting:
        ring(score_attempt_task, attempt_id)
    for report_id in due_reports().values_list("pk", flat=True)[:RINGS_PER_SWEEP]:
        ring(build_technical_report_task, report_id)
    for booklet_id in due_booklets().values_list("pk", flat=True)[:RINGS_PER_SWEEP]:
        ring(make_booklet_task, booklet_id)
    for batch_id in waiting_batches():
        ring(work_on_import_task, batch_id)
    if closed or waiting:
        log.info("exams_swept", closed=closed, waiting=len(waiting))
    sweep_assembly()


@shared_task(ignore_result=True)
def tidy_room_task() -> None:
    """Once a day: what the room keeps beside the answers is deleted when its time is over (docs/exam-room.md)."""
    from exams.actions.practice import forget_practice
    from exams.actions.tools import forget_tools

    log.info("room_tidied", tools=forget_tools(), practice_runs=forget_practice())
