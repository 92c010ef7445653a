"""Handing late answers to the exam office: by login and form token, since the exam's own token may have ended."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from exams.actions.late import MOST_BYTES, hand_in_late
from exams.clock import iso
from exams.errors import BodyTooLarge, LoginRequired
from exams.models import Attempt
from exams.saving import spend
from exams.views.refusals import json_answer, refuses_in_json


@refuses_in_json
@require_POST
def late(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """201 once kept, apart from the responses."""
    if not request.user.is_authenticated:
        raise LoginRequired
    attempts = Attempt.objects.visible_to(request.user).select_related("paper", "registration")
    attempt = get_object_or_404(attempts, uuid=uuid)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise BodyTooLarge
    spend(f"{uuid}:late", 0)
    bundle = hand_in_late(attempt, request.body)
    content = {"bundle": str(bundle.uuid), "received_at": iso(bundle.received_at), "sha256": bundle.sha256}
    return json_answer({**content, "answers": len(bundle.answers)}, 201)
