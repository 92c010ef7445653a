"""Cases: the texts that several items are about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.stimuli import create_stimulus, is_frozen, remove_stimulus, save_stimulus
from exams.forms.cases import BankChoiceForm, NewStimulusForm, StimulusForm
from exams.models import Stimulus
from exams.queries.readiness import language_name
from exams.rules.bank import can_write_items
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show
from exams.viewsets.items import BANK_ROLES

LIST = gettext_lazy("Cases")


def _stimulus(request: HttpRequest, uuid: UUID) -> Stimulus:
    stimuli = Stimulus.objects.visible_to(request.user).select_related("bank").prefetch_related("wordings")
    return get_object_or_404(stimuli, uuid=uuid)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(str(LIST), reverse("stimuli:index")), *more]


def _texts(stimulus: Stimulus) -> dict[str, str]:
    return {wording.language: wording.text for wording in stimulus.wordings.all()}


@for_roles(*BANK_ROLES)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form = BankChoiceForm(request.GET, user=request.user)
    bank = form.chosen()
    stimuli = Stimulus.objects.visible_to(request.user).select_related("bank").prefetch_related("wordings")
    rows = stimuli.filter(bank=bank) if bank else stimuli
    page = page_of(request, rows.annotate(items=Count("versions__item", distinct=True)).order_by("bank__code", "code"))
    return show(
        request, "stimuli.html", title=str(LIST), icon="doc-full", form=form, can_write=can_write_items(request.user), **page
    )


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = NewStimulusForm(
        request.POST or None,
        user=request.user,
        texts={},
        source="source" in request.GET,
        initial={"bank": request.GET.get("bank")},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        stimulus = done(
            request,
            lambda: create_stimulus(said["bank"], code=said["code"], texts=form.texts(), by=request.user),
            _("The case was saved."),
        )
        if stimulus:
            return redirect("stimuli:detail", uuid=stimulus.uuid)
    return _form_page(request, form, _("New case"), _crumbs())


@for_roles(*BANK_ROLES)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    stimulus = _stimulus(request, uuid)
    texts = _texts(stimulus)
    versions = list(stimulus.versions.select_related("item").order_by("item__code", "-number"))
    frozen = is_frozen(stimulus)
    return show(
        request,
        "stimulus.html",
        title=stimulus.code,
        crumbs=_crumbs(),
        icon="doc-full",
        stimulus=stimulus,
        columns=[
            {"code": code, "name": language_name(code), "text": texts.get(code, "")} for code, _label in settings.LANGUAGES
        ],
        versions=versions,
        is_frozen=frozen,
        can_edit=can_write_items(request.user) and not frozen,
        can_remove=can_write_items(request.user) and not versions,
    )


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    stimulus = _stimulus(request, uuid)
    if is_frozen(stimulus):
        return redirect("stimuli:detail", uuid=stimulus.uuid)
    form = StimulusForm(request.POST or None, texts=_texts(stimulus), source="source" in request.GET)
    if request.method == "POST" and form.is_valid():
        saved = done(request, lambda: save_stimulus(stimulus, form.texts(), by=request.user), _("The case was saved."))
        if saved:
            return redirect("stimuli:detail", uuid=stimulus.uuid)
    crumbs = _crumbs((stimulus.code, reverse("stimuli:detail", args=[stimulus.uuid])))
    return _form_page(request, form, _("Edit"), crumbs)


def _form_page(request: HttpRequest, form: Any, title: str, crumbs: list[tuple[str, str]]) -> HttpResponse:
    return show(
        request,
        "stimulus_form.html",
        title=title,
        crumbs=crumbs,
        icon="doc-full",
        form=form,
        media=form.media,
        is_source="source" in request.GET,
        pictures_url=reverse("pictures:index"),
    )


@for_roles(Role.ITEM_WRITER)
@require_POST
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    stimulus = _stimulus(request, uuid)
    done(request, lambda: remove_stimulus(stimulus, by=request.user) or True, _("The case was removed."))
    still_there = Stimulus.objects.filter(pk=stimulus.pk).exists()
    return redirect("stimuli:detail", uuid=stimulus.uuid) if still_there else redirect("stimuli:index")


class StimulusViewSet(RoleViewSet):
    name = "stimuli"
    url_prefix = "stimuli"
    menu_label = LIST
    menu_name = "stimuli"
    icon = "doc-full"
    roles = BANK_ROLES
    patterns = (
        path("", index, name="index"),
        path("new/", add, name="add"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/edit/", edit, name="edit"),
        path("<uuid:uuid>/remove/", remove, name="remove"),
    )
