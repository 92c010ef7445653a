"""Opening a section of a paper that has section rules."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from exams.actions.sections import open_section, sections_of
from exams.clock import iso, server_now
from exams.views.refusals import json_answer, refuses_in_json
from exams.views.room import by_token, lease_in


@csrf_exempt  # the token header stands in: a page of another site cannot send it
@refuses_in_json
@require_POST
def open_one(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """How all sections stand once this one is open; opened again, it stays as it is."""
    attempt, _token = by_token(request, uuid)
    attempt = open_section(attempt, number, lease=lease_in(request))
    content = {"sections": sections_of(attempt), "closes_at": iso(attempt.closes_at), "server_now": iso(server_now())}
    return json_answer(content)
