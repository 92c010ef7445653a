"""Appeals against results: what waits, what is overdue, and the decision."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role, User
from exams.actions.appeals import decide_appeal, take_up_appeal
from exams.clock import server_now
from exams.forms.results import AppealAnswerForm
from exams.models import ResultAppeal
from exams.queries.appeals import appeals_for_board, overdue_appeals, remarks_for
from exams.queries.remarks import history_of
from exams.rules.results import can_review_appeal, is_on_board
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

BOARD = (Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER)
READERS = (*BOARD, Role.AUDITOR)
APPEALS = gettext_lazy("Appeals against results")


def _appeal(request: HttpRequest, uuid: UUID) -> ResultAppeal:
    user: User = request.user  # type: ignore[assignment]
    return get_object_or_404(appeals_for_board(user).select_related("remark__version__item"), uuid=uuid)


@for_roles(*READERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    now = server_now()
    overdue = overdue_appeals(now).count()
    rows = page_of(request, appeals_for_board(user))
    listed = [(appeal, appeal.is_overdue(now)) for appeal in rows["page_obj"]]
    return show(request, "result_appeals.html", title=str(APPEALS), icon="mail", overdue=overdue, rows=listed, **rows)


@for_roles(*READERS)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    return _page(request, _appeal(request, uuid), None)


def _page(request: HttpRequest, appeal: ResultAppeal, form: AppealAnswerForm | None) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    on_board = is_on_board(user)
    return show(
        request,
        "result_appeal.html",
        title=str(appeal.appellant),
        crumbs=[(str(APPEALS), reverse("result_appeals:index"))],
        icon="mail",
        appeal=appeal,
        result=appeal.result,
        sitting=appeal.result.attempt.registration.sitting,
        history=list(history_of(appeal.result)),
        is_overdue=appeal.is_overdue(server_now()),
        on_board=on_board,
        may_review=on_board and can_review_appeal(user, appeal),
        form=form or AppealAnswerForm(remarks=remarks_for(appeal)),
    )


@for_roles(*BOARD)
@require_POST
def take_up(request: HttpRequest, uuid: UUID) -> HttpResponse:
    appeal = _appeal(request, uuid)
    done(request, lambda: take_up_appeal(appeal, by=request.user), _("You review this appeal."))  # type: ignore[arg-type]
    return redirect("result_appeals:detail", uuid=appeal.uuid)


@for_roles(*BOARD)
@require_POST
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    appeal = _appeal(request, uuid)
    form = AppealAnswerForm(request.POST, remarks=remarks_for(appeal))
    if not form.is_valid():
        return _page(request, appeal, form)
    done(
        request,
        lambda: decide_appeal(appeal, by=request.user, **form.cleaned_data),  # type: ignore[arg-type]
        _("The appeal is decided, and the candidate is written to."),
    )
    return redirect("result_appeals:detail", uuid=appeal.uuid)


class ResultAppealViewSet(RoleViewSet):
    name = "result_appeals"
    url_prefix = "result-appeals"
    menu_label = APPEALS
    menu_name = "result-appeals"
    icon = "mail"
    roles = READERS
    patterns = (
        path("", index, name="index"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/take-up/", take_up, name="take_up"),
        path("<uuid:uuid>/decide/", decide, name="decide"),
    )
