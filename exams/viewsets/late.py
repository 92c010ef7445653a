"""Late answers, side by side with what is stored, and the decision of two people on them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.late import confirm_late_decision, propose_late_decision, withdraw_late_decision
from exams.forms.late import LateDecisionForm
from exams.models import LateBundle
from exams.queries.late import bundles_for, side_by_side
from exams.rules.permissions import can_decide_late
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

DECIDERS = (Role.CERTIFICATION_OFFICER, Role.ADMINISTRATOR)
READERS = (*DECIDERS, Role.AUDITOR)
TITLE = gettext_lazy("Late answers")


def _bundle(request: HttpRequest, uuid: UUID) -> LateBundle:
    return get_object_or_404(bundles_for(request.user), uuid=uuid)


@for_roles(*READERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return show(request, "late_bundles.html", title=str(TITLE), icon="history", **page_of(request, bundles_for(request.user)))


@for_roles(*READERS)
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _bundle(request, uuid)
    may_decide = can_decide_late(request.user, found)  # type: ignore[arg-type]
    form = LateDecisionForm(request.POST or None)
    if request.method == "POST" and not may_decide:
        raise Http404
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done(
            request,
            lambda: propose_late_decision(found, verdict=said["verdict"], reason=said["reason"], by=request.user),
            _("Your proposal was kept. A second person confirms it."),
        )
        return redirect("late_answers:detail", uuid=found.uuid)
    return show(
        request,
        "late_bundle.html",
        title=_("Late answers of %(at)s") % {"at": date_format(localtime(found.received_at), "DATETIME_FORMAT")},
        crumbs=[(str(TITLE), reverse("late_answers:index"))],
        icon="history",
        bundle=found,
        pairs=side_by_side(found),
        decision=getattr(found, "decision", None),
        may_decide=may_decide,
        form=form,
    )


@for_roles(*DECIDERS)
@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _bundle(request, uuid)
    done(request, lambda: confirm_late_decision(found, by=request.user), _("The decision is final. The candidate sees it."))
    return redirect("late_answers:detail", uuid=found.uuid)


@for_roles(*DECIDERS)
@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _bundle(request, uuid)
    done(request, lambda: withdraw_late_decision(found, by=request.user), _("The proposal was withdrawn."))
    return redirect("late_answers:detail", uuid=found.uuid)


class LateAnswersViewSet(RoleViewSet):
    name = "late_answers"
    menu_label = TITLE
    menu_name = "late-answers"
    icon = "history"
    roles = READERS
    patterns = (
        path("", index, name="index"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/confirm/", confirm, name="confirm"),
        path("<uuid:uuid>/withdraw/", withdraw, name="withdraw"),
    )
