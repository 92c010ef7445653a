"""Who edits no content finds none of Wagtail's doors to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.permissions import page_permission_policy

Handler = Callable[[HttpRequest], HttpResponse]


class ContentDoorsMiddleware:
    """The back office of Wagtail trusts whoever may enter it: choosers list every page and picture, anybody may make a
    task for workflows or start an embed, and some pages tell titles before they ask for rights. Item writers,
    invigilators, examiners, officers and auditors have other things to do there."""

    DOORS = (
        "wagtail_bulk_action",
        "wagtail_localize:",
        "wagtailadmin_api:",
        "wagtailadmin_block_preview",
        "wagtailadmin_choose_page",
        "wagtailadmin_collections:",
        "wagtailadmin_explore",
        "wagtailadmin_pages:",
        "wagtailadmin_reports:",
        "wagtailadmin_tag",
        "wagtailadmin_workflows:",
        "wagtaildocs:",
        "wagtaildocs_chooser:",
        "wagtailembeds:",
        "wagtailforms:",
        "wagtailimages:",
        "wagtailimages_chooser:",
        "wagtailredirects:",
        "wagtailsearchpromotions:",
        "wagtailsnippet",
    )
    # Scripts of the back office's every page.
    OPEN = ("wagtail_localize:javascript_catalog",)

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        name = getattr(request.resolver_match, "view_name", "")
        if not name.startswith(self.DOORS) or name in self.OPEN:
            return
        # Those who may not even enter are sent to sign in, by Wagtail itself.
        user: Any = request.user
        enters = user.is_authenticated and user.has_perm("wagtailadmin.access_admin")
        if enters and not page_permission_policy.user_has_any_permission(user, {"add", "change", "publish"}):
            raise Http404
