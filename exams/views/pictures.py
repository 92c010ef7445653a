"""The pictures of items, to those who may see the items."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from exams.models import Picture


@require_GET
def picture(request: HttpRequest, uuid: UUID) -> FileResponse:
    """To people of its bank, and to candidates while a paper that shows it lies before them; to others there is none."""
    found = get_object_or_404(Picture.objects.visible_to(request.user), uuid=uuid)
    return FileResponse(
        found.file.open("rb"),
        content_type=found.media_type,
        headers={
            # In the browser of this person only, and not beyond the exam.
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
