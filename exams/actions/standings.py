"""What a write by token meets when it is not simply accepted: the one list of refusals, for answers and notes alike."""

from __future__ import annotations

from exams.actions.delivery import close_if_overdue
from exams.errors import AttemptClosed, AttemptPaused, LeaseMoved, TokenInvalid
from exams.models import Attempt
from exams.queries.attempts import Standing
from exams.tokens import Token


def refuse_unless_open(met: Standing | None, token: Token, lease: str) -> Standing | None:
    """What was met, when this token and this lease may write to it; else the refusal. None: it has just opened again."""
    if met is None or met.epoch != token.epoch or not met.session_lives:
        raise TokenInvalid
    if met.status == Attempt.Status.OPEN and met.now > met.accept_until:
        close_if_overdue(Attempt(pk=token.attempt_id))
        raise AttemptClosed
    if met.status == Attempt.Status.PAUSED:
        # A break whose minutes are used has ended, though nobody has noticed: then the save is tried again.
        if close_if_overdue(Attempt(pk=token.attempt_id)).status == Attempt.Status.OPEN:
            return None
        raise AttemptPaused
    if met.status != Attempt.Status.OPEN:
        raise AttemptClosed
    if met.lease != lease:
        raise LeaseMoved
    return met
