"""Parallel papers in the back office: sets with their figures and checks, gaps of a bank, estimates, the spare."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.estimates import set_estimates
from exams.actions.gap_reports import request_gap_report
from exams.actions.paper_sets import discard_paper_set, request_paper_set, retry_paper_set, seal_paper_set
from exams.actions.spares import confirm_spare_swap, propose_spare_swap, spare_for, withdraw_spare_swap
from exams.assembly.plan import Specification
from exams.forms.administration import ReasonForm
from exams.forms.paper_sets import EstimatesForm, GapForm, PaperSetForm
from exams.models import Attempt, Blueprint, GapReport, PaperSet, Sitting, SpareSwap
from exams.queries.assembling import estimate_coverage, grid_rows
from exams.queries.paper_sets import (
    figures_of,
    findings_of,
    gap_sentences,
    gaps_of,
    limit_sentences,
    news_since,
    sets_with_counts,
    stored_papers,
)
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

ADMINISTRATORS = (Role.ADMINISTRATOR,)
SETS, BLUEPRINTS = gettext_lazy("Parallel papers"), gettext_lazy("Blueprints and exams")


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(str(SETS), reverse("paper_sets:index")), *more]


@for_roles(*ADMINISTRATORS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    return show(request, "paper_sets.html", title=str(SETS), icon="copy", **page_of(request, sets_with_counts()))


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = PaperSetForm(request.POST or None, initial={"exam": request.GET.get("exam")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        asked = done(
            request,
            lambda: request_paper_set(
                said["exam"],
                code=said["code"],
                paper_count=said["paper_count"],
                has_spare=said["has_spare"],
                limits=form.limits(),
                ability=float(said["ability"]),
                seed=said["seed"],
                by=request.user,
            ),
            _("The papers are being assembled. This page shows how far it is."),
        )
        if asked:
            return redirect("paper_sets:detail", uuid=asked.uuid)
    return show(request, "paper_set_form.html", title=_("Assemble papers"), crumbs=_crumbs(), icon="plus", form=form)


def _paper_set(uuid: UUID) -> PaperSet:
    sets = PaperSet.objects.select_related("exam__blueprint__bank", "asked_by", "sealed_by")
    return get_object_or_404(sets, uuid=uuid)


@for_roles(*ADMINISTRATORS)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _paper_set(uuid)
    plan = Specification.from_json(found.plan)
    context: dict[str, Any] = {"plan": plan}
    if found.status in (PaperSet.Status.DONE, PaperSet.Status.SEALED):
        papers = stored_papers(found)
        context |= {
            "figures": figures_of(found, papers),
            "findings": findings_of(found, papers),
            "news": news_since(found, papers),
        }
    if found.status == PaperSet.Status.INFEASIBLE:
        context |= {
            "gaps": gap_sentences(gaps_of(found.report)),
            "tight": limit_sentences(found.report.get("tight", {})),
        }
    title = str(found)
    return show(request, "paper_set.html", title=title, crumbs=_crumbs(), icon="copy", paper_set=found, **context)


@for_roles(*ADMINISTRATORS)
@require_POST
def seal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _paper_set(uuid)
    done(request, lambda: seal_paper_set(found, by=request.user), _("All papers of the set are sealed and were checked again."))
    return redirect("paper_sets:detail", uuid=found.uuid)


@for_roles(*ADMINISTRATORS)
@require_POST
def retry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _paper_set(uuid)
    done(request, lambda: retry_paper_set(found, by=request.user), _("The papers are being assembled again."))
    return redirect("paper_sets:detail", uuid=found.uuid)


@for_roles(*ADMINISTRATORS)
@require_POST
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _paper_set(uuid)
    if done(request, lambda: discard_paper_set(found, by=request.user), _("The set was discarded with its drafts.")):
        return redirect("paper_sets:index")
    return redirect("paper_sets:detail", uuid=found.uuid)


# --- The bank behind the papers -------------------------------------------------------------------


def _blueprint(code: str) -> Blueprint:
    return get_object_or_404(Blueprint.objects.select_related("bank"), code=code)


def _blueprint_crumbs(blueprint: Blueprint) -> list[tuple[str, str]]:
    detail_page = reverse("blueprints:detail", args=[blueprint.code])
    return [(str(BLUEPRINTS), reverse("blueprints:index")), (blueprint.code, detail_page)]


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def gaps(request: HttpRequest, code: str) -> HttpResponse:
    found = _blueprint(code)
    report = GapReport.objects.filter(blueprint=found).first()
    form = GapForm(request.POST or None, initial={"paper_count": report.paper_count if report else 4})
    if request.method == "POST" and form.is_valid():
        count = form.cleaned_data["paper_count"]
        done(
            request,
            lambda: request_gap_report(found, paper_count=count, by=request.user),
            _("The report is being worked out."),
        )
        return redirect("paper_sets:gaps", code=found.code)
    levels, rows = grid_rows(found)
    return show(
        request,
        "gaps.html",
        title=_("What the bank of %(blueprint)s lacks") % {"blueprint": found.code},
        crumbs=_blueprint_crumbs(found),
        icon="warning",
        blueprint=found,
        report=report,
        answers=[
            {**row, "sentences": gap_sentences(gaps_of(row))} for row in (report.report.get("rows", []) if report else [])
        ],
        form=form,
        levels=levels,
        rows=rows,
        has_grid=any(cell.needed is not None for row in rows for cell in row.cells),
    )


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def estimates(request: HttpRequest, code: str) -> HttpResponse:
    found = _blueprint(code)
    form = EstimatesForm(request.POST or None, bank=found.bank)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        stored = done(
            request,
            lambda: set_estimates(found.bank, said["lines"], source=said["source"], by=request.user),
            _("The estimates were stored."),
        )
        if stored is not None:
            return redirect("paper_sets:estimates", code=found.code)
    return show(
        request,
        "estimates.html",
        title=_("Estimates of the items of %(blueprint)s") % {"blueprint": found.code},
        crumbs=_blueprint_crumbs(found),
        icon="decimal",
        blueprint=found,
        coverage=estimate_coverage(found),
        form=form,
    )


# --- The spare --------------------------------------------------------------------------------------


def _swaps(request: HttpRequest) -> QuerySet[SpareSwap]:
    sittings = Sitting.objects.visible_to(request.user).filter(is_rehearsal=False)
    return SpareSwap.objects.filter(sitting__in=sittings).select_related(
        "sitting__partner", "paper_before__exam", "paper_after__exam", "proposed_by", "decided_by"
    )


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def swap(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sittings = Sitting.objects.visible_to(request.user).filter(is_rehearsal=False)
    sitting = get_object_or_404(sittings.select_related("paper__exam", "paper__set"), uuid=uuid)
    if request.method == "POST":
        reason = request.POST.get("reason", "")[:240]
        done(
            request,
            lambda: propose_spare_swap(sitting, reason=reason, by=request.user),
            _("The swap is proposed. Another administrator has to confirm it on this page."),
        )
        return redirect("paper_sets:swap", uuid=sitting.uuid)
    swaps = list(_swaps(request).filter(sitting=sitting))
    return show(
        request,
        "swap.html",
        title=_("Paper and spare"),
        crumbs=[(_("Sittings"), reverse("sittings:index")), (sitting.name, reverse("sittings:detail", args=[sitting.uuid]))],
        icon="copy",
        sitting=sitting,
        spare=spare_for(sitting),
        proposed=[each for each in swaps if each.status == SpareSwap.Status.PROPOSED],
        decided=[each for each in swaps if each.status != SpareSwap.Status.PROPOSED],
        has_started=Attempt.objects.filter(registration__sitting=sitting).exists(),
        form=ReasonForm(),
    )


@for_roles(*ADMINISTRATORS)
@require_POST
def confirm_swap(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(_swaps(request), uuid=uuid)
    done(request, lambda: confirm_spare_swap(found, by=request.user), _("The spare has taken the paper's place."))
    return redirect("paper_sets:swap", uuid=found.sitting.uuid)


@for_roles(*ADMINISTRATORS)
@require_POST
def withdraw_swap(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(_swaps(request), uuid=uuid)
    done(request, lambda: withdraw_spare_swap(found, by=request.user), _("The swap was withdrawn; the paper stays."))
    return redirect("paper_sets:swap", uuid=found.sitting.uuid)


class PaperSetViewSet(RoleViewSet):
    name = "paper_sets"
    menu_label = SETS
    menu_name = "paper-sets"
    icon = "copy"
    roles = ADMINISTRATORS
    patterns = (
        path("", index, name="index"),
        path("new/", add, name="add"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/seal/", seal, name="seal"),
        path("<uuid:uuid>/retry/", retry, name="retry"),
        path("<uuid:uuid>/discard/", discard, name="discard"),
        path("gaps/<str:code>/", gaps, name="gaps"),
        path("estimates/<str:code>/", estimates, name="estimates"),
        path("spare/<uuid:uuid>/", swap, name="swap"),
        path("spare/<uuid:uuid>/confirm/", confirm_swap, name="confirm_swap"),
        path("spare/<uuid:uuid>/withdraw/", withdraw_swap, name="withdraw_swap"),
    )
