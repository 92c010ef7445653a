"""Blueprints with their stock, and the papers drawn from them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.papers import define_blueprint, discard_paper, draw_paper, retire_paper, set_grid
from exams.actions.sealing import seal_paper
from exams.assembly.validating import level_name
from exams.forms.administration import BlueprintForm, DrawForm
from exams.forms.paper_sets import GridForm
from exams.models import Blueprint, Paper
from exams.models.items import CognitiveLevel
from exams.queries.administration import blueprints_with_exams, stock_of
from exams.queries.assembling import grid_problems, grid_rows
from exams.queries.drawing import papers_with_counts, positions_of
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show
from exams.viewsets.section_rules import edit_section_rules

ADMINISTRATORS = (Role.ADMINISTRATOR,)
BLUEPRINTS, PAPERS = gettext_lazy("Blueprints and exams"), gettext_lazy("Papers")


def _blueprint_crumbs() -> list[tuple[str, str]]:
    return [(str(BLUEPRINTS), reverse("blueprints:index"))]


@for_roles(*ADMINISTRATORS)
@require_GET
def blueprints(request: HttpRequest) -> HttpResponse:
    return show(request, "blueprints.html", title=str(BLUEPRINTS), icon="table", **page_of(request, blueprints_with_exams()))


@for_roles(*ADMINISTRATORS)
@require_GET
def blueprint(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Blueprint.objects.select_related("bank"), code=code)
    levels, rows = grid_rows(found)
    return show(
        request,
        "blueprint.html",
        title=found.code,
        crumbs=_blueprint_crumbs(),
        icon="table",
        blueprint=found,
        stock=stock_of(found),
        mix=[(level_name(level), percent) for level, percent in found.cognitive_mix.items()],
        levels=levels,
        grid=rows,
        has_grid=any(cell.needed is not None for row in rows for cell in row.cells),
        grid_problems=grid_problems(found),
        exams=found.exams.prefetch_related("papers").order_by("code"),
    )


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def edit_blueprint(request: HttpRequest, code: str = "") -> HttpResponse:
    found = get_object_or_404(Blueprint, code=code) if code else None
    names = ("bank", "scored_items", "pretest_items", "minutes", "cut_percent", "cut_is_provisional", "area_floor_percent")
    initial = {name: getattr(found, name) for name in names} if found else {}
    form = BlueprintForm(request.POST or None, user=request.user, blueprint=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = done(
            request,
            lambda: define_blueprint(
                code or form.cleaned_data["code"],
                bank=form.cleaned_data["bank"],
                plan=form.plan(),
                areas=form.areas(),
                by=request.user,
            ),
            _("The blueprint was saved. Papers already drawn keep theirs."),
        )
        if saved:
            return redirect("blueprints:detail", code=saved.code)
    return show(
        request,
        "blueprint_form.html",
        title=found.code if found else _("New blueprint"),
        crumbs=_blueprint_crumbs(),
        icon="table",
        form=form,
    )


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def edit_grid(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Blueprint.objects.select_related("bank"), code=code)
    form = GridForm(request.POST or None, blueprint=found)
    if request.method == "POST" and ("clear" in request.POST or form.is_valid()):
        grid = {} if "clear" in request.POST else form.grid()
        if done(request, lambda: set_grid(found, grid, by=request.user), _("The grid was saved.")):
            return redirect("blueprints:detail", code=found.code)
    crumbs = [*_blueprint_crumbs(), (found.code, reverse("blueprints:detail", args=[found.code]))]
    levels = [str(label) for _level, label in CognitiveLevel.choices]
    return show(
        request, "grid_form.html", title=_("Grid"), crumbs=crumbs, icon="table", blueprint=found, form=form, levels=levels
    )


@for_roles(*ADMINISTRATORS)
@require_GET
def papers(request: HttpRequest) -> HttpResponse:
    return show(request, "papers.html", title=str(PAPERS), icon="copy", **page_of(request, papers_with_counts()))


@for_roles(*ADMINISTRATORS)
@require_http_methods(["GET", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    form = DrawForm(request.POST or None, initial={"exam": request.GET.get("exam")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        drawn = done(
            request,
            lambda: draw_paper(said["exam"], code=said["code"], seed=said["seed"], by=request.user),
            _("The paper was drawn. Look it over, then seal it."),
        )
        if drawn:
            return redirect("papers:detail", uuid=drawn.uuid)
    crumbs = [(str(PAPERS), reverse("papers:index"))]
    return show(request, "form.html", title=_("Draw a paper"), crumbs=crumbs, icon="plus", form=form, submit=_("Draw"))


def _paper(uuid: UUID) -> Paper:
    return get_object_or_404(Paper.objects.select_related("exam__blueprint", "sealed_by", "set__exam"), uuid=uuid)


@for_roles(*ADMINISTRATORS)
@require_GET
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _paper(uuid)
    positions = list(positions_of(found))
    return show(
        request,
        "paper.html",
        title=str(found),
        crumbs=[(str(PAPERS), reverse("papers:index"))],
        icon="copy",
        paper=found,
        positions=positions,
        scored=sum(position.is_scored for position in positions),
        languages=found.renderings.values_list("language", flat=True),
        sittings=found.sittings.filter(is_rehearsal=False).order_by("-opens_at"),
    )


@for_roles(*ADMINISTRATORS)
@require_POST
def seal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _paper(uuid)
    done(request, lambda: seal_paper(found, by=request.user), _("The paper is sealed: from now on it never changes."))
    return redirect("papers:detail", uuid=found.uuid)


@for_roles(*ADMINISTRATORS)
@require_POST
def retire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _paper(uuid)
    done(request, lambda: retire_paper(found, by=request.user), _("The paper was retired."))
    return redirect("papers:detail", uuid=found.uuid)


@for_roles(*ADMINISTRATORS)
@require_POST
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = _paper(uuid)
    if done(request, lambda: discard_paper(found, by=request.user), _("The draft was discarded.")):
        return redirect("papers:index")
    return redirect("papers:detail", uuid=found.uuid)


class BlueprintViewSet(RoleViewSet):
    name = "blueprints"
    menu_label = BLUEPRINTS
    menu_name = "blueprints"
    icon = "table"
    roles = ADMINISTRATORS
    patterns = (
        path("", blueprints, name="index"),
        path("new/", edit_blueprint, name="add"),
        path("<str:code>/", blueprint, name="detail"),
        path("<str:code>/edit/", edit_blueprint, name="edit"),
        path("<str:code>/grid/", edit_grid, name="grid"),
        path("<str:code>/sections/", edit_section_rules, name="sections"),
    )


class PaperViewSet(RoleViewSet):
    name = "papers"
    menu_label = PAPERS
    menu_name = "papers"
    icon = "copy"
    roles = ADMINISTRATORS
    patterns = (
        path("", papers, name="index"),
        path("draw/", draw, name="draw"),
        path("<uuid:uuid>/", paper, name="detail"),
        path("<uuid:uuid>/seal/", seal, name="seal"),
        path("<uuid:uuid>/retire/", retire, name="retire"),
        path("<uuid:uuid>/discard/", discard, name="discard"),
    )
