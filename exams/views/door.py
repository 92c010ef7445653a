"""The door of the exam: a candidate's registration before the start, and the waiting room in front of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.models import Consent, User
from accounts.texts import text_html
from exams.clock import iso, server_now
from exams.effects import effects_of, look_of
from exams.models import Registration
from exams.queries.device_checks import check_of, lines_of
from exams.queries.late import late_of
from exams.queries.registrations import own_registrations, own_times, parts_of, standing_of
from exams.rules.deadlines import Times, conditions_of
from exams.views.refusals import json_answer

# Candidates may come in so long before the sitting opens.
WAITING_ROOM_OPENS_BEFORE = timedelta(minutes=30)
# When it opens, start buttons appear spread over so long, so that a hall does not start in the same second.
START_SPREAD = timedelta(seconds=10)


class PersonRequest(HttpRequest):
    """A request behind login_required."""

    user: User


@login_required
@require_GET
def registration(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """One registration: when and how long, the rules, the paper's language, and the button to start. Shortly before the
    sitting opens it is the waiting room, with all of it but the start."""
    found = get_object_or_404(own_registrations(request.user), uuid=uuid)
    now = server_now()
    standing, times = standing_of(found, at=now), own_times(found, at=now)
    conditions = conditions_of(found.candidate, at=max(now, times.opens_at))
    closed = standing.attempt if standing.attempt and not standing.attempt.is_open else None
    check = check_of(request.user)
    return render(
        request,
        "exams/registration.html",
        {
            "registration": found,
            "standing": standing,
            "times": times,
            "effects": effects_of(conditions),
            "look": look_of(conditions),
            "waits_from": times.opens_at - WAITING_ROOM_OPENS_BEFORE,
            "door": _door(found, times, now) if standing.word == "waiting" and _may_wait(times, now) else None,
            "late_bundles": late_of(closed) if closed else [],
            "check": check,
            "lines": lines_of(check),
            "languages": found.sitting.paper.languages,
            "parts": parts_of(found) if standing.word in ("open", "waiting") else 0,
            # The text is a page of its own elsewhere; here its title stands below two others.
            "rules": text_html(Consent.Purpose.EXAM_RULES, get_language() or "en").replace("h1>", "h3>"),
        },
    )


@login_required
@require_GET
def door(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """What the waiting room asks now and then: the server's time, and whether the exam can be started."""
    found = get_object_or_404(own_registrations(request.user), uuid=uuid)
    now = server_now()
    times = own_times(found, at=now)
    word = standing_of(found, at=now).word
    return json_answer({"word": word, "opens_at": iso(times.opens_at), "server_now": iso(now)})


def _may_wait(times: Times, now: datetime) -> bool:
    return now >= times.opens_at - WAITING_ROOM_OPENS_BEFORE


def _door(registration: Registration, times: Times, now: datetime) -> dict[str, Any]:
    return {
        "url": reverse("exams:door", args=[registration.uuid]),
        "opens_at": iso(times.opens_at),
        "server_now": iso(now),
        "spread": round(spread_of(times).total_seconds() * 1000),
    }


def spread_of(times: Times) -> timedelta:
    """Nobody loses time to it: no longer than the window is longer than the exam."""
    slack = times.start_by - times.opens_at - times.allowed
    return max(min(START_SPREAD, slack), timedelta(0))
