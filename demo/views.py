from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from demo import mailbox


def letters(request: HttpRequest) -> HttpResponse:
    """What the demonstration would have mailed, for whoever walks through it on this machine."""
    if not mailbox.is_open():
        raise Http404
    address = request.GET.get("to", "").strip()
    response = render(request, "demo/mailbox.html", {"letters": mailbox.latest_letters(to=address), "address": address})
    response["Cache-Control"] = "no-store"
    return response
