"""Refusals of the exam room: JSON for every caller that does not ask for a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from common.errors import DomainError
from exams.errors import NotFound

View = Callable[..., HttpResponse]


def wants_page(request: HttpRequest) -> bool:
    """Browsers name HTML when a person follows a link or sends a form; programs do not."""
    return "text/html" in request.headers.get("Accept", "") and request.content_type != "application/json"


def json_answer(content: dict[str, Any], status: int = 200) -> JsonResponse:
    """Never kept by any cache."""
    return JsonResponse(content, status=status, headers={"Cache-Control": "no-store"})


def refuses_in_json(view: View) -> View:
    """For programs, a refusal or a missing object becomes `{"code", "message"}`; for people it goes on as it is."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wants_page(request):
            return view(request, *args, **kwargs)
        try:
            return view(request, *args, **kwargs)
        except Http404:
            refusal: DomainError = NotFound()
        except DomainError as error:
            refusal = error
        answer = json_answer(refusal.as_json(), refusal.status)
        if "retry_after" in refusal.extra:
            answer["Retry-After"] = str(refusal.extra["retry_after"])
        return answer

    return wrapped
