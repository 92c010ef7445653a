"""Papers that many candidates have sat, by the engine's own scoring."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from exams.actions.delivery import start_attempt, submit_attempt
from exams.actions.scoring import score_attempt
from exams.models import Attempt, Option, Paper, Response, Sitting
from tests.factories.exams import PersonFactory, make_registration, make_sitting


def bodies_of(paper: Paper) -> dict[int, dict[str, Any]]:
    """By position: the right answer and a wrong one."""
    found = {}
    for item in paper.items.select_related("version__item").order_by("position"):
        options = list(Option.objects.filter(version=item.version).order_by("position"))
        keys = sorted(option.token for option in options if option.is_key)
        wrong = [option.token for option in options if not option.is_key]
        found[item.position] = {
            "single_choice": lambda keys=keys, wrong=wrong: ({"choice": keys[0]}, {"choice": wrong[0]}),
            "multiple_response": lambda keys=keys, wrong=wrong: ({"choices": keys}, {"choices": wrong[:1]}),
            "numeric": lambda: ({"value": "3.14"}, {"value": "7"}),
            "short_text": lambda: ({"text": "SecretWord"}, {"text": "guess"}),
        }[item.version.item.type]()
    return found


def sit(sitting: Sitting, right: list[bool | None], bodies: dict[int, Any], **fields: Any) -> Attempt:
    """One scored attempt: True answers rightly, False wrongly, None leaves out; an answer every ten seconds."""
    registration = make_registration(sitting, fields.pop("candidate", None) or PersonFactory(), **fields)
    attempt = start_attempt(registration, at=timezone.now() - timedelta(minutes=30))
    for position, is_right in enumerate(right, start=1):
        if is_right is not None:
            Response.objects.create(
                attempt=attempt,
                position=position,
                seq=1,
                body=json.dumps(bodies[position][0 if is_right else 1]),
                saved_at=attempt.started_at + timedelta(seconds=10 * position),
            )
    attempt = submit_attempt(attempt, lease=attempt.lease)
    score_attempt(attempt.pk)
    return attempt


def sat_by(paper: Paper, candidates: int, *, seed: int = 1, sitting: Sitting | None = None, **fields: Any) -> Sitting:
    """A sitting with so many attempts of differing ability; the stronger get more right."""
    sitting = sitting or make_sitting(paper)
    bodies, random = bodies_of(paper), np.random.default_rng(seed)
    for _candidate in range(candidates):
        ability = random.normal()
        chance = 1 / (1 + np.exp(-(1.5 * ability + np.linspace(1.5, -1, len(bodies)))))
        sit(sitting, [bool(value) for value in random.random(len(bodies)) < chance], bodies, **fields)
    return sitting
