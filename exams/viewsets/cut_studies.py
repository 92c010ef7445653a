"""Cut-score studies: opened and run by administrators, rated by judges, decided by two people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.cut_studies import (
    add_judge,
    begin_round,
    confirm_cut,
    excuse_judge,
    open_study,
    propose_cut,
    rate_items,
    send_back_proposal,
)
from exams.content import content_of
from exams.forms.cut_studies import JudgeForm, ProposalForm, RatingForm, StudyForm
from exams.forms.items import CommentForm
from exams.models import CutStudy
from exams.queries.bank import full_versions
from exams.queries.cut_studies import compromises, figures, impact_of, judge_of, own_ratings, progress, ratable_items
from exams.rules.cut_studies import can_confirm_cut, can_run_studies
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show
from standards.models.catalogue import in_language

BOARD = (Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER, Role.AUDITOR)
JUDGES = (Role.EXAMINER, Role.ITEM_REVIEWER, Role.ITEM_WRITER)
EVERYBODY = (*BOARD, *JUDGES)
STUDIES = gettext_lazy("Cut-score studies")
Status = CutStudy.Status


def _study(request: HttpRequest, uuid: UUID) -> CutStudy:
    visible = CutStudy.objects.visible_to(request.user).select_related("paper__exam__blueprint", "proposed_by", "opened_by")
    return get_object_or_404(visible, uuid=uuid)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(str(STUDIES), reverse("cut_studies:index")), *more]


@for_roles(*EVERYBODY)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    studies = CutStudy.objects.visible_to(request.user).select_related("paper__exam", "decision")
    can_open = can_run_studies(request.user)  # type: ignore[arg-type]
    return show(request, "cut_studies.html", title=str(STUDIES), icon="history", can_open=can_open, **page_of(request, studies))


@for_roles(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = StudyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        study = done(request, lambda: open_study(**form.cleaned_data, by=request.user), _("The study was opened."))
        if study:
            return redirect("cut_studies:detail", uuid=study.uuid)
    return show(request, "form.html", title=_("New study"), crumbs=_crumbs(), icon="plus", form=form, submit=_("Open"))


@for_roles(*EVERYBODY)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where the study stands. What judges said in round 1 is nobody's to see before round 2."""
    study = _study(request, uuid)
    user: Any = request.user
    on_board = user.has_role(*BOARD)
    number = {Status.SETUP: 1, Status.ROUND_1: 1}.get(Status(study.status), 2)
    may_see = study.status not in (Status.SETUP, Status.ROUND_1)
    return show(
        request,
        "cut_study.html",
        title=str(study),
        crumbs=_crumbs(),
        icon="history",
        study=study,
        borderline=in_language(study.borderline, study.borderline_zh),
        round=number,
        rows=progress(study, number),
        outcome=_outcome(study) if may_see and on_board else None,
        on_board=on_board,
        is_judge=judge_of(study, user) is not None,
        can_run=can_run_studies(user),
        can_confirm=can_confirm_cut(user) and study.proposed_by_id != user.pk,
        judge_form=JudgeForm(study=study),
        proposal_form=ProposalForm(),
        comment_form=CommentForm(),
        decision=getattr(study, "decision", None),
    )


def _outcome(study: CutStudy) -> dict[str, Any]:
    """Figures of both rounds, the compromises, and what each cut would have meant."""
    impact = impact_of(study.paper)
    rounds = [(number, found) for number in (1, 2) if (found := figures(study, number)) is not None]
    people = {judge.pk: str(judge.user) for judge in study.judges.select_related("user")}
    cuts = [(_("Angoff, round %(number)s") % {"number": number}, found.percent) for number, found in rounds]
    cuts += [(name.capitalize(), cut) for name, cut in compromises(study, impact).items() if cut is not None]
    return {
        "rounds": [
            {
                "number": number,
                "figures": found,
                "judges": [{"name": people[each.judge], "figures": each} for each in found.judges],
                "widest": sorted(found.items, key=lambda each: -each.spread)[:5],
            }
            for number, found in rounds
        ],
        "candidates": len(impact.percents),
        "cuts": [(name, cut, impact.pass_rate(cut) if impact.says_something else None) for name, cut in cuts],
    }


@for_roles(*JUDGES)
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A judge's page: every scored item with its key, and in round 2 what the judges said and the candidates did."""
    study = _study(request, uuid)
    judge = judge_of(study, request.user)  # type: ignore[arg-type]
    number = {Status.ROUND_1: 1, Status.ROUND_2: 2}.get(Status(study.status))
    if judge is None:
        raise Http404
    if number is None:
        return redirect("cut_studies:detail", uuid=study.uuid)
    items = list(ratable_items(study.paper))
    first = own_ratings(judge, 1)
    said = own_ratings(judge, number) or (first if number == 2 else {})
    form = RatingForm(request.POST or None, positions=[item.position for item in items], said=said, judge=judge)
    if request.method == "POST" and form.is_valid():
        act = done(
            request,
            lambda: rate_items(study, form.percents(), by=request.user, limits=form.limits()),  # type: ignore[arg-type]
            _("Your ratings were saved."),
        )
        if act:
            return redirect("cut_studies:rate", uuid=study.uuid)
    return show(
        request,
        "cut_rating.html",
        title=_("Round %(number)s") % {"number": number},
        crumbs=_crumbs((str(study), reverse("cut_studies:detail", args=[study.uuid]))),
        icon="edit",
        study=study,
        borderline=in_language(study.borderline, study.borderline_zh),
        round=number,
        form=form,
        rows=_rows(study, items, form, number, first),
    )


def _rows(study: CutStudy, items: list[Any], form: RatingForm, number: int, first: dict[int, int]) -> list[dict[str, Any]]:
    versions = {version.pk: version for version in full_versions().filter(paper_items__in=items)}
    discussion = figures(study, 1) if number == 2 else None
    others = {each.item: each for each in discussion.items} if discussion else {}
    impact = impact_of(study.paper) if number == 2 else None
    facility = impact.facility if impact and impact.says_something else {}
    rows = []
    for item in items:
        content = content_of(versions[item.version_id])
        language = in_language("en", "zh-hans")
        language = language if language in content.wordings else next(iter(content.wordings))
        rows.append(
            {
                "item": item,
                "field": form[f"p{item.position}"],
                "stem": content.wordings[language].stem,
                "choices": [(choice.texts.get(language, ""), choice.is_key) for choice in content.choices],
                "first": first.get(item.position),
                "others": others.get(item.position),
                "facility": facility.get(item.position),
            }
        )
    return rows


@for_roles(Role.ADMINISTRATOR)
@require_POST
def judge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    study = _study(request, uuid)
    form = JudgeForm(request.POST, study=study)
    if form.is_valid():
        person = form.cleaned_data["user"]
        done(request, lambda: add_judge(study, person, by=request.user), _("%(person)s judges.") % {"person": person})
    return redirect("cut_studies:detail", uuid=study.uuid)


@for_roles(Role.ADMINISTRATOR)
@require_POST
def excuse(request: HttpRequest, uuid: UUID, pk: int) -> HttpResponse:
    study = _study(request, uuid)
    found = get_object_or_404(study.judges.select_related("study", "user"), pk=pk)
    reason = request.POST.get("comment", "")
    done(
        request,
        lambda: excuse_judge(found, reason=reason, by=request.user),
        _("%(person)s no longer counts.") % {"person": found},
    )
    return redirect("cut_studies:detail", uuid=study.uuid)


@for_roles(Role.ADMINISTRATOR)
@require_POST
def begin(request: HttpRequest, uuid: UUID) -> HttpResponse:
    study = _study(request, uuid)
    done(request, lambda: begin_round(study, by=request.user), _("The round has begun."))
    return redirect("cut_studies:detail", uuid=study.uuid)


@for_roles(Role.ADMINISTRATOR)
@require_POST
def propose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    study = _study(request, uuid)
    form = ProposalForm(request.POST)
    if form.is_valid():
        done(request, lambda: propose_cut(study, by=request.user, **form.cleaned_data), _("The cut was proposed to the board."))
    else:
        messages.error(request, _("Give a cut between 0 and 100 percent, and the reason for it."))
    return redirect("cut_studies:detail", uuid=study.uuid)


@for_roles(Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER)
@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    study = _study(request, uuid)
    done(request, lambda: confirm_cut(study, by=request.user), _("The cut is decided."))
    return redirect("cut_studies:detail", uuid=study.uuid)


@for_roles(Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER)
@require_POST
def send_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    study = _study(request, uuid)
    reason = request.POST.get("comment", "")
    done(request, lambda: send_back_proposal(study, reason=reason, by=request.user), _("The proposal went back to round 2."))
    return redirect("cut_studies:detail", uuid=study.uuid)


class CutStudyViewSet(RoleViewSet):
    name = "cut_studies"
    url_prefix = "cut-studies"
    menu_label = STUDIES
    icon = "history"
    roles = EVERYBODY
    patterns = (
        path("", index, name="index"),
        path("add/", add, name="add"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/rate/", rate, name="rate"),
        path("<uuid:uuid>/judges/", judge, name="judge"),
        path("<uuid:uuid>/judges/<int:pk>/excuse/", excuse, name="excuse"),
        path("<uuid:uuid>/begin/", begin, name="begin"),
        path("<uuid:uuid>/propose/", propose, name="propose"),
        path("<uuid:uuid>/confirm/", confirm, name="confirm"),
        path("<uuid:uuid>/send-back/", send_back, name="send_back"),
    )
