"""Films in pieces: a browser can jump within a film only if the server answers for a part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.documents.views.serve import serve

from courses.blocks.media import FILM_TYPES, suffix_of

PIECE = 64 * 1024


@require_safe
def film(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """A document as film. Wagtail decides whether this reader may have it; other kinds of files are not served here."""
    document = get_object_or_404(get_document_model(), pk=document_id)
    whole = serve(request, document.pk, document.filename)
    kind = FILM_TYPES.get(suffix_of(document))
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range", ""))
    if whole.status_code != 200 or kind is None or asked is None or asked.groups() == ("", ""):
        whole["Accept-Ranges"] = "bytes"
        return whole  # type: ignore[no-any-return]
    whole.close()
    size = document.file.size
    first, last = _bounds(asked.group(1), asked.group(2), size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = StreamingHttpResponse(_pieces(document.file.open("rb"), first, last), status=206, content_type=kind)
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """What `first-last` means for a file of this size; `-500` is its end."""
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _pieces(source: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    with source:
        source.seek(first)
        left = last - first + 1
        while left > 0 and (piece := source.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
