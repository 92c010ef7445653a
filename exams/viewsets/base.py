"""What every page of exams in the back office passes: a role, and nothing else that opens the door.

Wagtail's ModelViewSet is not used on purpose. Its lists, history, usage, choosers and reference index know models, not
rows, and a permission policy does not scope them. Here every address is one of ours, asks for a role, and fetches
with `visible_to`; whoever lacks the role gets the answer of an address that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.viewsets.base import ViewSet

from common.errors import DomainError

View = Callable[..., HttpResponse]
Crumbs = Sequence[tuple[str, str]]
PER_PAGE = 25


def for_roles(*roles: str) -> Callable[[View], View]:
    """Only for people with one of these roles; for everybody else the page does not exist. Being a superuser is
    not a role."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_role(*roles):  # type: ignore[union-attr]
                raise Http404
            # Wagtail has put its own profile's time zone over the person's; sittings are planned in theirs.
            with timezone.override(ZoneInfo(request.user.time_zone)):  # type: ignore[union-attr]
                return view(request, *args, **kwargs)

        return answer

    return decorate


class RoleViewSet(ViewSet):  # type: ignore[misc]
    """A group of pages with a menu entry that only its roles see."""

    roles: tuple[str, ...] = ()
    patterns: Sequence[URLPattern] = ()

    @cached_property
    def menu_item_class(self) -> type[MenuItem]:
        roles = self.roles

        class RoleMenuItem(MenuItem):  # type: ignore[misc]
            def is_shown(self, request: HttpRequest) -> bool:
                return request.user.has_role(*roles)  # type: ignore[union-attr]

        return RoleMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return list(self.patterns)


def show(
    request: HttpRequest, template: str, *, title: str, crumbs: Crumbs = (), icon: str = "", **context: Any
) -> HttpResponse:
    """A page of the back office, with its path from the home page."""
    trail = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    trail += [{"url": url, "label": label} for label, url in crumbs]
    page = {
        "breadcrumbs_items": [*trail, {"url": "", "label": title}],
        "header_title": title,
        "page_title": title,
        "header_icon": icon,
    }
    for form in context.values():
        if isinstance(form, BaseForm):
            _start_labels_large(form)
    return render(request, f"exams/admin/{template}", {**page, **context})


def _start_labels_large(form: BaseForm) -> None:
    """Labels share their words with the models' names, which are lower case as Django wants them."""
    for name, field in form.fields.items():
        field.label = capfirst(field.label)
        # A refused form has drawn its fields already, with the labels of then.
        form[name].label = field.label or ""


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> dict[str, Any]:
    """One page of a list, and what its pager needs."""
    paginator = WagtailPaginator(rows, PER_PAGE)
    page: Page[Any] = paginator.get_page(request.GET.get("p"))
    return {
        "page_obj": page,
        "is_paginated": page.has_other_pages(),
        "elided_page_range": list(paginator.get_elided_page_range(page.number)),
        "count": paginator.count,
    }


def done(request: HttpRequest, act: Callable[[], Any], success: str) -> Any:
    """Do it and say so; or say why not, and return None. The reader stays on the page either way."""
    try:
        thing = act()
    except DomainError as refusal:
        messages.error(request, str(refusal.text))
        return None
    messages.success(request, success)
    return thing
