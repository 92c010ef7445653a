"""Health, and the page for a failed form token."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.readiness import readiness
from common.refusals import refusal_response


class FormExpired(DomainError):
    code = "form_expired"
    status = 403


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Everything this process needs answers: database, migrations, broker, storage."""
    parts = readiness()
    ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"status": "ready" if ready else "not ready", "parts": parts}, status=200 if ready else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message: Any = _("This page was open too long, or your browser blocks cookies. Go back, reload the page and send it again.")
    return refusal_response(request, FormExpired(message))
