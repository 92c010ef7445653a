"""What a stranger sees. Three outcomes: valid, not valid, could not check; the last is never left to chance."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from certificates.forms import FileForm, FindForm
from certificates.limits import count_check, counted
from certificates.queries import Answer, answer_for, find_by_document, find_by_serial_and_name, find_by_token
from common.refusals import wants_json

log = structlog.get_logger("touchstone.certificates")

View = Callable[..., HttpResponse]
COULD_NOT_CHECK = {
    "code": "could_not_check",
    "message": "The register could not be asked. This says nothing about the certificate: try again.",
}


def fresh_or_not_at_all(view: View) -> View:
    """The answer is from the register at this moment and kept by nobody; without the register there is no answer."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except DatabaseError as error:
            log.error("register_unreachable", error=type(error).__name__)
            response = could_not_check(request)
        response["Cache-Control"] = "no-store"
        return response

    return vary_on_headers("Accept", "Accept-Language", "Cookie")(asking)


def could_not_check(request: HttpRequest) -> HttpResponse:
    """Drawn without request, session or menus: whatever they need may be what is missing."""
    if wants_json(request):
        response: HttpResponse = JsonResponse(COULD_NOT_CHECK, status=503)
    else:
        response = HttpResponse(render_to_string("certificates/could_not_check.html", {"path": request.path}), status=503)
    response["Retry-After"] = "30"
    return response


@require_GET
@fresh_or_not_at_all
def verify(request: HttpRequest) -> HttpResponse:
    """Search by serial and family name; drop or send a PDF."""
    if "serial" not in request.GET:
        return render(request, "certificates/verify.html", {"form": FindForm(), "file_form": FileForm()})
    form = FindForm(request.GET)
    if not form.is_valid():
        return render(request, "certificates/verify.html", {"form": form, "file_form": FileForm()}, status=400)
    count_check(request)
    return shown(request, answer_for(find_by_serial_and_name(form.cleaned_data["serial"], form.cleaned_data["name"])))


@require_GET
@fresh_or_not_at_all
@counted
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The state of one certificate, as HTML or as the JSON other programs read."""
    return shown(request, answer_for(find_by_token(token)))


@require_GET
@fresh_or_not_at_all
@counted
def document(request: HttpRequest, sha256: str) -> HttpResponse:
    """Whether a file with this hash is one we issued, and how its certificate stands."""
    return shown_document(request, sha256)


@require_http_methods(["GET", "POST"])
@fresh_or_not_at_all
def upload(request: HttpRequest) -> HttpResponse:
    """The way without script: the file is hashed here, byte for byte, and not kept."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return redirect("certificates:verify")
    if not form.is_valid():
        return render(request, "certificates/verify.html", {"form": FindForm(), "file_form": form}, status=400)
    count_check(request)
    digest = hashlib.sha256()
    for chunk in form.cleaned_data["file"].chunks():
        digest.update(chunk)
    return shown_document(request, digest.hexdigest())


def shown(request: HttpRequest, answer: Answer) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(answer.as_json(), json_dumps_params={"ensure_ascii": False})
    return render(request, "certificates/status.html", {"answer": answer, "file_form": FileForm()})


def shown_document(request: HttpRequest, sha256: str) -> HttpResponse:
    sha256 = sha256.lower()
    certificate = find_by_document(sha256)
    answer = answer_for(certificate) if certificate else None
    if wants_json(request):
        found = answer.as_json() if answer else None
        return JsonResponse(
            {"sha256": sha256, "issued_by_us": answer is not None, "certificate": found},
            status=200 if answer else 404,
            json_dumps_params={"ensure_ascii": False},
        )
    context = {"answer": answer, "sha256": sha256, "file_form": FileForm(), "is_document": True}
    return render(request, "certificates/status.html" if answer else "certificates/unknown_file.html", context,
                  status=200 if answer else 404)  # fmt: skip
