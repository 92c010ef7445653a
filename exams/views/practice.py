"""Trying things out before an exam: the practice run and the device check."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import InvalidInput
from exams.actions.device_checks import keep_check
from exams.actions.practice import start_practice
from exams.clock import iso, server_now
from exams.models import Sitting
from exams.queries.device_checks import check_of, device_words, lines_of
from exams.rules.practice import PRACTICE
from exams.views.candidates import PersonRequest
from exams.views.refusals import json_answer, refuses_in_json

MOST_BYTES = 4096
NOWHERE = "00000000-0000-4000-8000-000000000000"


@login_required
@require_http_methods(["GET", "POST"])
def practice(request: PersonRequest) -> HttpResponse:
    """What a practice run is, and its start."""
    if request.method == "POST":
        attempt = start_practice(
            request.user, language=request.POST.get("language", ""), session_key=request.session.session_key or ""
        )
        return HttpResponseRedirect(reverse("exams:room", args=[attempt.uuid]), status=303)
    sitting = Sitting.objects.filter(code=PRACTICE, is_rehearsal=True).select_related("paper").first()
    check = check_of(request.user)
    languages = sitting.paper.languages if sitting else []
    context = {"sitting": sitting, "languages": languages, "check": check, "lines": lines_of(check)}
    return render(request, "exams/practice.html", context)


@refuses_in_json
@login_required
@require_http_methods(["GET", "POST"])
def device(request: PersonRequest) -> HttpResponse:
    """The page that looks at the device, and where it leaves what it found."""
    if request.method == "POST":
        keep_check(request.user, _findings(request))
        return json_answer({"server_now": iso(server_now())})
    return render(request, "exams/device.html", {"config": _config(request), "words": device_words()})


def _findings(request: HttpRequest) -> object:
    try:
        return json.loads(request.body[: MOST_BYTES + 1])
    except (ValueError, RecursionError):
        raise InvalidInput from None


def _config(request: PersonRequest) -> dict[str, object]:
    return {
        "person": str(request.user.uuid),
        "csrfCookie": settings.CSRF_COOKIE_NAME,
        "csrfToken": get_token(request),
        "urls": {
            "check": reverse("exams:device"),
            "clock": reverse("exams:device_clock"),
            # Nobody's: it is refused by the room's own way in, and that refusal is what proves the way.
            "save": reverse("exams:response", args=[NOWHERE, 1]),
        },
        "words": {
            "ok": _("in order"),
            "notOk": _("to be fixed"),
            "note": _("worth knowing"),
            "seconds": _("{n} seconds apart"),
            "milliseconds": _("{n} milliseconds"),
            "pixels": _("{n} pixels wide"),
            "ready": _("This device is ready for an exam. The result is kept for you."),
            "notReady": _("This device is not ready yet. What to do stands by each line; then check again."),
            "notKept": _("The result could not be kept. Check the connection and try again."),
        },
    }


@login_required
@require_GET
def device_clock(request: PersonRequest) -> HttpResponse:
    return json_answer({"server_now": iso(server_now())})
