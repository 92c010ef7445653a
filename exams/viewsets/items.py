"""The item bank: a list that can be searched, and a page per item."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.bank import classify_item, create_item, set_enemies, write_version
from exams.forms.items import ClassificationForm, EnemiesForm, ItemFilterForm, ItemForm
from exams.item_types import REGISTRY
from exams.models import Item
from exams.queries.bank import excerpt, full_versions, paper_uses, with_newest_version
from exams.queries.exposure import NONE, exposure_of
from exams.queries.item_list import ids_matching, rows_of
from exams.queries.readiness import complete_languages
from exams.rules.bank import can_write_items
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show
from exams.viewsets.item_tables import table

BANK_ROLES = (Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR)
LIST = gettext_lazy("Items")


def _item(request: HttpRequest, uuid: UUID) -> Item:
    items = Item.objects.visible_to(request.user).select_related("bank", "competence", "edition")
    return get_object_or_404(items, uuid=uuid)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(str(LIST), reverse("item_bank:index")), *more]


@for_roles(*BANK_ROLES)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form = ItemFilterForm(request.GET, user=request.user)
    filters = form.filters()
    page = page_of(request, ids_matching(request.user, filters))  # type: ignore[arg-type]
    language = get_language() or "en"
    rows = [
        {
            "item": item,
            "newest": newest,
            "type": REGISTRY[item.type].label,
            "excerpt": excerpt(newest, language),
            "languages": complete_languages(newest) if newest else [],
        }
        for item, newest in with_newest_version(rows_of(list(page["page_obj"])))
    ]
    return show(
        request,
        "items.html",
        title=str(LIST),
        icon="list-ul",
        form=form,
        rows=rows,
        is_filtered=any(filters.values()),
        query=request.GET.urlencode(),
        can_write=can_write_items(request.user),
        **page,
    )


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = ItemForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        item = done(
            request,
            lambda: create_item(form.cleaned_data.pop("bank"), by=request.user, **form.cleaned_data),
            _("The item was created. Write what it asks."),
        )
        if item:
            version = write_version(item, by=request.user)
            return redirect("item_versions:edit", uuid=version.uuid)
    return show(
        request, "form.html", title=_("New item"), crumbs=_crumbs(), icon="plus", form=form, submit=_("Create the item")
    )


@for_roles(*BANK_ROLES)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    item = _item(request, uuid)
    versions = list(full_versions().filter(item=item).order_by("-number"))
    newest = versions[0] if versions else None
    seen = exposure_of([version.pk for version in versions])
    for version in versions:
        version.exposure = seen.get(version.pk, NONE)  # type: ignore[attr-defined]
    return show(
        request,
        "item.html",
        title=item.code,
        crumbs=_crumbs(),
        icon="list-ul",
        item=item,
        type=REGISTRY[item.type].label,
        excerpt=excerpt(newest, get_language() or "en", 400),
        versions=versions,
        in_work=newest if newest and newest.status in newest.IN_WORK else None,
        enemies=item.enemies.order_by("code"),
        groups=item.overlap_groups.order_by("code"),
        uses=paper_uses(item),
        can_write=can_write_items(request.user),
        enemies_form=EnemiesForm(item=item, initial={"codes": " ".join(item.enemies.values_list("code", flat=True))}),
    )


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def classify(request: HttpRequest, uuid: UUID) -> HttpResponse:
    item = _item(request, uuid)
    names = ("competence", "content_area", "cognitive_level", "edition", "no_edition")
    initial = {name: getattr(item, name) for name in names} | ({"review_by": item.review_by} if item.review_by else {})
    form = ClassificationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = done(
            request, lambda: classify_item(item, by=request.user, **form.cleaned_data), _("The item was classified.")
        )
        if changed:
            return redirect("item_bank:detail", uuid=item.uuid)
    crumbs = _crumbs((item.code, reverse("item_bank:detail", args=[item.uuid])))
    return show(request, "form.html", title=_("Where it belongs"), crumbs=crumbs, form=form, submit=_("Save"))


@for_roles(Role.ITEM_WRITER)
@require_POST
def enemies(request: HttpRequest, uuid: UUID) -> HttpResponse:
    item = _item(request, uuid)
    form = EnemiesForm(request.POST, item=item)
    if form.is_valid():
        done(request, lambda: set_enemies(item, form.cleaned_data["codes"], by=request.user), _("The items were set apart."))
        return redirect("item_bank:detail", uuid=item.uuid)
    crumbs = _crumbs((item.code, reverse("item_bank:detail", args=[item.uuid])))
    return show(request, "form.html", title=_("Items not on the same paper"), crumbs=crumbs, form=form, submit=_("Save"))


@for_roles(Role.ITEM_WRITER)
@require_POST
def new_version(request: HttpRequest, uuid: UUID) -> HttpResponse:
    item = _item(request, uuid)
    version = done(request, lambda: write_version(item, by=request.user), _("A new draft was opened."))
    if version:
        return redirect("item_versions:edit", uuid=version.uuid)
    return redirect("item_bank:detail", uuid=item.uuid)


class ItemBankViewSet(RoleViewSet):
    name = "item_bank"
    url_prefix = "item-bank"
    menu_label = LIST
    menu_name = "items"
    icon = "list-ul"
    roles = BANK_ROLES
    patterns = (
        path("", index, name="index"),
        path("new/", add, name="add"),
        path("list.<str:format>", for_roles(*BANK_ROLES)(require_GET(table)), name="table"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/classify/", classify, name="classify"),
        path("<uuid:uuid>/enemies/", enemies, name="enemies"),
        path("<uuid:uuid>/new-version/", new_version, name="new_version"),
    )
