"""Keeping a claim on work that takes longer than a claim lasts.

The solver may think for minutes, but a worker that was killed must not keep its row for as long: a claim is short, and
a thread renews it while the solver, which lets go of Python's lock, is at work. The thread dies with the process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

log = structlog.get_logger("touchstone.exams")

CLAIM = timedelta(seconds=60)
RENEW_SECONDS = 15.0


@contextmanager
def kept_claim(rows: QuerySet) -> Iterator[None]:
    """Renew `claimed_until` of these rows until the block is left; rows that are no longer ours fall out of the query."""
    is_over = threading.Event()

    def renew() -> None:
        try:
            while not is_over.wait(RENEW_SECONDS):
                try:
                    rows.all().update(claimed_until=timezone.now() + CLAIM)
                except DatabaseError as error:  # the next renewal may work; three missed ones lose the claim, as they should
                    log.warning("claim_not_renewed", error=type(error).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name="claim", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
