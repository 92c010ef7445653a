"""Overlap groups: items that ask for the same thing, of which a paper has at most one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.overlaps import change_overlap_group, create_overlap_group, remove_overlap_group
from exams.forms.cases import BankChoiceForm
from exams.forms.workflow import NewOverlapGroupForm, OverlapGroupForm
from exams.models import OverlapGroup
from exams.queries.overlaps import groups_with_counts
from exams.rules.bank import can_write_items
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show
from exams.viewsets.items import BANK_ROLES

LIST = gettext_lazy("Overlap groups")


def _group(request: HttpRequest, uuid: UUID) -> OverlapGroup:
    return get_object_or_404(OverlapGroup.objects.visible_to(request.user).select_related("bank"), uuid=uuid)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(str(LIST), reverse("overlap_groups:index")), *more]


@for_roles(*BANK_ROLES)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form = BankChoiceForm(request.GET, user=request.user)
    bank = form.chosen()
    groups = groups_with_counts(request.user)  # type: ignore[arg-type]
    page = page_of(request, groups.filter(bank=bank) if bank else groups)
    may = can_write_items(request.user)  # type: ignore[arg-type]
    return show(request, "overlap_groups.html", title=str(LIST), icon="link", form=form, can_write=may, **page)


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = NewOverlapGroupForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        group = done(
            request,
            lambda: create_overlap_group(
                said["choice"], code=said["code"], name=said["name"], items=said["items"], by=request.user
            ),
            _("The group was saved."),
        )
        if group:
            return redirect("overlap_groups:detail", uuid=group.uuid)
    return show(request, "form.html", title=_("New overlap group"), crumbs=_crumbs(), icon="link", form=form, submit=_("Save"))


@for_roles(*BANK_ROLES)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    group = _group(request, uuid)
    return show(
        request,
        "overlap_group.html",
        title=group.code,
        crumbs=_crumbs(),
        icon="link",
        group=group,
        items=group.items.select_related("competence").order_by("code"),
        can_write=can_write_items(request.user),  # type: ignore[arg-type]
    )


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    group = _group(request, uuid)
    codes = "\n".join(group.items.order_by("code").values_list("code", flat=True))
    form = OverlapGroupForm(request.POST or None, group=group, initial={"name": group.name, "codes": codes})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        changed = done(
            request,
            lambda: change_overlap_group(group, name=said["name"], items=said["items"], by=request.user),
            _("The group was saved."),
        )
        if changed:
            return redirect("overlap_groups:detail", uuid=group.uuid)
    crumbs = _crumbs((group.code, reverse("overlap_groups:detail", args=[group.uuid])))
    return show(request, "form.html", title=_("Edit"), crumbs=crumbs, icon="link", form=form, submit=_("Save"))


@for_roles(Role.ITEM_WRITER)
@require_POST
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    group = _group(request, uuid)
    done(request, lambda: remove_overlap_group(group, by=request.user) or True, _("The group was removed."))  # type: ignore[func-returns-value]
    return redirect("overlap_groups:index")


class OverlapGroupViewSet(RoleViewSet):
    name = "overlap_groups"
    url_prefix = "overlap-groups"
    menu_label = LIST
    menu_name = "overlap-groups"
    icon = "link"
    roles = BANK_ROLES
    patterns = (
        path("", index, name="index"),
        path("new/", add, name="add"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/edit/", edit, name="edit"),
        path("<uuid:uuid>/remove/", remove, name="remove"),
    )
