"""Telling news and ringing for later work: both only after the commit, neither able to fail an act."""

from __future__ import annotations

from typing import Any

import structlog
from celery import Task
from django.db import transaction
from django.dispatch import Signal

log = structlog.get_logger("touchstone.events")


def announce(signal: Signal, **facts: Any) -> None:
    """Send a past-tense signal once the surrounding transaction has committed.

    A receiver that fails is logged: the fact stays true, and the sweeper of the package that listens makes good.
    """

    def send() -> None:
        for receiver, answer in signal.send_robust(sender=None, **facts):
            if isinstance(answer, Exception):
                log.error("receiver_failed", receiver=receiver.__qualname__, error=repr(answer))

    transaction.on_commit(send)


def ring(task: Task, *args: Any) -> None:
    """Nudge a worker after commit. With the broker away nothing is lost: a state row waits for the sweeper."""

    def nudge() -> None:
        try:
            task.apply_async(args=args, retry=False)
        except Exception as error:  # kombu and redis raise many kinds; none may reach the person who acted
            log.warning("broker_unreachable", task=task.name, error=type(error).__name__)

    transaction.on_commit(nudge)
