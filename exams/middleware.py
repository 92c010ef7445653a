"""The exam room's hot path: stands first, so that a saved answer passes nothing it does not need."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from common.errors import DomainError
from exams.errors import BodyTooLarge, NotFound, TokenInvalid, Unavailable
from exams.saving import MOST_BYTES, read_save, shapes_of, spend, store
from exams.tokens import META_KEY, read_token

Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("touchstone.exams")

PATH = re.compile(r"/exams/attempts/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/responses/([0-9]{1,4})/")

# What Django's and our own middleware would have added further down.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
if settings.HTTPS:
    HEADERS["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"


class SaveResponseMiddleware:
    """Answers PUT /exams/attempts/<uuid>/responses/<position>/ itself; everything else goes on.

    The token in the header stands in for session, user and CSRF: a page of another site cannot send it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "PUT" and (match := PATH.fullmatch(request.path_info)):
            return save_response(request, match[1], int(match[2]))
        return self.get_response(request)


def save_response(request: HttpRequest, attempt_uuid: str, position: int) -> HttpResponse:
    """200 once durable, or the refusal in JSON."""
    language = settings.LANGUAGE_CODE
    try:
        token = read_token(request.META.get(META_KEY, ""))
        if token is None:
            raise TokenInvalid
        language = token.language
        if token.attempt_uuid != attempt_uuid:
            raise NotFound
        shapes = shapes_of(token.paper_uuid, token.language)
        if position not in shapes:
            raise NotFound
        spend(attempt_uuid, len(shapes))
        save = read_save(_body(request), shapes[position])
        answer = store(token, position, save, section=shapes.sections.get(position))
    except DomainError as refusal:
        return _refused(refusal, language)
    except DatabaseError as error:
        log.error("save_failed", error=type(error).__name__)
        return _refused(Unavailable(retry_after=2), language)
    return _json(answer, 200)


def _body(request: HttpRequest) -> bytes:
    """At most what an answer may weigh, whatever the Content-Length claims."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise BodyTooLarge
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise BodyTooLarge
    return body


def _json(content: dict[str, Any], status: int) -> HttpResponse:
    """With its length, which CommonMiddleware would have added: an answer without one ends a kept-alive connection
    or is sent in chunks."""
    body = json.dumps(content).encode()
    headers = {**HEADERS, "Content-Length": str(len(body))}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


def _refused(refusal: DomainError, language: str) -> HttpResponse:
    with translation.override(language):
        response = _json(refusal.as_json(), refusal.status)
    if "retry_after" in refusal.extra:
        response["Retry-After"] = str(refusal.extra["retry_after"])
    return response
