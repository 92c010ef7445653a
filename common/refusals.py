"""A refusal as the caller wants it: JSON for programs, a page in words for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from common.errors import DomainError


def wants_json(request: HttpRequest) -> bool:
    """True for callers that send or prefer JSON; a browser's form or link prefers HTML."""
    return (
        request.content_type == "application/json"
        or (request.accepts("application/json") and not request.accepts("text/html"))
        or request.headers.get("Accept", "").startswith("application/json")
    )


def refusal_response(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    if wants_json(request):
        response: HttpResponse = JsonResponse(refusal.as_json(), status=refusal.status)
    else:
        response = render(request, "refusal.html", {"refusal": refusal}, status=refusal.status)
    if "retry_after" in refusal.extra:
        response["Retry-After"] = str(refusal.extra["retry_after"])
    response["Cache-Control"] = "no-store"
    return response
