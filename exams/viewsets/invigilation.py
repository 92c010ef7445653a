"""Watching a sitting: who writes, who pauses, how long each has; and the acts of whoever is on duty."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.added_time import add_time, add_time_to_all, take_time_back
from exams.actions.delivery import pause_attempt, resume_attempt
from exams.clock import server_now
from exams.forms.added_time import AddedTimeForm
from exams.models import Attempt, Sitting
from exams.queries.invigilation import may_look, seated, seats_of, sittings_to_watch
from exams.queries.timing import grants_in
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

WATCHERS = (Role.ADMINISTRATOR, Role.INVIGILATOR)
INVIGILATION = gettext_lazy("Invigilation")


def _sitting(request: HttpRequest, uuid: UUID) -> Sitting:
    sitting = get_object_or_404(sittings_to_watch(request.user), uuid=uuid)  # type: ignore[arg-type]
    if not may_look(request.user, sitting, at=server_now()):  # type: ignore[arg-type]
        raise Http404
    return sitting


def _attempt(sitting: Sitting, uuid: UUID) -> Attempt:
    attempts = Attempt.objects.filter(registration__sitting=sitting).select_related("registration__candidate")
    return get_object_or_404(attempts, uuid=uuid)


def _crumbs(*sittings: Sitting) -> list[tuple[str, str]]:
    more = [(sitting.name, reverse("invigilation:detail", args=[sitting.uuid])) for sitting in sittings]
    return [(str(INVIGILATION), reverse("invigilation:index")), *more]


@for_roles(*WATCHERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, sittings_to_watch(request.user))  # type: ignore[arg-type]
    now = server_now()
    rows = [(sitting, may_look(request.user, sitting, at=now)) for sitting in page["page_obj"]]  # type: ignore[arg-type]
    return show(request, "invigilation.html", title=str(INVIGILATION), icon="view", rows=rows, **page)


@for_roles(*WATCHERS)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting, now = _sitting(request, uuid), server_now()
    page = page_of(request, seated(sitting))
    return show(
        request,
        "watch.html",
        title=sitting.name,
        crumbs=_crumbs(),
        icon="view",
        sitting=sitting,
        seats=seats_of(page["page_obj"], sitting, at=now),
        questions=sitting.paper.items.count(),
        grants=grants_in(sitting),
        is_running=sitting.status == Sitting.Status.PLANNED and now >= sitting.opens_at,
        now=now,
        **page,
    )


@for_roles(*WATCHERS)
@require_POST
def pause(request: HttpRequest, uuid: UUID, attempt: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    found = _attempt(sitting, attempt)
    words = _("The exam of %(person)s is paused.") % {"person": found.registration.candidate}
    done(request, lambda: pause_attempt(found, by=request.user), words)
    return redirect("invigilation:detail", uuid=sitting.uuid)


@for_roles(*WATCHERS)
@require_POST
def resume(request: HttpRequest, uuid: UUID, attempt: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    found = _attempt(sitting, attempt)
    words = _("The exam of %(person)s goes on.") % {"person": found.registration.candidate}
    done(request, lambda: resume_attempt(found, by=request.user), words)
    return redirect("invigilation:detail", uuid=sitting.uuid)


@for_roles(*WATCHERS)
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, uuid: UUID, attempt: UUID) -> HttpResponse:
    """More time for one candidate."""
    sitting = _sitting(request, uuid)
    found = _attempt(sitting, attempt)
    form = AddedTimeForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(request, lambda: add_time(found, by=request.user, **form.cleaned_data), _("The time was added."))
    ):
        return redirect("invigilation:detail", uuid=sitting.uuid)
    title = _("Add time for %(person)s") % {"person": found.registration.candidate}
    return show(request, "form.html", title=title, crumbs=_crumbs(sitting), icon="time", form=form, submit=_("Add time"))


@for_roles(*WATCHERS)
@require_http_methods(["GET", "POST"])
def extend_all(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """More time for everybody in the sitting."""
    sitting = _sitting(request, uuid)
    form = AddedTimeForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(request, lambda: add_time_to_all(sitting, by=request.user, **form.cleaned_data), _("The time was added."))
    ):
        return redirect("invigilation:detail", uuid=sitting.uuid)
    title = _("Add time for all")
    return show(
        request, "form.html", title=title, crumbs=_crumbs(sitting), icon="time", form=form, submit=_("Add time for all")
    )


@for_roles(*WATCHERS)
@require_POST
def take_back(request: HttpRequest, uuid: UUID, grant: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    found = get_object_or_404(sitting.time_grants, uuid=grant)
    words = _("The time was taken back, as far as it had not been used.")
    done(request, lambda: take_time_back(found, by=request.user), words)
    return redirect("invigilation:detail", uuid=sitting.uuid)


class InvigilationViewSet(RoleViewSet):
    name = "invigilation"
    menu_label = INVIGILATION
    menu_name = "invigilation"
    icon = "view"
    roles = WATCHERS
    patterns = (
        path("", index, name="index"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/attempts/<uuid:attempt>/pause/", pause, name="pause"),
        path("<uuid:uuid>/attempts/<uuid:attempt>/resume/", resume, name="resume"),
        path("<uuid:uuid>/attempts/<uuid:attempt>/time/", extend, name="extend"),
        path("<uuid:uuid>/time/", extend_all, name="extend_all"),
        path("<uuid:uuid>/time/<uuid:grant>/back/", take_back, name="take_back"),
    )
