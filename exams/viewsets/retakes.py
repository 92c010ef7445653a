"""Who may sit an exam again: the rules of each exam, and exceptions from them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Role
from exams.actions.retakes import grant_retake_exception, set_retake_rules
from exams.forms.retakes import ExceptionForm, RetakeRulesForm
from exams.models import Exam
from exams.queries.retakes import exams_with_rules, exceptions
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

ADMINISTRATORS = (Role.ADMINISTRATOR,)
RETAKES = gettext_lazy("Retakes")


def _crumbs() -> list[tuple[str, str]]:
    return [(str(RETAKES), reverse("retakes:index"))]


@for_roles(*ADMINISTRATORS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, exceptions())
    return show(request, "retakes.html", title=str(RETAKES), icon="rotate", exams=exams_with_rules(), **page)


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    exam = get_object_or_404(Exam, code=code)
    initial = {
        "wait_days": exam.retake_wait_days,
        "most_attempts": exam.most_attempts,
        "most_overlap_percent": exam.most_overlap_percent,
    }
    form = RetakeRulesForm(request.POST or None, initial=initial)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(request, lambda: set_retake_rules(exam, by=request.user, **form.cleaned_data), _("The rules were changed."))
    ):
        return redirect("retakes:index")
    title = _("Retake rules of %(exam)s") % {"exam": exam}
    return show(request, "form.html", title=title, crumbs=_crumbs(), icon="edit", form=form, submit=_("Save"))


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest) -> HttpResponse:
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        granted = done(
            request,
            lambda: grant_retake_exception(said["exam"], said["email"], reason=said["reason"], by=request.user),
            _("The exception was granted."),
        )
        if granted:
            return redirect("retakes:index")
    title = _("New exception")
    return show(request, "form.html", title=title, crumbs=_crumbs(), icon="plus", form=form, submit=_("Grant"))


class RetakeViewSet(RoleViewSet):
    name = "retakes"
    menu_label = RETAKES
    menu_name = "retakes"
    icon = "rotate"
    roles = ADMINISTRATORS
    patterns = (
        path("", index, name="index"),
        path("exams/<str:code>/", edit, name="edit"),
        path("exceptions/new/", grant, name="add"),
    )
