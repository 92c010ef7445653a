"""The exam room: start is an ordinary request; what follows carries the attempt token instead of session and CSRF."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exams.actions.delivery import close_if_overdue, settled, start_attempt, submit_attempt
from exams.actions.registering import prepare_start
from exams.actions.sections import sections_of
from exams.actions.tools import tools_of
from exams.clock import iso, server_now
from exams.effects import look_of
from exams.errors import AttemptClosed, AttemptPaused, InvalidResponse, LeaseMoved, LoginRequired, TokenInvalid
from exams.models import Attempt, Registration
from exams.queries.attempts import attempt_by_token, positions_of
from exams.queries.late import late_of
from exams.queries.papers import paper_for
from exams.queries.timing import timing_of
from exams.rules.deadlines import conditions_of
from exams.rules.practice import PRACTICE
from exams.tokens import HEADER, Token, issue_token
from exams.views.door import PersonRequest
from exams.views.refusals import json_answer, refuses_in_json, wants_page
from exams.views.room_words import room_words

MOST_LEASE_BYTES = 4096


@refuses_in_json
@require_POST
def start(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Create the attempt or return the one that exists. A person's form also carries language and acknowledgement;
    programs that know only the contract send neither."""
    if not request.user.is_authenticated:
        if wants_page(request):
            return redirect_to_login(reverse("exams:registration", args=[uuid]))
        raise LoginRequired
    registration = get_object_or_404(Registration.objects.visible_to(request.user), uuid=uuid)
    if wants_page(request):
        prepare_start(registration, language=request.POST.get("language", ""), accepted="accept_rules" in request.POST)
    attempt = start_attempt(registration, session_key=request.session.session_key or "")
    if wants_page(request):
        return HttpResponseRedirect(reverse("exams:room", args=[attempt.uuid]), status=303)
    return json_answer(_started(attempt), 201 if attempt.is_new else 200)


def _started(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": str(attempt.uuid),
        "token": issue_token(attempt, paper_uuid=str(attempt.paper.uuid)),
        "lease": attempt.lease,
        "closes_at": iso(attempt.closes_at),
        "server_now": iso(server_now()),
    }


@login_required
@require_GET
def room(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """The shell of the room; its script draws the paper from the same data as any client."""
    attempts = Attempt.objects.visible_to(request.user).select_related("registration__sitting__exam", "paper")
    found = get_object_or_404(attempts, uuid=uuid)
    attempt = close_if_overdue(found) if found.is_open else found
    context = {
        "attempt": attempt,
        "look": look_of(conditions_of(request.user, at=attempt.started_at)),
        "is_practice": attempt.registration.sitting.code == PRACTICE,
        "config": _room_config(request, attempt),
        "late_bundles": [] if attempt.is_open else late_of(attempt),
    }
    return render(request, "exams/room.html", context)


def _room_config(request: PersonRequest, attempt: Attempt) -> dict[str, Any]:
    """What the room's script needs to know; no secret in it, the token comes from start."""
    here = [attempt.uuid]
    registration = attempt.registration
    return {
        "attempt": str(attempt.uuid),
        "person": str(request.user.uuid),
        "isOpen": attempt.is_open,
        "leaseHeld": attempt.session_key == request.session.session_key,
        # What counts of a closed exam: anything newer on the device came too late.
        "stored": (attempt.receipt or {}).get("responses", {}),
        "calculator": registration.sitting.exam.calculator,
        "csrfCookie": settings.CSRF_COOKIE_NAME,
        "csrfToken": get_token(request),
        "urls": {
            "start": reverse("exams:start", args=[registration.uuid]),
            "paper": reverse("exams:paper", args=here),
            "state": reverse("exams:state", args=here),
            "submit": reverse("exams:submit", args=here),
            "takeBreak": reverse("exams:take_break", args=here),
            "endBreak": reverse("exams:end_break", args=here),
            "late": reverse("exams:late", args=here),
            "response": reverse("exams:response", args=[attempt.uuid, 0]),
            "upload": reverse("exams:upload", args=[attempt.uuid, 0]),
            "section": reverse("exams:section", args=[attempt.uuid, 0]),
            "tools": reverse("exams:tools", args=[attempt.uuid, 0]),
            "login": f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': reverse('exams:logged_in')})}",
        },
        "words": room_words(),
    }


@login_required
@require_GET
def logged_in(request: PersonRequest) -> HttpResponse:
    """Where a log-in from the room's overlay ends: go back to the other tab."""
    return render(request, "exams/logged_in.html")


@refuses_in_json
@require_GET
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Item text is served only while the attempt is open, and only to the page that may write."""
    attempt, token = by_token(request, uuid)
    if attempt.status == Attempt.Status.PAUSED:
        raise AttemptPaused
    if not attempt.is_open:
        raise AttemptClosed
    if token.lease != attempt.lease:
        raise LeaseMoved
    return json_answer(paper_for(attempt, sections_of(attempt)))


@refuses_in_json
@require_GET
def state(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How the attempt stands. With `?responses=1` the holder of the lease also gets what is stored, to go on with."""
    attempt, token = by_token(request, uuid)
    lease_held = token.lease == attempt.lease and attempt.is_open
    with_responses = lease_held and "responses" in request.GET
    content = {
        "status": attempt.status,
        "closes_at": iso(attempt.closes_at),
        "server_now": iso(server_now()),
        "lease_held": lease_held,
        "positions": positions_of(attempt, with_responses=with_responses),
        **timing_of(attempt),
    }
    if sections := sections_of(attempt):
        content["sections"] = sections
    if with_responses:
        content["tools"] = tools_of(attempt)
    return json_answer(content)


@csrf_exempt  # the token header stands in: a page of another site cannot send it
@refuses_in_json
@require_POST
def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The receipt; asked again, the same receipt."""
    attempt, _token = by_token(request, uuid)
    attempt = submit_attempt(attempt, lease=lease_in(request))
    return json_answer(attempt.receipt or {})


@csrf_exempt
@require_http_methods(["PUT"])
def response(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """Never reached by a save: exams.middleware answers those. This names the address and refuses other methods."""
    from exams.middleware import save_response

    return save_response(request, str(uuid), position)


def by_token(request: HttpRequest, uuid: UUID) -> tuple[Attempt, Token]:
    """The token's attempt, closed by now if its time is over."""
    attempt, token = attempt_by_token(request.headers.get(HEADER, ""), uuid)
    if token.lease != attempt.lease and request.user.pk != attempt.registration.candidate_id:
        # The login this token was handed to lost the lease; what it still may read, it reads as that person.
        raise TokenInvalid
    return settled(attempt), token


def lease_in(request: HttpRequest) -> str:
    try:
        sent = json.loads(request.body[: MOST_LEASE_BYTES + 1])
    except (ValueError, RecursionError):
        raise InvalidResponse from None
    if type(sent) is not dict or set(sent) != {"lease"} or type(sent["lease"]) is not str:
        raise InvalidResponse
    return sent["lease"]
