"""What every request passes that belongs to no domain."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import structlog
from csp.constants import SELF, UNSAFE_INLINE
from django.db.models import ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language

from common.errors import DomainError, StillInUse
from common.refusals import refusal_response

Handler = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    """Gives each request a reference number that error pages show and log lines carry."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reference = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(reference=request.reference, path=request.path)  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            structlog.contextvars.clear_contextvars()


class LanguageMiddleware(LocaleMiddleware):
    """Django's, but a 404 given by one of our views stays a 404: Wagtail's catch-all makes every address look as
    if it existed under /en/, and a foreign object must answer exactly like a missing one (invariant 7)."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and getattr(request, "resolver_match", None) is not None:
            response.headers.setdefault("Content-Language", get_language() or "en")
            return response
        return super().process_response(request, response)


class RefusalMiddleware:
    """Turns any DomainError into a page in words, or JSON with a stable code."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ProtectedError | RestrictedError):
            exception = StillInUse()
        return refusal_response(request, exception) if isinstance(exception, DomainError) else None


class PrivateResponsesMiddleware:
    """What a signed-in person was shown is kept by no cache, unless the view said otherwise; what a page kept on
    the device, such as answers of an exam still to be sent, goes with the logout."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = getattr(request, "user", None)
        came_signed_in = before is not None and before.is_authenticated
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        if came_signed_in and user is not None and not user.is_authenticated:
            response["Clear-Site-Data"] = '"storage"'
        return response


class AdminPolicyMiddleware:
    """The back office's own content policy. Wagtail's explorer, history and editor write scripts and styles inline, and
    show previews in a frame of this site; nothing is loaded from elsewhere there either, and nothing may be evaluated."""

    PREFIX = "/admin/"
    POLICY = {
        "script-src": [SELF, UNSAFE_INLINE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
    }

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(self.PREFIX):
            response._csp_replace = self.POLICY  # type: ignore[attr-defined]
        return response
