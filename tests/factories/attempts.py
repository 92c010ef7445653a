"""Attempts that are over, many at once: as if their candidates had answered and handed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from exams.actions.delivery import receipt_of
from exams.actions.scoring import score_attempt
from exams.item_types import key_of
from exams.models import Attempt, Option, PaperItem, Registration, Response, Result, Sitting

# {position: answer as a candidate sends it}; a missing position was not answered.
Answers = Mapping[int, dict[str, Any]]


def handed_in(sitting: Sitting, person: User, answers: Answers) -> Attempt:
    """A closed attempt with these answers and its receipt, not yet scored."""
    now = timezone.now()
    attempt = Attempt.objects.create(
        registration=Registration.objects.create(sitting=sitting, candidate=person, registered_at=now),
        paper=sitting.paper,
        language="en",
        lease="l",
        started_at=now - timedelta(minutes=30),
        closes_at=now + timedelta(minutes=30),
        accept_until=now + timedelta(minutes=30, seconds=sitting.grace_seconds),
    )
    Response.objects.bulk_create(
        Response(attempt=attempt, position=position, seq=1, body=json.dumps(answer), saved_at=now - timedelta(minutes=1))
        for position, answer in answers.items()
    )
    attempt.status, attempt.submitted_at = Attempt.Status.SUBMITTED, now
    attempt.receipt = receipt_of(attempt, now)
    attempt.save()
    return attempt


def scored(sitting: Sitting, person: User, answers: Answers) -> Result:
    return score_attempt(handed_in(sitting, person, answers).pk)


def token(item: PaperItem, number: int) -> str:
    """The token of an option, counted from 1 as its author wrote them."""
    return Option.objects.get(version=item.version, position=number).token


def right_answers(items: list[PaperItem]) -> dict[int, dict[str, Any]]:
    """What the papers of tests.factories.exams.make_paper want."""
    found: dict[int, dict[str, Any]] = {}
    for item in items:
        key = key_of(item.version)
        found[item.position] = {
            "single_choice": lambda right=key.right: {"choice": min(right)},
            "multiple_response": lambda right=key.right: {"choices": sorted(right)},
            "numeric": lambda: {"value": "3.14"},
            "short_text": lambda: {"text": "SECRETWORD"},
        }[item.version.item.type]()
    return found
