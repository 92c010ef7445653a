"""The board at work on results: drawing up the record of a sitting, signing it, seeing it out, printing it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.board_records import draft_board_record, sign_board_record, withdraw_board_record
from exams.forms.results import ReasonForm, RecordForm
from exams.models import BoardRecord, Sitting
from exams.queries.board_records import held_results_of, released_count, sittings_awaiting_board
from exams.rules.results import is_candidate_under, is_on_board
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

SIGNERS = (Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER)
READERS = (*SIGNERS, Role.AUDITOR)
RECORDS = gettext_lazy("Board records")
Status = BoardRecord.Status


def _record(request: HttpRequest, uuid: UUID) -> BoardRecord:
    visible = BoardRecord.objects.visible_to(request.user).select_related(
        "sitting__exam", "sitting__partner", "drafted_by", "first_by", "second_by"
    )
    return get_object_or_404(visible, uuid=uuid)


def _crumbs() -> list[tuple[str, str]]:
    return [(str(RECORDS), reverse("board_records:index"))]


@for_roles(*READERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    records = BoardRecord.objects.visible_to(request.user).select_related("sitting__exam", "first_by", "second_by")
    return show(
        request,
        "board_records.html",
        title=str(RECORDS),
        icon="clipboard-list",
        awaiting=sittings_awaiting_board()[:50],
        can_draft=is_on_board(request.user),  # type: ignore[arg-type]
        **page_of(request, records),
    )


@for_roles(*SIGNERS)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A record of what is held in the sitting; a draft that exists is drawn up again and loses its signature."""
    sitting = get_object_or_404(Sitting.objects.filter(is_rehearsal=False).select_related("exam"), uuid=uuid)
    existing = sitting.board_records.filter(status=Status.DRAFT).first()
    initial = {"incidents": existing.incidents, "decision": existing.decision} if existing else None
    form = RecordForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        record = done(
            request,
            lambda: draft_board_record(sitting, by=request.user, **form.cleaned_data),  # type: ignore[arg-type]
            _("The record is drawn up. Two people have to sign it."),
        )
        if record:
            return redirect("board_records:detail", uuid=record.uuid)
    return show(
        request,
        "board_record_form.html",
        title=_("Board record of %(sitting)s") % {"sitting": sitting.code},
        crumbs=_crumbs(),
        icon="clipboard-list",
        form=form,
        sitting=sitting,
        existing=existing,
        held=held_results_of(sitting).count(),
    )


@for_roles(*READERS)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    record = _record(request, uuid)
    user = request.user
    entries = record.entries.select_related("result__attempt__registration__candidate")
    is_draft = record.status == Status.DRAFT
    return show(
        request,
        "board_record.html",
        title=str(record),
        crumbs=_crumbs(),
        icon="clipboard-list",
        record=record,
        may_sign=is_draft and is_on_board(user) and record.first_by_id != user.pk,  # type: ignore[arg-type]
        is_candidate=is_candidate_under(user, record),  # type: ignore[arg-type]
        on_board=is_on_board(user),  # type: ignore[arg-type]
        released=released_count(record) if record.status == Status.SIGNED else None,
        total=entries.count(),
        reason_form=ReasonForm(),
        **(listed := page_of(request, entries)),
        entries=listed["page_obj"],
    )


@for_roles(*READERS)
@require_GET
def printed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The record with every result on one page, for paper."""
    record = _record(request, uuid)
    entries = record.entries.select_related("result__attempt__registration__candidate")
    return show(
        request,
        "board_record.html",
        title=str(record),
        crumbs=[*_crumbs(), (str(record), reverse("board_records:detail", args=[record.uuid]))],
        icon="clipboard-list",
        record=record,
        is_printed=True,
        entries=entries,
    )


@for_roles(*SIGNERS)
@require_POST
def sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    record = _record(request, uuid)
    done(request, lambda: sign_board_record(record, by=request.user), _("You have signed the record."))  # type: ignore[arg-type]
    return redirect("board_records:detail", uuid=record.uuid)


@for_roles(*SIGNERS)
@require_POST
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    record = _record(request, uuid)
    reason = request.POST.get("reason", "")
    done(
        request,
        lambda: withdraw_board_record(record, reason=reason, by=request.user),  # type: ignore[arg-type]
        _("The record is withdrawn; the results stay held."),
    )
    return redirect("board_records:detail", uuid=record.uuid)


class BoardRecordViewSet(RoleViewSet):
    name = "board_records"
    url_prefix = "board-records"
    menu_label = RECORDS
    menu_name = "board-records"
    icon = "clipboard-list"
    roles = READERS
    patterns = (
        path("", index, name="index"),
        path("draft/<uuid:uuid>/", draft, name="draft"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/print/", printed, name="print"),
        path("<uuid:uuid>/sign/", sign, name="sign"),
        path("<uuid:uuid>/withdraw/", withdraw, name="withdraw"),
    )
