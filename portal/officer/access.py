"""Who enters the desk: officers work there, auditors look on. Grave acts ask for the password again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from certificates.rules import can_see_desk
from common.errors import NotPermitted

View = Callable[..., HttpResponse]
PAGE_SIZE = 25

# Looking and deciding are an officer's daily work; taking back, giving back or correcting what was issued asks for the
# password again, once in five minutes. What was filled in is kept meanwhile.
recently_authenticated = reauthentication_required(allow_get=True)


def at_the_desk(view: View) -> View:
    """Signed in, and an officer or auditor."""

    @wraps(view)
    def entering(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_see_desk(request.user):
            raise NotPermitted
        return view(request, *args, **kwargs)

    return login_required(entering)


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def asked(request: HttpRequest, *names: str) -> dict[str, str]:
    """The filters of a list, as the address says them."""
    return {name: request.GET.get(name, "").strip() for name in names}
