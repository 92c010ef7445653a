"""What happens to an attempt, in the order it happens: started, paused, resumed, handed in or closed by the clock.

Locks are taken in one order everywhere: registration, attempt, responses. A save holds a shared lock on the attempt
while it writes its response (exams.saving); whatever closes an attempt first locks its row and only then, in a
later statement, reads the responses. So every acknowledged answer is on the receipt, and nothing comes after it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.actions.audit import record
from accounts.models import User
from common.errors import NotPermitted
from common.events import announce, ring
from exams.actions.section_clocks import extend_sections
from exams.clock import iso, server_now
from exams.errors import (
    AttemptClosed,
    AttemptPaused,
    IllegalMove,
    LanguageNotOffered,
    LeaseMoved,
    PaperNotSealed,
    RegistrationCancelled,
    SittingCancelled,
    SittingClosed,
    SittingNotOpen,
)
from exams.models import Attempt, Paper, Registration, Response, Sitting
from exams.rules.deadlines import LONGEST_WAIT, deadlines_for, pause_ends_at
from exams.rules.permissions import can_invigilate
from exams.signals import attempt_submitted


@transaction.atomic
def start_attempt(registration: Registration, *, session_key: str = "", at: datetime | None = None) -> Attempt:
    """Begin, or come back to, the one attempt of this registration. From another login the lease moves to it.

    However many starts arrive at once, the registration's lock lets one create and shows the others its attempt.
    """
    at = at or server_now()
    registration = Registration.objects.select_for_update(of=("self",)).select_related("sitting__paper").get(pk=registration.pk)
    attempt = Attempt.objects.select_for_update().filter(registration=registration).first()
    if attempt is None:
        return _create_attempt(registration, session_key, at)
    attempt = _close_if_overdue(attempt, at)
    if attempt.session_key != session_key:
        attempt.session_key, attempt.lease = session_key, new_lease()
        attempt.save(update_fields=["session_key", "lease"])
    return attempt


def new_lease() -> str:
    return secrets.token_urlsafe(16)


def _create_attempt(registration: Registration, session_key: str, at: datetime) -> Attempt:
    # Read after the registration's lock: a spare may have taken the paper's place while this start waited for it.
    registration.sitting = Sitting.objects.select_related("paper").get(pk=registration.sitting_id)
    _refuse_start(registration, at)
    ends = deadlines_for(registration, started_at=at)
    attempt = Attempt.objects.create(
        registration=registration,
        paper=registration.sitting.paper,
        language=registration.language,
        lease=new_lease(),
        session_key=session_key,
        started_at=at,
        closes_at=ends.closes_at,
        accept_until=ends.accept_until,
    )
    attempt.is_new = True
    return attempt


def _refuse_start(registration: Registration, at: datetime) -> None:
    sitting, paper = registration.sitting, registration.sitting.paper
    if registration.status == Registration.Status.CANCELLED:
        raise RegistrationCancelled
    if sitting.status == Sitting.Status.CANCELLED:
        raise SittingCancelled
    if at < sitting.opens_at:
        raise SittingNotOpen(opens_at=iso(sitting.opens_at))
    if sitting.status == Sitting.Status.CLOSED or at >= sitting.closes_at:
        raise SittingClosed
    if paper.status == Paper.Status.DRAFT:
        raise PaperNotSealed
    if not paper.renderings.filter(language=registration.language).exists():
        raise LanguageNotOffered


@transaction.atomic
def submit_attempt(attempt: Attempt, *, lease: str, at: datetime | None = None) -> Attempt:
    """Hand in for good. Closed already, by hand or by the clock, it comes back with the receipt it has."""
    at = at or server_now()
    attempt = _close_if_overdue(_locked(attempt), at)
    if not attempt.is_open:
        return attempt
    if attempt.status == Attempt.Status.PAUSED:
        raise AttemptPaused
    if attempt.lease != lease:
        raise LeaseMoved
    # Within the grace a hand-in still counts, but nothing is ever dated after the deadline.
    return _close(attempt, Attempt.Status.SUBMITTED, min(at, attempt.closes_at))


def close_overdue(*, at: datetime | None = None) -> int:
    """Close every attempt whose time is over, each in a transaction of its own; returns how many."""
    at = at or server_now()
    overdue = list(Attempt.objects.filter(status=Attempt.Status.OPEN, accept_until__lt=at).values_list("pk", flat=True))
    # Accommodations may add to these: `pause_ends_at` says it exactly, for the few that are left.
    forgotten = Attempt.objects.filter(
        status=Attempt.Status.PAUSED, registration__sitting__closes_at__lt=at - LONGEST_WAIT, closes_at__lt=at - LONGEST_WAIT
    )
    overdue += forgotten.values_list("pk", flat=True)
    return sum(1 for pk in overdue if not close_if_overdue(Attempt(pk=pk), at=at).is_open)


@transaction.atomic
def close_if_overdue(attempt: Attempt, *, at: datetime | None = None) -> Attempt:
    """What reads call, so that no page ever shows a running exam whose time is over."""
    return _close_if_overdue(_locked(attempt), at or server_now())


@transaction.atomic
def pause_attempt(attempt: Attempt, *, by: User, at: datetime | None = None) -> Attempt:
    """Stop the clock; nothing is accepted until it is resumed."""
    at = at or server_now()
    attempt = _close_if_overdue(_watched(attempt, by), at)
    if attempt.status == Attempt.Status.PAUSED:
        return attempt
    if attempt.status != Attempt.Status.OPEN:
        raise AttemptClosed
    attempt.status, attempt.paused_at = Attempt.Status.PAUSED, at
    attempt.save(update_fields=["status", "paused_at"])
    record("attempt.paused", attempt, by=by, at=at, summary=str(attempt))
    return attempt


@transaction.atomic
def resume_attempt(attempt: Attempt, *, by: User, at: datetime | None = None) -> Attempt:
    """Let the clock run again: both deadlines move by exactly as long as it stood."""
    at = at or server_now()
    attempt = _close_if_overdue(_watched(attempt, by), at)
    if attempt.status == Attempt.Status.OPEN:
        return attempt
    if attempt.status != Attempt.Status.PAUSED or attempt.paused_at is None:
        raise IllegalMove
    stood = max(at - attempt.paused_at, timedelta(0))
    attempt.status, attempt.paused_at = Attempt.Status.OPEN, None
    attempt.closes_at, attempt.accept_until = attempt.closes_at + stood, attempt.accept_until + stood
    attempt.save(update_fields=["status", "paused_at", "closes_at", "accept_until"])
    extend_sections(attempt, stood, since=at - stood)
    record("attempt.resumed", attempt, by=by, at=at, summary=str(attempt), details={"seconds": stood.total_seconds()})
    return attempt


def _locked(attempt: Attempt) -> Attempt:
    return Attempt.objects.select_for_update(of=("self",)).select_related("paper").get(pk=attempt.pk)


def _watched(attempt: Attempt, by: User) -> Attempt:
    attempt = _locked(attempt)
    if not can_invigilate(by, attempt.registration.sitting):
        raise NotPermitted
    return attempt


def _close_if_overdue(attempt: Attempt, at: datetime) -> Attempt:
    """A paused attempt's clock stands still; but a day after its sitting a forgotten one is closed too."""
    if attempt.status == Attempt.Status.OPEN and at > attempt.accept_until:
        return _close(attempt, Attempt.Status.TIMED_OUT, attempt.closes_at)
    if attempt.status == Attempt.Status.PAUSED and at > pause_ends_at(attempt):
        record("attempt.pause_ended", attempt, by=None, at=at, summary=str(attempt), details={"paused_at": attempt.paused_at})
        return _close(attempt, Attempt.Status.TIMED_OUT, attempt.closes_at)
    return attempt


def _close(attempt: Attempt, status: str, submitted_at: datetime) -> Attempt:
    """The attempt's row is locked before this: what is read here is all there will ever be."""
    from exams.tasks import score_attempt_task

    attempt.receipt = receipt_of(attempt, submitted_at)
    attempt.status, attempt.submitted_at = status, submitted_at
    attempt.save(update_fields=["status", "submitted_at", "receipt"])
    announce(attempt_submitted, attempt_id=attempt.pk)
    ring(score_attempt_task, attempt.pk)
    return attempt


def receipt_of(attempt: Attempt, submitted_at: datetime) -> dict[str, object]:
    """When, which answers by their numbers, and a SHA-256 that fixes what they say."""
    responses = list(Response.objects.filter(attempt=attempt).order_by("position").values_list("position", "seq", "body"))
    content = {"attempt": str(attempt.uuid), "paper": attempt.paper.digest, "responses": responses}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {
        "submitted_at": iso(submitted_at),
        "responses": {str(position): seq for position, seq, _body in responses},
        "digest": hashlib.sha256(canonical.encode()).hexdigest(),
    }
