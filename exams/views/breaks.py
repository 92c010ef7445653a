"""Breaks, as the room asks for them: with the attempt token and the lease, like a hand-in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from exams.actions.breaks import end_break, take_break
from exams.clock import iso, server_now
from exams.models import Attempt
from exams.queries.timing import timing_of
from exams.views.refusals import json_answer, refuses_in_json
from exams.views.room import by_token, lease_in


@csrf_exempt  # the token header stands in: a page of another site cannot send it
@refuses_in_json
@require_POST
def take(request: HttpRequest, uuid: UUID) -> HttpResponse:
    attempt, _token = by_token(request, uuid)
    return _standing(take_break(attempt, lease=lease_in(request)))


@csrf_exempt  # the token header stands in: a page of another site cannot send it
@refuses_in_json
@require_POST
def end(request: HttpRequest, uuid: UUID) -> HttpResponse:
    attempt, _token = by_token(request, uuid)
    return _standing(end_break(attempt, lease=lease_in(request)))


def _standing(attempt: Attempt) -> HttpResponse:
    standing = {"status": attempt.status, "closes_at": iso(attempt.closes_at), "server_now": iso(server_now())}
    return json_answer({**standing, **timing_of(attempt)})
