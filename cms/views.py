"""Public views that are no pages: search and the catalogue."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.graphs import neighbourhood
from cms.search import found_pages, found_standards
from common.caching import public_page
from common.exports import csv_response, write_csv
from courses.queries import lessons_teaching, locale_for
from standards.models import Edition, Standard, StandardsBody
from standards.queries import (
    ORDERINGS,
    catalogue,
    competences_by_track,
    document_word,
    neighbours_of,
    standard_in_full,
)

PER_PAGE = 25


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Pages and standards that hold the reader's words, in the reader's language."""
    asked = " ".join(_words(request, "q", 200).split())
    pages = Paginator(found_pages(asked, locale_for()), 10).get_page(request.GET.get("page"))
    standards = found_standards(asked)
    context = {
        "asked": asked,
        "page_obj": pages,
        "results": [page.specific for page in pages],
        "standards": standards[:6],
        "standards_count": standards.count() if asked else 0,
    }
    return public_page(request, render(request, "cms/search.html", context))


@require_safe
def standard_list(request: HttpRequest) -> HttpResponse:
    """The catalogue, filtered, sorted, by pages of 25."""
    chosen = _chosen(request)
    standards = Paginator(catalogue(**chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": standards,
        "standards": [(one, document_word(one.doc_type)) for one in standards],
        "chosen": chosen,
        "is_filtered": any(value for name, value in chosen.items() if name != "ordering"),
        "layers": Standard.Layer.choices,
        "stages": Edition.Stage.choices,
        "stage_words": dict(Edition.Stage.choices),
        "bodies": StandardsBody.objects.filter(standards__isnull=False).distinct(),
    }
    return public_page(request, render(request, "standards/list.html", context))


@require_safe
def standard_export(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as CSV."""
    stages = dict(Edition.Stage.choices)
    header = [
        _("Designation"), _("Title"), _("Chinese title"), _("Body"), _("Kind"), _("Object"), _("Current edition"),
        _("Stage"), _("Published"), _("Scope"),
    ]  # fmt: skip
    rows = (
        [
            one.designation,
            one.title,
            one.title_zh,
            str(one.body),
            document_word(one.doc_type),
            one.get_layer_display(),
            one.current_identifier,
            stages.get(one.current_stage, ""),
            one.current_published,
            one.summary,
        ]
        for one in catalogue(**_chosen(request))
    )
    return write_csv(csv_response("standards.csv"), header, rows)  # type: ignore[no-any-return]


@require_safe
def standard_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A standard: its editions, its neighbours both ways, its competences and the lessons that teach it."""
    standard = get_object_or_404(standard_in_full(), slug=slug)
    neighbours = neighbours_of(standard)
    context = {
        "standard": standard,
        "kind": document_word(standard.doc_type),
        "editions": list(standard.editions.all()),
        "neighbours": neighbours,
        "graph": neighbourhood(neighbours),
        "competences": list(standard.competences.all()),
        "lessons": list(lessons_teaching(standard)),
        "breadcrumbs": _below_catalogue(standard.designation),
    }
    return public_page(request, render(request, "standards/detail.html", context))


@require_safe
def competence_list(request: HttpRequest) -> HttpResponse:
    """The competence framework: core first, then the tracks."""
    context = {"groups": competences_by_track(), "breadcrumbs": _below_catalogue(_("Competences"))}
    return public_page(request, render(request, "standards/competences.html", context))


def _words(request: HttpRequest, name: str, limit: int) -> str:
    """What was asked for, without the NUL that PostgreSQL takes in no text."""
    return request.GET.get(name, "").replace("\0", "").strip()[:limit]


def _chosen(request: HttpRequest) -> dict[str, str]:
    ordering = request.GET.get("ordering", "designation")
    return {
        "layer": _words(request, "layer", 40),
        "body": _words(request, "body", 80),
        "stage": _words(request, "stage", 40),
        "text": _words(request, "q", 120),
        "ordering": ordering if ordering in ORDERINGS else "designation",
    }


def _below_catalogue(label: str) -> list[tuple[str, Any]]:
    return [(_("Standards"), reverse("standards:list")), (label, None)]
