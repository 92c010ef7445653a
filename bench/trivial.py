"""An answer that costs what answering costs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class TrivialMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/bench/hot":
            return HttpResponse(b'{"status": "ok"}', content_type="application/json", headers={"Content-Length": "16"})
        return self.get_response(request)
