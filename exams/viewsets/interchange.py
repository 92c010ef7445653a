"""Bringing items in and taking them out: upload, look, confirm; choose, look, download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.exporting import export_items
from exams.actions.import_batches import confirm_batch, discard_batch, progress_key, upload_batch
from exams.forms.interchange import ExportForm, ImportForm, ReportFilterForm
from exams.interchange.record import STIMULUS, Written
from exams.item_types import REGISTRY
from exams.models import ImportBatch
from exams.queries.interchange import batches_of, lines_of
from exams.rules.bank import can_write_items
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show

ROLES = (Role.ITEM_WRITER, Role.ADMINISTRATOR)
LIST = gettext_lazy("Import and export")
REFRESH_SECONDS = "3"


def _crumbs() -> list[tuple[str, str]]:
    return [(str(LIST), reverse("item_imports:index"))]


@for_roles(*ROLES)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    page = page_of(request, batches_of(request.user))
    return show(request, "imports.html", title=str(LIST), icon="download", can_write=can_write_items(request.user), **page)


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        batch = done(
            request,
            lambda: upload_batch(
                chosen["bank"],
                chosen["file"].read(),
                format=chosen["format"],
                file_name=chosen["file"].name,
                options=form.options(),
                by=request.user,
            ),
            _("The file was uploaded. Nothing is in the bank yet."),
        )
        if batch:
            return redirect("item_imports:detail", uuid=batch.uuid)
    return show(request, "import_form.html", title=_("Import items"), crumbs=_crumbs(), icon="upload", form=form)


@for_roles(*ROLES)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    batches = ImportBatch.objects.visible_to(request.user).select_related("bank", "uploaded_by")
    batch = get_object_or_404(batches, uuid=uuid)
    form = ReportFilterForm(request.GET)
    filters = form.filters()
    is_busy = batch.status in (ImportBatch.Status.CHECKING, ImportBatch.Status.IMPORTING)
    done_count, total_count = cache.get(progress_key(batch)) or (0, batch.total_count)
    response = show(
        request,
        "import.html",
        title=batch.file_name,
        crumbs=_crumbs(),
        icon="upload",
        batch=batch,
        form=form,
        is_filtered=any(filters.values()),
        is_busy=is_busy,
        done_count=done_count,
        work_count=total_count,
        can_write=can_write_items(request.user),
        **page_of(request, _labelled(lines_of(batch, **filters))),  # type: ignore[arg-type]
    )
    if is_busy:
        # The page asks again by itself, without script.
        response["Refresh"] = REFRESH_SECONDS
    return response


def _labelled(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines with the names that people know types by."""
    labels = {code: str(kind.label) for code, kind in REGISTRY.items()} | {STIMULUS: _("stimulus")}
    return [{**line, "type": labels.get(line["type"], line["type"])} for line in lines]


@for_roles(Role.ITEM_WRITER)
@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), uuid=uuid)
    leave_out = request.POST.get("leave_out_refused") == "yes"
    done(
        request,
        lambda: confirm_batch(batch, by=request.user, leave_out_refused=leave_out),
        _("The import has begun. This page says when it is done."),
    )
    return redirect("item_imports:detail", uuid=batch.uuid)


@for_roles(Role.ITEM_WRITER)
@require_POST
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), uuid=uuid)
    done(request, lambda: discard_batch(batch, by=request.user), _("The file was thrown away. Nothing of it is in the bank."))
    return redirect("item_imports:index")


@for_roles(*ROLES)
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Every reading of a bank as a file is recorded, the look at its report as well: it is the same act."""
    form = ExportForm(request.POST or None, user=request.user)
    lines: list[dict[str, Any]] | None = None
    written_count = 0
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        bank, format, languages = chosen["bank"], chosen["format"], chosen["languages"]
        written = export_items(bank, format=format, by=request.user, languages=languages)
        if "download" in request.POST:
            return _download(written, bank.code)
        lines = _labelled([line for line in (entry.line() for entry in written.entries) if line["notes"]])
        written_count = sum(not entry.refusal for entry in written.entries)
    context = {"form": form, "lines": lines, "written_count": written_count}
    return show(request, "export.html", title=_("Export items"), crumbs=_crumbs(), icon="download", **context)


def _download(written: Written, name: str) -> HttpResponse:
    response = HttpResponse(written.data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}{written.suffix}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class InterchangeViewSet(RoleViewSet):
    name = "item_imports"
    url_prefix = "item-imports"
    menu_label = LIST
    menu_name = "item-imports"
    icon = "download"
    roles = ROLES
    patterns = (
        path("", index, name="index"),
        path("new/", add, name="add"),
        path("export/", export, name="export"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/confirm/", confirm, name="confirm"),
        path("<uuid:uuid>/discard/", discard, name="discard"),
    )
