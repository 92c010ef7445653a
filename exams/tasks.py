"""What happens later: scoring, and the sweep that makes good what a lost message left undone."""

from __future__ import annotations

import structlog
from celery import shared_task

log = structlog.get_logger("touchstone.exams")

# A sweep rings for at most so many; the next one rings for the rest.
RINGS_PER_SWEEP = 500


@shared_task(acks_late=True)
def score_attempt_task(attempt_id: int) -> None:
    from exams.actions.scoring import score_attempt

    score_attempt(attempt_id)


@shared_task(acks_late=True, soft_time_limit=540, time_limit=600)
def work_on_import_task(batch_id: int) -> None:
    from exams.actions.import_batches import work_on_batch

    work_on_batch(batch_id)


@shared_task(ignore_result=True)
def sweep_exams_task() -> None:
    """Works by state, not by tick: closes what is overdue and rings for what is closed but not scored."""
    from common.events import ring
    from exams.actions.delivery import close_overdue
    from exams.queries.attempts import closed_unscored
    from exams.queries.interchange import waiting_batches

    closed = close_overdue()
    waiting = closed_unscored()[:RINGS_PER_SWEEP]
    for attempt_id in waiting:
        ring(score_attempt_task, attempt_id)
    for batch_id in waiting_batches():
        ring(work_on_import_task, batch_id)
    if closed or waiting:
        log.info("exams_swept", closed=closed, waiting=len(waiting))
