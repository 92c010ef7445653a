"""Sittings with their people."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.sittings import (
    assign_staff,
    cancel_sitting,
    change_sitting,
    close_sitting,
    release_staff,
    schedule_sitting,
)
from exams.effects import effects_of
from exams.forms.administration import (
    DutyForm,
    ReasonForm,
    SittingChangeForm,
    SittingFilterForm,
    SittingForm,
)
from exams.models import Sitting
from exams.queries.administration import (
    registrations_of,
    sittings_matching,
    summary_of,
)
from exams.rules.deadlines import conditions_of, nobody_starts_from
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

ADMINISTRATORS = (Role.ADMINISTRATOR,)
SITTINGS = gettext_lazy("Sittings")


def _sitting(request: HttpRequest, uuid: UUID) -> Sitting:
    sittings = Sitting.objects.visible_to(request.user).filter(is_rehearsal=False)
    return get_object_or_404(sittings.select_related("exam", "paper", "partner"), uuid=uuid)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(str(SITTINGS), reverse("sittings:index")), *more]


@for_roles(*ADMINISTRATORS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form = SittingFilterForm(request.GET)
    filters = form.filters()
    page = page_of(request, sittings_matching(request.user, filters))
    return show(
        request, "sittings.html", title=str(SITTINGS), icon="calendar", form=form, is_filtered=any(filters.values()), **page
    )


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = SittingForm(request.POST or None, user=request.user, initial={"paper": request.GET.get("paper")})
    if request.method == "POST" and form.is_valid():
        plan = dict(form.cleaned_data)
        paper = plan.pop("paper")
        sitting = done(
            request, lambda: schedule_sitting(paper.exam, paper, by=request.user, **plan), _("The sitting was scheduled.")
        )
        if sitting:
            return redirect("sittings:detail", uuid=sitting.uuid)
    return show(request, "form.html", title=_("New sitting"), crumbs=_crumbs(), icon="plus", form=form, submit=_("Schedule"))


@for_roles(*ADMINISTRATORS)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    page = page_of(request, registrations_of(sitting))
    registrations = list(page["page_obj"])
    now = timezone.now()
    day = max(now, sitting.opens_at)
    return show(
        request,
        "sitting.html",
        title=sitting.name,
        crumbs=_crumbs(),
        icon="calendar",
        sitting=sitting,
        summary=summary_of(sitting),
        rows=[
            {
                "registration": each,
                "attempt": next(iter(each.attempts.all()), None),
                "effects": effects_of(conditions_of(each.candidate, at=day)),
            }
            for each in registrations
        ],
        staff=sitting.staff.select_related("user").order_by("duty", "user__full_name"),
        duty_form=DutyForm(),
        reason_form=ReasonForm(),
        has_opened=now >= sitting.opens_at,
        is_over=now >= nobody_starts_from(sitting, at=now),
        **page,
    )


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    initial = {name: getattr(sitting, name) for name in ("name", "opens_at", "closes_at", "capacity")}
    form = SittingChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = done(
            request, lambda: change_sitting(sitting, by=request.user, **form.cleaned_data), _("The sitting was changed.")
        )
        if changed:
            return redirect("sittings:detail", uuid=sitting.uuid)
    crumbs = _crumbs((sitting.name, reverse("sittings:detail", args=[sitting.uuid])))
    return show(request, "form.html", title=_("Change"), crumbs=crumbs, icon="edit", form=form, submit=_("Save"))


@for_roles(*ADMINISTRATORS)
@require_POST
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    reason = request.POST.get("reason", "")[:240]
    done(request, lambda: cancel_sitting(sitting, reason=reason, by=request.user), _("The sitting was cancelled."))
    return redirect("sittings:detail", uuid=sitting.uuid)


@for_roles(*ADMINISTRATORS)
@require_POST
def close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    done(request, lambda: close_sitting(sitting, by=request.user), _("The sitting was closed."))
    return redirect("sittings:detail", uuid=sitting.uuid)


@for_roles(*ADMINISTRATORS)
@require_POST
def assign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    form = DutyForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        done(
            request,
            lambda: assign_staff(sitting, said["user"], duty=said["duty"], by=request.user),
            _("%(person)s is on duty.") % {"person": said["user"]},
        )
    return redirect("sittings:detail", uuid=sitting.uuid)


@for_roles(*ADMINISTRATORS)
@require_POST
def release(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    sitting = _sitting(request, uuid)
    duty = get_object_or_404(sitting.staff.select_related("sitting", "user"), pk=pk)
    done(request, lambda: release_staff(duty, by=request.user), _("%(person)s is off duty.") % {"person": duty.user})
    return redirect("sittings:detail", uuid=sitting.uuid)


class SittingViewSet(RoleViewSet):
    name = "sittings"
    menu_label = SITTINGS
    menu_name = "sittings"
    icon = "calendar"
    roles = ADMINISTRATORS
    patterns = (
        path("", index, name="index"),
        path("new/", add, name="add"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/edit/", edit, name="edit"),
        path("<uuid:uuid>/cancel/", cancel, name="cancel"),
        path("<uuid:uuid>/close/", close, name="close"),
        path("<uuid:uuid>/staff/", assign, name="assign"),
        path("<uuid:uuid>/staff/<int:pk>/release/", release, name="release"),
    )
