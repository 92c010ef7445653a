"""The list of items as a table to take away: where items belong and how they stand. No words and no keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common.exports import csv_response, write_csv, xlsx_response
from exams.forms.items import ItemFilterForm
from exams.item_types import REGISTRY
from exams.models import Item, ItemVersion
from exams.queries.item_list import ids_matching, rows_of

AT_ONCE = 500


def table(request: HttpRequest, format: str) -> HttpResponse:
    """What the filter of the page shows, in its order, as `csv` or `xlsx`."""
    if format not in ("csv", "xlsx"):
        raise Http404
    form = ItemFilterForm(request.GET, user=request.user)
    ids = list(ids_matching(request.user, form.filters()))  # type: ignore[arg-type]
    if format == "xlsx":
        return xlsx_response("items.xlsx", _header(), _rows(ids))
    return write_csv(csv_response("items.csv"), _header(), _rows(ids))


def _header() -> list[str]:
    return [
        _("Bank"),
        _("Code"),
        _("Type"),
        _("Content area"),
        _("Competence"),
        _("Cognitive level"),
        _("Newest version"),
        _("Status"),
        _("Live version"),
        _("Complete in"),
        _("Open flaws"),
        _("Created"),
    ]


def _rows(ids: list[int]) -> Iterator[list[Any]]:
    statuses = dict(ItemVersion.Status.choices)
    for start in range(0, len(ids), AT_ONCE):
        for item in rows_of(ids[start : start + AT_ONCE]):
            yield _row(item, statuses)


def _row(item: Item, statuses: dict[Any, Any]) -> list[Any]:
    index = getattr(item, "index", None)
    status = item.newest_status  # type: ignore[attr-defined]
    return [
        item.bank.code,
        item.code,
        str(REGISTRY[item.type].label),
        item.content_area,
        item.competence.code,
        item.get_cognitive_level_display(),
        item.newest_number,  # type: ignore[attr-defined]
        str(statuses.get(status, status or "")),
        item.live_number,  # type: ignore[attr-defined]
        index.languages if index else "",
        index.open_flaws if index else "",
        item.created_at,
    ]
