"""Correcting a key after the exam: chosen, proposed, run dry, and committed by a second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role, User
from exams.actions.remark_proposals import propose_remark
from exams.actions.remarks import commit_remark, redo_dry_run, refuse_remark
from exams.forms.results import ReasonForm, RemarkForm
from exams.models import Remark, Result
from exams.queries.bank import excerpt
from exams.queries.keys import readable_key
from exams.queries.remarks import changes_of, counts_of, versions_with_results
from exams.rules.bank import can_see_keys
from exams.rules.results import can_propose_remark, is_on_board, was_examined_with
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

BOARD = (Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER)
READERS = (*BOARD, Role.AUDITOR)
REMARKS = gettext_lazy("Re-marks")
Status = Remark.Status


def _remark(request: HttpRequest, uuid: UUID) -> Remark:
    visible = Remark.objects.visible_to(request.user).select_related("version__item", "proposed_by", "decided_by")
    return get_object_or_404(visible, uuid=uuid)


def _crumbs() -> list[tuple[str, str]]:
    return [(str(REMARKS), reverse("remarks:index"))]


@for_roles(*READERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    remarks = Remark.objects.visible_to(request.user).select_related("version__item", "proposed_by", "decided_by")
    can_propose = can_propose_remark(request.user)  # type: ignore[arg-type]
    return show(
        request, "remarks.html", title=str(REMARKS), icon="rotate", can_propose=can_propose, **page_of(request, remarks)
    )


@for_roles(Role.ADMINISTRATOR)
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Every version that somebody was scored on, by its code."""
    search = request.GET.get("q", "").strip()
    context = page_of(request, versions_with_results(search))
    language = get_language() or "en"
    rows = [{"version": version, "excerpt": excerpt(version, language)} for version in context["page_obj"]]
    title = _("Which item?")
    return show(
        request, "remark_choose.html", title=title, crumbs=_crumbs(), icon="rotate", search=search, rows=rows, **context
    )


@for_roles(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = get_object_or_404(versions_with_results(""), uuid=uuid)
    form = RemarkForm(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        remark = done(
            request,
            lambda: propose_remark(
                version,
                kind=said["kind"],
                keys=form.keys(),
                reason=said["reason"],
                words=said["words"],
                words_zh=said["words_zh"],
                by=request.user,  # type: ignore[arg-type]
            ),
            _("The correction is proposed, and the dry run begins. Nothing has changed yet."),
        )
        if remark:
            return redirect("remarks:detail", uuid=remark.uuid)
    return show(
        request,
        "remark_form.html",
        title=_("Correct %(item)s") % {"item": version},
        crumbs=_crumbs(),
        icon="rotate",
        form=form,
        version=version,
        excerpt=excerpt(version, get_language() or "en", 400),
        key=readable_key(version.key or {}),
        options=sorted(version.options.all(), key=lambda option: option.position),
    )


@for_roles(*READERS)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    remark = _remark(request, uuid)
    user: User = request.user  # type: ignore[assignment]
    return show(
        request,
        "remark.html",
        title=str(remark.version),
        crumbs=_crumbs(),
        icon="rotate",
        remark=remark,
        counts=counts_of(remark),
        touched=_touched(remark),
        keys=_keys_in_words(remark) if can_see_keys(user) else None,
        on_board=is_on_board(user),
        is_proposer=remark.proposed_by_id == user.pk,
        was_examined=was_examined_with(user, remark.version_id),
        reason_form=ReasonForm(),
        **page_of(request, changes_of(remark)),
    )


def _touched(remark: Remark) -> list[tuple[dict[str, Any], bool]]:
    """What rests on the results, with whether its result would no longer be a pass; those first."""
    down = remark.changes.filter(outcome_before=Result.Outcome.PASSED, outcome_after=Result.Outcome.FAILED)
    lost = {str(uuid) for uuid in down.values_list("result__uuid", flat=True)}
    return sorted(((row, row["result"] in lost) for row in remark.touched), key=lambda each: not each[1])


def _keys_in_words(remark: Remark) -> list[str]:
    """The new keys for those who may see keys: options by their number, answers as text."""
    number = {option.token: place for place, option in enumerate(remark.version.options.order_by("position"), 1)}
    words = []
    for key in remark.keys:
        if "right" in key:
            places: list[Any] = sorted(number.get(token, 0) for token in key["right"])
            words.append(_("option %(numbers)s") % {"numbers": " + ".join(str(place) for place in places)})
        else:
            words.append(readable_key(key["answer"]))
    return words


@for_roles(*BOARD)
@require_POST
def again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    remark = _remark(request, uuid)
    done(request, lambda: redo_dry_run(remark, by=request.user), _("The dry run begins anew."))  # type: ignore[arg-type]
    return redirect("remarks:detail", uuid=remark.uuid)


@for_roles(*BOARD)
@require_POST
def commit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    remark = _remark(request, uuid)
    done(
        request,
        lambda: commit_remark(remark, by=request.user),  # type: ignore[arg-type]
        _("The correction is in force: every result changed as listed, and the candidates concerned get a letter."),
    )
    return redirect("remarks:detail", uuid=remark.uuid)


@for_roles(*BOARD)
@require_POST
def refuse(request: HttpRequest, uuid: UUID) -> HttpResponse:
    remark = _remark(request, uuid)
    reason = request.POST.get("reason", "")
    done(
        request,
        lambda: refuse_remark(remark, reason=reason, by=request.user),  # type: ignore[arg-type]
        _("The correction is refused; nothing has changed."),
    )
    return redirect("remarks:detail", uuid=remark.uuid)


class RemarkViewSet(RoleViewSet):
    name = "remarks"
    url_prefix = "remarks"
    menu_label = REMARKS
    menu_name = "remarks"
    icon = "rotate"
    roles = READERS
    patterns = (
        path("", index, name="index"),
        path("choose/", choose, name="choose"),
        path("propose/<uuid:uuid>/", propose, name="propose"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/again/", again, name="again"),
        path("<uuid:uuid>/commit/", commit, name="commit"),
        path("<uuid:uuid>/refuse/", refuse, name="refuse"),
    )
