"""Arranging marking: by what rule, who has what, how far it is, and how far the markers agree. No answer is shown here,
and no script leads to its candidate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from common.errors import DomainError
from exams.actions.allocating import Allocation, allocate_marking, hand_over_marks, set_marking_rule
from exams.actions.sittings import assign_staff
from exams.forms.marking import ExaminerForm, HandOverForm, MarkingRuleForm
from exams.models import Sitting, SittingStaff
from exams.queries.agreement import agreement_by_item, agreement_by_marker, double_marks
from exams.queries.marking import progress_by_item, progress_by_marker, sittings_with_marking
from exams.rules.marking import can_arrange_marking, markers_of
from exams.statistics.agreement import LEAST_PAIRS
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
MARKING = gettext_lazy("Marking")


def _sitting(request: HttpRequest, uuid: UUID) -> Sitting:
    sittings = Sitting.objects.visible_to(request.user).filter(is_rehearsal=False)
    return get_object_or_404(sittings.select_related("exam"), uuid=uuid)


@for_roles(*READERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, sittings_with_marking())
    return show(request, "marking_office.html", title=str(MARKING), icon="list-ul", **page)


@for_roles(*READERS)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    markers, items = markers_of(sitting), progress_by_item(sitting)
    people = progress_by_marker(sitting, markers)
    givers = [row["person"] for row in people if row["open"]]
    marks = double_marks(sitting.exam)
    exam = sitting.exam
    rule = {"marking": exam.marking, "third_above_percent": exam.third_marker_above_percent}
    return show(
        request,
        "marking_sitting.html",
        title=sitting.name,
        crumbs=[(str(MARKING), reverse("marking_office:index"))],
        icon="list-ul",
        sitting=sitting,
        items=items,
        totals=_totals(items),
        people=people,
        by_item=agreement_by_item(marks),
        by_marker=agreement_by_marker(marks),
        least=LEAST_PAIRS,
        may_arrange=can_arrange_marking(request.user),  # type: ignore[arg-type]
        rule_form=MarkingRuleForm(initial=rule),
        examiner_form=ExaminerForm(sitting=sitting),
        hand_over_form=HandOverForm(givers=givers, takers=markers),
        can_hand_over=bool(givers and len(markers) > 1),
    )


def _totals(items: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] for row in items) for name in ("all", "waiting", "assigned", "apart", "settled")}


@for_roles(Role.ADMINISTRATOR)
@require_POST
def allocate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    _do(request, lambda: allocate_marking(sitting, by=request.user))  # type: ignore[arg-type]
    return redirect("marking_office:detail", uuid=sitting.uuid)


@for_roles(Role.ADMINISTRATOR)
@require_POST
def hand_over(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    markers = markers_of(sitting)
    people = [row["person"] for row in progress_by_marker(sitting, markers)]
    form = HandOverForm(request.POST, givers=people, takers=markers)
    if form.is_valid():
        _do(request, lambda: hand_over_marks(sitting, by=request.user, **form.cleaned_data))  # type: ignore[arg-type]
    else:
        messages.error(request, _("Say from whom to whom, and why."))
    return redirect("marking_office:detail", uuid=sitting.uuid)


def _do(request: HttpRequest, act: Callable[[], Allocation]) -> None:
    """Do it; say how many answers went to somebody, and in a sentence which nobody may have."""
    try:
        outcome = act()
    except DomainError as refusal:
        messages.error(request, str(refusal.text))
        return
    messages.success(request, _("Answers given to a marker: %(number)s.") % {"number": outcome.given})
    if outcome.sentence:
        messages.warning(request, outcome.sentence)


@for_roles(Role.ADMINISTRATOR)
@require_POST
def assign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    form = ExaminerForm(request.POST, sitting=sitting)
    if form.is_valid():
        person = form.cleaned_data["user"]
        done(
            request,
            lambda: assign_staff(sitting, person, duty=SittingStaff.Duty.EXAMINER, by=request.user),  # type: ignore[arg-type]
            _("%(person)s is on duty.") % {"person": person},
        )
    return redirect("marking_office:detail", uuid=sitting.uuid)


@for_roles(Role.ADMINISTRATOR)
@require_POST
def rule(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    form = MarkingRuleForm(request.POST)
    if form.is_valid():
        done(
            request,
            lambda: set_marking_rule(sitting.exam, by=request.user, **form.cleaned_data),  # type: ignore[arg-type]
            _("The rule was saved."),
        )
    else:
        messages.error(request, _("Answers are marked by one person or by two, and a difference is between 0 and 100 percent."))
    return redirect("marking_office:detail", uuid=sitting.uuid)


class MarkingOfficeViewSet(RoleViewSet):
    name = "marking_office"
    url_prefix = "marking-office"
    menu_label = MARKING
    menu_name = "marking-office"
    icon = "list-ul"
    roles = READERS
    patterns = (
        path("", index, name="index"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/allocate/", allocate, name="allocate"),
        path("<uuid:uuid>/hand-over/", hand_over, name="hand_over"),
        path("<uuid:uuid>/examiners/", assign, name="assign"),
        path("<uuid:uuid>/rule/", rule, name="rule"),
    )
