"""What can be asked about attempts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.sessions.models import Session
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from exams.clock import clock_expression, server_now
from exams.errors import NotFound, TokenInvalid
from exams.models import Attempt, AttemptSection
from exams.queries.marking import awaits_markers
from exams.rules.sections import OPEN, status_of
from exams.tokens import Token, read_token

# A message that is only late gets this long before the sweep rings again.
RING_AGAIN_AFTER = timedelta(seconds=5)


def closed_unscored(*, at: datetime | None = None) -> list[int]:
    """Closed attempts without a result, oldest first: pending work, whoever forgot it. What waits for markers is not."""
    before = (at or server_now()) - RING_AGAIN_AFTER
    closed = (Attempt.Status.SUBMITTED, Attempt.Status.TIMED_OUT)
    attempts = Attempt.objects.filter(status__in=closed, result__isnull=True, submitted_at__lt=before)
    return list(attempts.exclude(awaits_markers()).order_by("submitted_at").values_list("pk", flat=True))


def attempt_by_token(text: str, uuid: object) -> tuple[Attempt, Token]:
    """The attempt a token speaks for. Another attempt's address is answered like a missing one (invariant 7)."""
    token = read_token(text)
    if token is None:
        raise TokenInvalid
    if token.attempt_uuid != str(uuid):
        raise NotFound
    attempt = (
        Attempt.objects.select_related("paper", "registration").filter(pk=token.attempt_id, uuid=token.attempt_uuid).first()
    )
    if attempt is None or attempt.token_epoch != token.epoch or not session_lives(attempt.session_key):
        raise TokenInvalid
    return attempt, token


def session_lives(session_key: str) -> bool:
    """A token dies with the login it was handed to."""
    return Session.objects.filter(session_key=session_key, expire_date__gt=server_now()).exists()


def positions_of(attempt: Attempt, *, with_responses: bool = False) -> dict[str, dict[str, Any]]:
    """Each answered position with its number and flag; on request with the stored answer itself."""
    rows = attempt.responses.order_by("position").values_list("position", "seq", "flagged", "body")
    return {
        str(position): {"seq": seq, "flagged": flagged, **({"response": body and json.loads(body)} if with_responses else {})}
        for position, seq, flagged, body in rows
    }


def section_is_open(attempt_id: int, number: int, at: datetime) -> bool:
    """Whether that section of a run may be written to at that moment."""
    row = AttemptSection.objects.filter(attempt=attempt_id, number=number).first()
    return status_of(row, at=at) == OPEN


class Standing(NamedTuple):
    """An attempt and one of its responses as they stand, at one moment."""

    status: str
    epoch: int
    lease: str
    closes_at: datetime
    accept_until: datetime
    session_lives: bool
    now: datetime
    seq: int | None
    body: str | None
    flagged: bool | None
    saved_at: datetime | None


def standing(attempt_id: int, position: int) -> Standing | None:
    """What a save that was not written met, in one query; None when there is no such attempt."""
    clock = clock_expression()
    login = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=clock)
    row = (
        Attempt.objects.filter(pk=attempt_id)
        .annotate(
            stored=FilteredRelation("responses", condition=Q(responses__position=position)),
            session_lives=Exists(login),
            now=clock,
            seq=F("stored__seq"),
            body=F("stored__body"),
            flagged=F("stored__flagged"),
            saved_at=F("stored__saved_at"),
        )
        .values_list(
            "status", "token_epoch", "lease", "closes_at", "accept_until", "session_lives", "now",
            "seq", "body", "flagged", "saved_at",
        )
        .first()
    )  # fmt: skip
    return Standing(*row) if row else None
