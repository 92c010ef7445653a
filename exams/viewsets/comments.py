"""The thread of a version: what was noticed, and what was settled."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from exams.actions.comments import settle_comment, write_comment
from exams.forms.workflow import RestForm, ThreadForm
from exams.models import Item, ItemComment, ItemVersion
from exams.queries.comments import thread_of
from exams.queries.exposure import NONE, exposure_of
from exams.rules.reviewing import can_rest_version
from exams.viewsets.base import done, for_roles
from exams.viewsets.items import BANK_ROLES


def thread_and_exposure(request: HttpRequest, version: ItemVersion) -> dict[str, Any]:
    """What a version's page shows of its comments, of who has seen it, and of its rest."""
    user = cast(User, request.user)
    thread = thread_of(version, user)
    return {
        "comments": thread,
        "open_count": sum(row["comment"].is_open for row in thread),
        "comment_form": ThreadForm(),
        "exposure": exposure_of([version.pk]).get(version.pk, NONE),
        "can_rest": can_rest_version(user, version),
        "rest_form": RestForm(),
    }


@for_roles(*BANK_ROLES)
@require_POST
def comment(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = get_object_or_404(ItemVersion, item__in=Item.objects.visible_to(request.user), uuid=uuid)
    text = request.POST.get("text", "")[:4000]
    done(request, lambda: write_comment(version, text, by=request.user), _("The comment was added."))  # type: ignore[arg-type]
    return redirect("item_versions:detail", uuid=version.uuid)


@for_roles(*BANK_ROLES)
@require_POST
def settle(request: HttpRequest, uuid: UUID, comment: UUID) -> HttpResponse:
    comments = ItemComment.objects.filter(version__item__in=Item.objects.visible_to(request.user), version__uuid=uuid)
    found = get_object_or_404(comments, uuid=comment)
    done(request, lambda: settle_comment(found, by=request.user), _("The comment was settled."))  # type: ignore[arg-type]
    return redirect("item_versions:detail", uuid=uuid)


PATTERNS = (
    path("<uuid:uuid>/comment/", comment, name="comment"),
    path("<uuid:uuid>/comments/<uuid:comment>/settle/", settle, name="settle"),
)
