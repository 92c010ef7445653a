"""The quality of items: over a bank, and what is done about it on a version's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from exams.actions.bank import set_enemies
from exams.actions.flaws import waive_flaw, withdraw_waiver
from exams.actions.translations import confirm_translation, set_source_language
from exams.content import content_of
from exams.flaws.key_positions import ALPHA, LEAST_EXPECTED
from exams.models import Item, ItemBank, ItemVersion
from exams.queries.bank import full_versions
from exams.queries.flaws import key_position_report, rule_counts
from exams.queries.readiness import language_name
from exams.similarity import likeness, shingles, texts_of
from exams.viewsets.base import RoleViewSet, done, for_roles, show
from exams.viewsets.items import BANK_ROLES
from exams.viewsets.reading import reading

LIST = gettext_lazy("Quality")


def _version(request: HttpRequest, uuid: UUID) -> ItemVersion:
    visible = full_versions().filter(item__in=Item.objects.visible_to(request.user))
    return get_object_or_404(visible, uuid=uuid)


def _back(version: ItemVersion, part: str) -> HttpResponse:
    return redirect(f"{reverse('item_versions:detail', args=[version.uuid])}#{part}")


@for_roles(*BANK_ROLES)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    banks = ItemBank.objects.visible_to(request.user).annotate(
        item_count=Count("items"), flawed=Count("items", filter=Q(items__index__open_flaws__gt=0))
    )
    return show(request, "quality_banks.html", title=str(LIST), icon="warning", banks=banks.order_by("code"))


@for_roles(*BANK_ROLES)
@require_GET
def bank(request: HttpRequest, code: str) -> HttpResponse:
    """How often each rule is broken, and where the keys stand."""
    found = get_object_or_404(ItemBank.objects.visible_to(request.user), code=code)
    positions = [
        {"type": type, "found": each, "shares": [round(100 * count / each.items) for count in each.counts]}
        for type, each in key_position_report(found)
    ]
    return show(
        request,
        "quality_bank.html",
        title=str(found),
        crumbs=[(str(LIST), reverse("item_quality:index"))],
        icon="warning",
        bank=found,
        rules=rule_counts(found),
        positions=positions,
        alpha=ALPHA,
        least_expected=LEAST_EXPECTED,
    )


@for_roles(Role.ITEM_WRITER)
@require_POST
def waive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = _version(request, uuid)
    rule, reason = request.POST.get("rule", ""), request.POST.get("reason", "")
    done(request, lambda: waive_flaw(version, rule, reason=reason, by=request.user), _("The reason was kept."))
    return _back(version, "flaws")


@for_roles(Role.ITEM_WRITER)
@require_POST
def unwaive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = _version(request, uuid)
    rule = request.POST.get("rule", "")
    done(request, lambda: withdraw_waiver(version, rule, by=request.user), _("The reason was taken back."))
    return _back(version, "flaws")


@for_roles(Role.ITEM_WRITER)
@require_POST
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = _version(request, uuid)
    language = request.POST.get("language", "")
    done(
        request,
        lambda: confirm_translation(version, language, by=request.user),
        _("It was recorded that the translation still says the same."),
    )
    return _back(version, "languages")


@for_roles(Role.ITEM_WRITER)
@require_POST
def source(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = _version(request, uuid)
    language = request.POST.get("language", "")
    done(
        request,
        lambda: set_source_language(version, language, by=request.user),
        _("The other languages now count as translations of this one."),
    )
    return _back(version, "languages")


@for_roles(*BANK_ROLES)
@require_GET
def beside(request: HttpRequest, uuid: UUID, other: UUID) -> HttpResponse:
    """Two items of one bank beside each other, language by language."""
    one = _version(request, uuid)
    two = get_object_or_404(full_versions(), item__bank=one.item.bank, uuid=other)
    pairs: list[dict[str, Any]] = []
    contents = {version.pk: content_of(version) for version in (one, two)}
    texts = {version.pk: texts_of(contents[version.pk], version.item.type) for version in (one, two)}
    for code in sorted(set(texts[one.pk]) & set(texts[two.pk])):
        alike = likeness(shingles(texts[one.pk][code]), shingles(texts[two.pk][code]))
        columns = [(version, reading(contents[version.pk], code, version.item.type)) for version in (one, two)]
        pairs.append({"code": code, "name": language_name(code), "percent": int(alike * 100), "columns": columns})
    crumbs = [(one.item.code, reverse("item_versions:detail", args=[one.uuid]))]
    title = _("%(one)s beside %(two)s") % {"one": one.item.code, "two": two.item.code}
    are_enemies = one.item.enemies.filter(pk=two.item_id).exists()
    context = {"one": one, "two": two, "pairs": pairs, "are_enemies": are_enemies}
    return show(request, "beside.html", title=title, crumbs=crumbs, icon="copy", **context)


@for_roles(Role.ITEM_WRITER)
@require_POST
def set_apart(request: HttpRequest, uuid: UUID, other: UUID) -> HttpResponse:
    """Make the two items enemies: never on one paper."""
    one = _version(request, uuid)
    two = get_object_or_404(full_versions(), item__bank=one.item.bank, uuid=other)
    enemies = [*one.item.enemies.all(), two.item]
    done(request, lambda: set_enemies(one.item, enemies, by=request.user), _("The items were set apart."))
    return _back(one, "similar")


class QualityViewSet(RoleViewSet):
    name = "item_quality"
    url_prefix = "item-quality"
    menu_label = LIST
    menu_name = "item-quality"
    icon = "warning"
    roles = BANK_ROLES
    patterns = (
        path("", index, name="index"),
        path("banks/<slug:code>/", bank, name="bank"),
        path("versions/<uuid:uuid>/waive/", waive, name="waive"),
        path("versions/<uuid:uuid>/unwaive/", unwaive, name="unwaive"),
        path("versions/<uuid:uuid>/confirm/", confirm, name="confirm"),
        path("versions/<uuid:uuid>/source/", source, name="source"),
        path("versions/<uuid:uuid>/beside/<uuid:other>/", beside, name="beside"),
        path("versions/<uuid:uuid>/set-apart/<uuid:other>/", set_apart, name="set_apart"),
    )
