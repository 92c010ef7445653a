"""A version's rest, begun and ended from its page."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Role
from exams.actions.resting import end_rest, rest_version
from exams.forms.workflow import RestForm
from exams.models import Item, ItemVersion
from exams.viewsets.base import done, for_roles


def _version(request: HttpRequest, uuid: UUID) -> ItemVersion:
    return get_object_or_404(ItemVersion, item__in=Item.objects.visible_to(request.user), uuid=uuid)


@for_roles(Role.ITEM_REVIEWER, Role.ADMINISTRATOR)
@require_POST
def rest(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version, form = _version(request, uuid), RestForm(request.POST)
    if not form.is_valid():
        # Not taken as "until somebody ends it": that is another wish.
        messages.error(request, _("Choose a day."))
        return redirect("item_versions:detail", uuid=version.uuid)
    day = form.cleaned_data["until"]
    until = timezone.make_aware(datetime.combine(day, time())) if day else None
    done(request, lambda: rest_version(version, until=until, by=request.user), _("The version rests."))  # type: ignore[arg-type]
    return redirect("item_versions:detail", uuid=version.uuid)


@for_roles(Role.ITEM_REVIEWER, Role.ADMINISTRATOR)
@require_POST
def wake(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = _version(request, uuid)
    done(request, lambda: end_rest(version, by=request.user), _("The version is free for papers again."))  # type: ignore[arg-type]
    return redirect("item_versions:detail", uuid=version.uuid)


PATTERNS = (
    path("<uuid:uuid>/rest/", rest, name="rest"),
    path("<uuid:uuid>/end-rest/", wake, name="end_rest"),
)
