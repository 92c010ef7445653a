"""Exams that were sat before the demonstration began.

Starting, handing in, scoring and releasing go through the engine's own actions at the moments of the past. Only the
answers cannot: the engine stores an answer when its own clock allows it, and that clock is the present (invariant 3).
`write_past_answers` therefore writes these rows by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from exams.actions.delivery import close_if_overdue, start_attempt, submit_attempt
from exams.actions.scoring import score_attempt
from exams.actions.sealing import paper_items
from exams.item_types import REGISTRY, Key, Shape, canonical, key_of, shape_of
from exams.models import Attempt, PaperItem, Registration, Response, Result
from exams.rendering import render_position

LEFT_BLANK = 0.15  # of what a candidate does not know
CHANGED_MIND = 0.12
# Plausible, and never what a short-text item asks for: what scores is left out below.
GUESSES = {"en": "risk register", "zh-hans": "风险台账"}


def sit(registration: Registration, *, share: float, at: datetime, runs_out_of_time: bool = False) -> Result:
    """Sit the registration's paper in the past, knowing `share` of what counts, and have it scored."""
    rng = Random(f"{registration.candidate.email} {registration.sitting.code}")  # noqa: S311 (variety, no secret)
    attempt = start_attempt(registration, at=at)
    allowed = attempt.closes_at - attempt.started_at
    used = allowed * (1.0 if runs_out_of_time else rng.uniform(0.5, 0.92))
    write_past_answers(attempt, share=share, until=at + used * 0.98, rng=rng)
    if runs_out_of_time:
        attempt = close_if_overdue(attempt, at=attempt.accept_until + timedelta(seconds=9))
    else:
        attempt = submit_attempt(attempt, lease=attempt.lease, at=at + used)
    closed_at = attempt.submitted_at or attempt.closes_at
    return score_attempt(attempt.pk, at=closed_at + timedelta(seconds=40))


def write_past_answers(attempt: Attempt, *, share: float, until: datetime, rng: Random) -> None:
    """Store the answers of an attempt whose time is over, as `exams.saving` would have stored them then.

    The same canonical bodies, read by the same item types; one row a position, its number risen once where the
    candidate changed an answer; each saved between the start and `until`, in the order of the paper.
    """
    items = paper_items(attempt.paper)
    known = _known_positions(items, share, rng)
    step = (until - attempt.started_at) / (len(items) + 1)
    rows = []
    for item in items:
        body = _right(item, attempt.language) if item.position in known else _wrong(item, attempt.language, rng)
        if body is None:
            continue
        rows.append(
            Response(
                attempt=attempt,
                position=item.position,
                seq=2 if rng.random() < CHANGED_MIND else 1,
                body=canonical(REGISTRY[item.version.item.type].parse(body, _shape(item, attempt.language))),
                flagged=rng.random() < 0.05,
                saved_at=attempt.started_at + step * item.position,
            )
        )
    Response.objects.bulk_create(rows)


def _known_positions(items: list[PaperItem], share: float, rng: Random) -> set[int]:
    """Exactly that share of the scored items, more of it in the areas this candidate is strong in."""
    strength = {area: rng.uniform(-0.2, 0.2) for area in sorted({item.content_area for item in items})}
    scored = [item for item in items if item.is_scored]
    by_ease = sorted(scored, key=lambda item: rng.random() + strength[item.content_area], reverse=True)
    known = {item.position for item in by_ease[: round(share * len(scored))]}
    return known | {item.position for item in items if not item.is_scored and rng.random() < share}


def _shape(item: PaperItem, language: str) -> Shape:
    """What a save of this position is checked against, made as sealing makes it."""
    return shape_of(render_position(item.version, language))


def _right(item: PaperItem, language: str) -> dict[str, Any]:
    key = key_of(item.version)
    if key.type in ("single_choice", "true_false"):
        return {"choice": min(key.right)}
    if key.type == "multiple_response":
        return {"choices": sorted(key.right)}
    if key.type == "numeric":
        return {"value": str(key.answer["value"])}
    if key.type == "ordering":
        return {"order": [part.token for part in key.parts]}
    if key.type == "matching":
        rights = {part.pair: part.token for part in key.parts if part.group == "right"}
        return {"pairs": {part.token: rights[part.pair] for part in key.parts if part.group == "left"}}
    if key.type == "hotspot":
        return {"point": key.answer["areas"][0][0]}
    if key.type == "cloze":
        return {"gaps": {name: _right_gap(key, name, gap, language) for name, gap in key.answer["gaps"].items()}}
    return {"text": _accepted(key.answer, language)}


def _right_gap(key: Key, name: str, gap: dict[str, Any], language: str) -> str:
    if gap["kind"] == "choice":
        return next(part.token for part in key.parts if part.group == name and part.is_key)
    return str(gap["value"]) if gap["kind"] == "number" else _accepted(gap, language)


def _accepted(answer: dict[str, Any], language: str) -> str:
    accepted = answer["accepted"]
    return (accepted.get(language) or next(iter(accepted.values())))[0]


def _wrong(item: PaperItem, language: str, rng: Random) -> dict[str, Any] | None:
    """A believable wrong answer, or none at all."""
    if rng.random() < LEFT_BLANK:
        return None
    key = key_of(item.version)
    body = _guess(key, language, rng)
    return body if REGISTRY[key.type].score(key, body) == 0 else None


def _guess(key: Key, language: str, rng: Random) -> dict[str, Any]:
    if key.type in ("single_choice", "true_false"):
        return {"choice": rng.choice(sorted(key.wrong))}
    if key.type == "multiple_response":
        # One right, one wrong: worth nothing by either scoring rule.
        return {"choices": sorted([min(key.right), rng.choice(sorted(key.wrong))])}
    if key.type == "numeric":
        return {"value": str(Decimal(str(key.answer["value"])) * 2 + 1)}
    tokens = [part.token for part in key.parts]
    if key.type == "ordering":
        # Each part one place too late: worth nothing by either scoring rule.
        return {"order": tokens[-1:] + tokens[:-1]}
    if key.type == "matching":
        lefts = [part for part in key.parts if part.group == "left"]
        wrong = {
            part.token: [each.token for each in key.parts if each.group == "right" and each.pair != part.pair] for part in lefts
        }
        return {"pairs": {token: rng.choice(rights) for token, rights in wrong.items()}}
    if key.type == "hotspot":
        return {"point": [0.01, 0.01]}
    if key.type == "cloze":
        words = [name for name, gap in key.answer["gaps"].items() if gap["kind"] == "text"]
        return {"gaps": dict.fromkeys(words, GUESSES[language])}
    return {"text": GUESSES[language]}
