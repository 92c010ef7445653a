"""Answers that reach the exam office after the exam was closed: taken in, kept apart, decided on by two people.

They never become responses by themselves. An accepted bundle says that the exam has to be marked again; doing so is a
decision on the result and is recorded there.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import NotPermitted
from exams import saving
from exams.actions.delivery import close_if_overdue
from exams.clock import server_now
from exams.errors import InvalidResponse, LateDecided, LateNotTaken, SecondPersonNeeded
from exams.item_types import REGISTRY
from exams.models import Attempt, LateBundle, LateDecision
from exams.rules.permissions import can_decide_late
from exams.saving import Shapes, shapes_of

MOST_BYTES = 1024 * 1024
MOST_REASON = 2_000
MOST_BUNDLES = 3
TAKEN_FOR = timedelta(days=14)


def read_late(raw: bytes, shapes: Shapes) -> tuple[list[dict[str, Any]], str]:
    """{"reason", "answers": [{"position", "seq", "response", "changed_at"}]}, each answer checked like a save."""
    try:
        sent = saving.decode(raw.decode())
    except (ValueError, RecursionError):
        raise InvalidResponse from None
    if type(sent) is not dict or sent.keys() != {"reason", "answers"} or type(sent["answers"]) is not list:
        raise InvalidResponse
    answers = [_answer(each, shapes) for each in sent["answers"]]
    if len({answer["position"] for answer in answers}) < len(answers):
        raise InvalidResponse
    return sorted(answers, key=lambda answer: int(answer["position"])), _text(sent["reason"], MOST_REASON)


def _answer(sent: object, shapes: Shapes) -> dict[str, Any]:
    if type(sent) is not dict or sent.keys() != {"position", "seq", "response", "changed_at"}:
        raise InvalidResponse
    position, seq, response = sent["position"], sent["seq"], sent["response"]
    if type(position) is not int or position not in shapes or type(seq) is not int or not 1 <= seq <= saving.HIGHEST_SEQ:
        raise InvalidResponse
    if response is not None:
        if type(response) is not dict:
            raise InvalidResponse
        response = REGISTRY[shapes[position].type].parse(response, shapes[position])
    return {"position": position, "seq": seq, "response": response, "changed_at": _moment(sent["changed_at"])}


def _moment(claimed: object) -> str | None:
    """The device's own word, when it is a moment at all."""
    text = claimed if type(claimed) is str and len(claimed) <= 40 else ""
    try:
        return text if parse_datetime(text) else None
    except ValueError:
        return None


def _text(text: object, most: int) -> str:
    if type(text) is not str or "\0" in text or len(text) > most:
        raise InvalidResponse
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidResponse from None
    return text.strip()


def hand_in_late(attempt: Attempt, raw: bytes, *, at: datetime | None = None) -> LateBundle:
    """Keep what a candidate's device still had; the same again is the bundle there is. Raises InvalidResponse, LateNotTaken."""
    at = at or server_now()
    answers, reason = read_late(raw, shapes_of(str(attempt.paper.uuid), attempt.language))
    attempt = close_if_overdue(attempt, at=at)
    with transaction.atomic():
        # The attempt's lock: two tabs that hand in at once are counted one after the other.
        attempt = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
        _refuse(attempt, at)
        stored = dict(attempt.responses.values_list("position", "seq"))
        newer = [answer for answer in answers if answer["seq"] > stored.get(answer["position"], 0)]
        if not newer:
            raise LateNotTaken(_("Everything in it is stored already."))
        digest = digest_of(attempt, newer)
        existing = attempt.late_bundles.filter(sha256=digest).first()
        if existing is not None:
            return existing
        if not reason:
            raise LateNotTaken(_("Say in a sentence what happened; the people who decide were not there."))
        if attempt.late_bundles.count() >= MOST_BUNDLES:
            raise LateNotTaken(_("No more late answers are taken for this exam."))
        bundle = LateBundle.objects.create(attempt=attempt, answers=newer, reason=reason, received_at=at, sha256=digest)
        details = {"attempt": str(attempt.uuid), "answers": len(newer), "sha256": digest}
        record("late_bundle.received", bundle, by=attempt.registration.candidate, details=details, at=at)
    return bundle


def _refuse(attempt: Attempt, at: datetime) -> None:
    if attempt.is_open or attempt.submitted_at is None:
        raise LateNotTaken(_("This exam is still open: its answers are saved in the usual way."))
    if at > attempt.submitted_at + TAKEN_FOR:
        raise LateNotTaken(_("Late answers are taken for %(days)s days after the exam.") % {"days": TAKEN_FOR.days})


def digest_of(attempt: Attempt, answers: list[dict[str, Any]]) -> str:
    content = json.dumps([str(attempt.uuid), answers], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


@transaction.atomic
def propose_late_decision(
    bundle: LateBundle, *, verdict: str, reason: str, by: User, at: datetime | None = None
) -> LateDecision:
    """The first person's word. Raises NotPermitted, LateDecided, LateNotTaken without a reason."""
    bundle = _locked(bundle, by)
    if LateDecision.objects.filter(bundle=bundle).exists():
        raise LateDecided
    if verdict not in LateDecision.Verdict.values or not reason.strip():
        raise LateNotTaken(_("Choose a decision and say why; the candidate reads the reason."))
    decision = LateDecision.objects.create(
        bundle=bundle, verdict=verdict, reason=reason.strip(), proposed_by=by, proposed_at=at or server_now()
    )
    record("late_bundle.decision_proposed", bundle, by=by, details={"verdict": verdict}, at=at)
    return decision


@transaction.atomic
def confirm_late_decision(bundle: LateBundle, *, by: User, at: datetime | None = None) -> LateDecision:
    """The second person's; then it is final and the candidate sees it. Raises NotPermitted, LateDecided,
    SecondPersonNeeded, LateNotTaken when nothing was proposed."""
    bundle = _locked(bundle, by)
    decision = LateDecision.objects.filter(bundle=bundle).first()
    if decision is None:
        raise LateNotTaken(_("Nobody has proposed a decision yet."))
    if decision.confirmed_at is not None:
        raise LateDecided
    if decision.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    decision.confirmed_by, decision.confirmed_at = by, at or server_now()
    decision.save(update_fields=["confirmed_by", "confirmed_at"])
    record("late_bundle.decided", bundle, by=by, details={"verdict": decision.verdict}, at=at)
    return decision


@transaction.atomic
def withdraw_late_decision(bundle: LateBundle, *, by: User, at: datetime | None = None) -> LateBundle:
    """Take back a proposal that was not confirmed, one's own or another's. Raises NotPermitted, LateDecided."""
    bundle = _locked(bundle, by)
    decision = LateDecision.objects.filter(bundle=bundle).first()
    if decision is not None:
        if decision.confirmed_at is not None:
            raise LateDecided
        record("late_bundle.decision_withdrawn", bundle, by=by, details={"verdict": decision.verdict}, at=at)
        decision.delete()
    return bundle


def _locked(bundle: LateBundle, by: User) -> LateBundle:
    locked = LateBundle.objects.select_for_update(of=("self",)).select_related("attempt__registration").get(pk=bundle.pk)
    if not can_decide_late(by, locked):
        raise NotPermitted
    return locked
