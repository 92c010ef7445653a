"""A candidate's file, sent from the exam room."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from exams.actions.uploads import store_upload, upload_shape
from exams.errors import FileTooLarge, InvalidResponse
from exams.saving import spend
from exams.views.refusals import json_answer, refuses_in_json
from exams.views.room import by_token

# What the form around the file may weigh.
WRAPPING = 16 * 1024


@csrf_exempt  # the token header stands in: a page of another site cannot send it
@refuses_in_json
@require_POST
def upload(request: HttpRequest, uuid: UUID, position: int) -> HttpResponse:
    """201 once the file is kept; it counts when a response names it."""
    attempt, _token = by_token(request, uuid)
    most_bytes = upload_shape(attempt, position).most_bytes
    # A bucket apart from that of the saves: sending files may not use up the answers' own.
    spend(f"{uuid}:uploads", 0)
    file, lease = _sent(request, most_bytes)
    stored = store_upload(attempt, position, file, lease=lease)
    return json_answer({"upload": str(stored.uuid), "name": stored.name, "size": stored.size}, 201)


def _sent(request: HttpRequest, most_bytes: int) -> tuple[UploadedFile, str]:
    """The file and the lease. What is too long is refused by its announced length, before it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > most_bytes + WRAPPING:
        raise FileTooLarge(_("This file is too large: at most %(size)s MB.") % {"size": f"{most_bytes / 1e6:g}"})
    try:
        files, fields = request.FILES, request.POST
    except (MultiPartParserError, SuspiciousOperation, RequestDataTooBig, UnreadablePostError):
        raise InvalidResponse from None
    file, lease = files.get("file"), fields.get("lease")
    if not isinstance(file, UploadedFile) or len(files) != 1 or set(fields) != {"lease"} or not isinstance(lease, str):
        raise InvalidResponse
    return file, lease
