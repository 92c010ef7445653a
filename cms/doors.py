"""Short addresses that lead to a page in the reader's language."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from cms.models import TrackIndexPage


def tracks(request: HttpRequest) -> HttpResponse:
    """The matrix of tracks and levels, wherever editors have put it."""
    pages = TrackIndexPage.objects.live().public().select_related("locale").order_by("path")
    page = pages.filter(locale__language_code=get_language()).first() or pages.first()
    if page is None or page.url is None:
        raise Http404
    return redirect(page.url)
