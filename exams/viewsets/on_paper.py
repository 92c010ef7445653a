"""Exams sat on paper: the booklet of a sitting, and the sheets that two people key in."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from common.errors import DomainError
from exams.actions.answer_sheets import differences, discard_sheet, key_in, open_sheet
from exams.actions.printed_papers import hand_out_booklet, request_booklet
from exams.errors import AnswersUnreadable
from exams.forms.on_paper import DiscardSheetForm, KeyInForm, OpenSheetForm
from exams.models import AnswerSheet, Sitting
from exams.queries.on_paper import registrations_on_paper, sheet_positions, sittings_for_paper
from exams.rules.on_paper import can_print, can_take_booklet
from exams.rules.permissions import can_invigilate
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

ROOM_STAFF = (Role.INVIGILATOR, Role.ADMINISTRATOR)
ON_PAPER = gettext_lazy("Exams on paper")


def _sitting(request: HttpRequest, uuid: UUID) -> Sitting:
    """One that this person invigilates: an examiner of the sitting has no business with its sheets."""
    sitting = get_object_or_404(sittings_for_paper(request.user), uuid=uuid)
    if not can_invigilate(request.user, sitting):  # type: ignore[arg-type]
        raise Http404
    return sitting


def _sheet(request: HttpRequest, uuid: UUID) -> AnswerSheet:
    sheets = AnswerSheet.objects.visible_to(request.user).filter(registration__sitting__is_rehearsal=False)
    return get_object_or_404(
        sheets.select_related("registration__sitting__exam", "registration__candidate", "paper"), uuid=uuid
    )


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(str(ON_PAPER), reverse("on_paper:index")), *more]


def _crumbs_to(sitting: Sitting) -> list[tuple[str, str]]:
    return _crumbs((sitting.name, reverse("on_paper:sitting", args=[sitting.uuid])))


@for_roles(*ROOM_STAFF)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    sittings = sittings_for_paper(request.user)
    if not request.user.has_role(Role.ADMINISTRATOR):  # type: ignore[union-attr]
        sittings = sittings.filter(staff__user=request.user, staff__duty="invigilator")
    return show(request, "on_paper.html", title=str(ON_PAPER), icon="doc-full", **page_of(request, sittings))


@for_roles(*ROOM_STAFF)
@require_GET
def sitting_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    user = request.user
    return show(
        request,
        "on_paper_sitting.html",
        title=sitting.name,
        crumbs=_crumbs(),
        icon="doc-full",
        sitting=sitting,
        booklets=sitting.printed_papers.filter(paper=sitting.paper).order_by("language"),
        languages=[] if sitting.paper.status == "draft" else sitting.paper.languages,
        may_print=can_print(user, sitting),  # type: ignore[arg-type]
        may_take=can_take_booklet(user, sitting, at=timezone.now()),  # type: ignore[arg-type]
        **page_of(request, registrations_on_paper(sitting)),
    )


@for_roles(Role.ADMINISTRATOR)
@require_POST
def print_it(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    language = request.POST.get("language", "")[:10]
    done(request, lambda: request_booklet(sitting, language=language, by=request.user), _("The booklet is being printed."))  # type: ignore[arg-type]
    return redirect("on_paper:sitting", uuid=sitting.uuid)


@for_roles(*ROOM_STAFF)
@require_POST
def take(request: HttpRequest, uuid: UUID, language: str) -> HttpResponse:
    """The file. A POST: who takes a live paper out is written down."""
    sitting = _sitting(request, uuid)
    booklet = get_object_or_404(sitting.printed_papers.filter(paper=sitting.paper, status="ready"), language=language)
    content = hand_out_booklet(booklet, by=request.user)  # type: ignore[arg-type]
    name = f"{sitting.code}-{language}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@for_roles(*ROOM_STAFF)
@require_http_methods(["GET", "POST"])
def open_one(request: HttpRequest, uuid: UUID, registration: UUID) -> HttpResponse:
    sitting = _sitting(request, uuid)
    others = registrations_on_paper(sitting).exclude(candidate=request.user)  # type: ignore[misc]
    found = get_object_or_404(others, uuid=registration)
    form = OpenSheetForm(request.POST or None, initial={"started_at": sitting.opens_at})
    if request.method == "POST" and form.is_valid():
        sheet = done(
            request,
            lambda: open_sheet(found, by=request.user, **form.cleaned_data),  # type: ignore[arg-type]
            _("The answer sheet was opened. Two people key it in, each by themselves."),
        )
        if sheet:
            return redirect("on_paper:sheet", uuid=sheet.uuid)
    title = _("%(person)s sits on paper") % {"person": found.candidate}
    return show(request, "form.html", title=title, crumbs=_crumbs_to(sitting), form=form, submit=_("Open the answer sheet"))


@for_roles(*ROOM_STAFF)
@require_http_methods(["GET", "POST"])
def sheet_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What one person keys in. Of the other half only the numbers of differing answers are shown, never an answer."""
    sheet = _sheet(request, uuid)
    positions = sheet_positions(sheet)
    halves = list(sheet.key_ins.select_related("person"))
    mine = next((half for half in halves if half.person_id == request.user.pk), None)
    form = KeyInForm(request.POST or None, positions=positions, mine=mine)
    if request.method == "POST" and form.is_valid():
        answer = _keyed(request, sheet, form, positions)
        if answer:
            return answer
    sitting = sheet.registration.sitting
    return show(
        request,
        "answer_sheet.html",
        title=_("Answer sheet of %(person)s") % {"person": sheet.registration.candidate},
        crumbs=_crumbs_to(sitting),
        icon="doc-full",
        sheet=sheet,
        sitting=sitting,
        form=form,
        mine=mine,
        halves=halves,
        is_third=mine is None and len(halves) == 2,
        unequal=differences(*halves) if mine and len(halves) == 2 else [],
        discard_form=DiscardSheetForm(),
    )


def _keyed(
    request: HttpRequest, sheet: AnswerSheet, form: KeyInForm, positions: list[dict[str, object]]
) -> HttpResponse | None:
    try:
        after = key_in(sheet, form.said(), handed_in_at=form.cleaned_data["handed_in_at"], by=request.user)  # type: ignore[arg-type]
    except AnswersUnreadable as refusal:
        form.blame(refusal.extra["problems"], positions)
        return None
    except DomainError as refusal:
        form.add_error(None, str(refusal.text))
        return None
    settled = after.status == AnswerSheet.Status.SETTLED
    told = _("Both halves agree: the answers were handed in.") if settled else _("What you keyed in was stored.")
    done(request, lambda: after, told)
    return redirect("on_paper:sheet", uuid=sheet.uuid)


@for_roles(*ROOM_STAFF)
@require_POST
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sheet = _sheet(request, uuid)
    reason = request.POST.get("reason", "")[:240]
    done(request, lambda: discard_sheet(sheet, reason=reason, by=request.user), _("The answer sheet was discarded."))  # type: ignore[arg-type]
    return redirect("on_paper:sitting", uuid=sheet.registration.sitting.uuid)


class OnPaperViewSet(RoleViewSet):
    name = "on_paper"
    url_prefix = "on-paper"
    menu_label = ON_PAPER
    menu_name = "on-paper"
    icon = "doc-full"
    roles = ROOM_STAFF
    patterns = (
        path("", index, name="index"),
        path("sittings/<uuid:uuid>/", sitting_page, name="sitting"),
        path("sittings/<uuid:uuid>/print/", print_it, name="print"),
        path("sittings/<uuid:uuid>/booklet/<str:language>/", take, name="take"),
        path("sittings/<uuid:uuid>/registrations/<uuid:registration>/", open_one, name="open"),
        path("sheets/<uuid:uuid>/", sheet_page, name="sheet"),
        path("sheets/<uuid:uuid>/discard/", discard, name="discard"),
    )
