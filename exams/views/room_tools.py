"""The candidate's own notes, strikes and view, kept for another device."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from exams.actions.tools import MOST_BYTES, SCRATCH, read_tools, store_tools
from exams.errors import BodyTooLarge, NotFound, TokenInvalid
from exams.saving import shapes_of, spend
from exams.tokens import HEADER, read_token
from exams.views.refusals import json_answer, refuses_in_json


@csrf_exempt  # the token header stands in: a page of another site cannot send it
@refuses_in_json
@require_http_methods(["PUT"])
def tools(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """200 once kept. Position 0 is the scratch paper and the view."""
    token = read_token(request.headers.get(HEADER, ""))
    if token is None:
        raise TokenInvalid
    shapes = shapes_of(token.paper_uuid, token.language)
    if token.attempt_uuid != str(uuid) or position not in (SCRATCH, *shapes):
        raise NotFound
    # A bucket apart from that of the saves: notes may not use up the answers' own.
    spend(f"{uuid}:tools", len(shapes))
    return json_answer(store_tools(token, position, read_tools(_body(request), position, shapes.get(position))))


def _body(request: HttpRequest) -> bytes:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise BodyTooLarge
    return request.body
