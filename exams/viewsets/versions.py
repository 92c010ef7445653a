"""One version of an item: written, previewed, compared, reviewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.bank import discard_draft, save_content
from exams.actions.reviews import approve_subject, approve_version, retire_version, send_back, submit_for_review
from exams.content import content_of
from exams.forms.items import CommentForm
from exams.forms.versions import version_form
from exams.item_types import REGISTRY
from exams.models import Item, ItemVersion
from exams.queries.bank import differences, excerpt, full_versions, versions_waiting_for, waiting_counts
from exams.queries.comments import open_comments
from exams.queries.previews import preview_document
from exams.queries.quality import quality_of
from exams.queries.readiness import language_name, missing_parts
from exams.rules.bank import can_decide_on_version, can_discard_version, can_edit_version, can_retire_version
from exams.views.room_words import room_words
from exams.viewsets import comments, resting
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show
from exams.viewsets.items import BANK_ROLES
from exams.viewsets.reading import facts, reading

WAITING = gettext_lazy("To review")


def _version(request: HttpRequest, uuid: UUID) -> ItemVersion:
    visible = full_versions().filter(item__in=Item.objects.visible_to(request.user))
    return get_object_or_404(visible, uuid=uuid)


def _crumbs(version: ItemVersion, *more: tuple[str, str]) -> list[tuple[str, str]]:
    item = version.item
    return [(_("Items"), reverse("item_bank:index")), (item.code, reverse("item_bank:detail", args=[item.uuid])), *more]


def _name(version: ItemVersion) -> str:
    return _("Version %(number)s") % {"number": version.number}


@for_roles(*BANK_ROLES)
@require_GET
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The version as its reviewer reads it: everything, in every language, the key marked."""
    version = _version(request, uuid)
    content = content_of(version)
    earlier = full_versions().filter(item=version.item, number__lt=version.number).order_by("-number").first()
    user = request.user
    return show(
        request,
        "version.html",
        title=_name(version),
        crumbs=_crumbs(version),
        icon="doc-full",
        version=version,
        item=version.item,
        type=REGISTRY[version.item.type].label,
        columns=[reading(content, code, version.item.type) for code, _label in settings.LANGUAGES],
        facts=facts(content),
        missing=missing_parts(version) if version.status == "draft" else [],
        earlier=earlier,
        changes=differences(earlier, version) if earlier else [],
        statistics=version.statistics.select_related("paper__exam").order_by("paper__exam__code", "paper__code"),
        can_edit=can_edit_version(user, version),
        can_discard=can_discard_version(user, version),
        can_decide=can_decide_on_version(user, version),
        can_retire=can_retire_version(user, version),
        is_own=version.written_by_id == user.pk,
        quality=quality_of(version, user),
        form=CommentForm(),
        **comments.thread_and_exposure(request, version),
    )


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = _version(request, uuid)
    if not can_edit_version(request.user, version):
        return redirect("item_versions:detail", uuid=version.uuid)
    source = "source" in request.GET
    bank = version.item.bank
    form = version_form(request.POST or None, type=version.item.type, content=content_of(version), bank=bank, source=source)
    if request.method == "POST" and form.is_valid():
        saved = done(request, lambda: save_content(version, form.content(), by=request.user), _("The draft was saved."))
        if saved and "submit" in request.POST:
            done(request, lambda: submit_for_review(saved, by=request.user), _("The version went to review."))
            return redirect("item_versions:detail", uuid=version.uuid)
        if saved:
            return _after_saving(request, saved)
    return show(
        request,
        "version_form.html",
        title=_("Edit"),
        crumbs=_crumbs(version, (_name(version), reverse("item_versions:detail", args=[version.uuid]))),
        icon="edit",
        version=version,
        type=REGISTRY[version.item.type].label,
        form=form,
        media=form.media,
        pictures_url=f"{reverse('pictures:index')}?{urlencode({'bank': bank.code})}",
        missing=missing_parts(version),
        quality=quality_of(version, request.user),
        comments=open_comments(version),
        reviews=[review for review in version.reviews.all() if review.finding == "sent_back"],
    )


def _after_saving(request: HttpRequest, version: ItemVersion) -> HttpResponse:
    """On in the editor, in the way it was used, or to the page that shows the version."""
    if "look" in request.POST:
        return redirect("item_versions:detail", uuid=version.uuid)
    query = "?source=1" if "source" in request.GET else ""
    return redirect(reverse("item_versions:edit", args=[version.uuid]) + query)


@for_roles(*BANK_ROLES)
@require_GET
def preview(request: HttpRequest, uuid: UUID, language: str) -> HttpResponse:
    """The version as a candidate will see it: the room's own script draws it from what the room would be sent."""
    version = _version(request, uuid)
    document = preview_document(version, language)
    if document is None:
        raise Http404
    languages = [(code, language_name(code)) for code, _label in settings.LANGUAGES if preview_document(version, code)]
    context = {"version": version, "language": language, "languages": languages, "paper": document, "words": room_words()}
    return render(request, "exams/admin/preview.html", context)


@for_roles(*BANK_ROLES)
@require_GET
def compare(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """This version beside an earlier or later one of the same item."""
    version = _version(request, uuid)
    other = get_object_or_404(full_versions(), item=version.item, number=number)
    before, after = sorted((version, other), key=lambda each: each.number)
    return show(
        request,
        "compare.html",
        title=_("Versions %(before)s and %(after)s") % {"before": before.number, "after": after.number},
        crumbs=_crumbs(version),
        icon="history",
        before=before,
        after=after,
        changes=differences(before, after),
    )


def _decision(act: Callable[..., ItemVersion], success: Any, *, word: str = "comment") -> Callable[..., HttpResponse]:
    """A button of the version's page that carries a comment."""

    def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
        version = _version(request, uuid)
        form = CommentForm(request.POST)
        form.is_valid()
        said = {word: form.cleaned_data.get("comment", "")}
        done(request, lambda: act(version, by=request.user, **said), str(success))
        return redirect("item_versions:detail", uuid=version.uuid)

    return decide


approve_first = for_roles(Role.ITEM_REVIEWER)(
    require_POST(_decision(approve_subject, gettext_lazy("The subject is right. The version went to the language review.")))
)
approve = for_roles(Role.ITEM_REVIEWER)(require_POST(_decision(approve_version, gettext_lazy("The version is live."))))
return_it = for_roles(Role.ITEM_REVIEWER)(
    require_POST(_decision(send_back, gettext_lazy("The version went back to its writer.")))
)
retire = for_roles(Role.ITEM_REVIEWER, Role.ADMINISTRATOR)(
    require_POST(_decision(retire_version, gettext_lazy("The version was retired."), word="reason"))
)


@for_roles(Role.ITEM_WRITER)
@require_POST
def submit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = _version(request, uuid)
    done(request, lambda: submit_for_review(version, by=request.user), _("The version went to review."))
    return redirect("item_versions:detail", uuid=version.uuid)


@for_roles(Role.ITEM_WRITER, Role.ADMINISTRATOR)
@require_POST
def discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    version = _version(request, uuid)
    item = done(request, lambda: discard_draft(version, by=request.user), _("The draft was discarded."))
    if item:
        return redirect("item_bank:detail", uuid=item.uuid)
    return redirect("item_versions:detail", uuid=version.uuid)


@for_roles(*BANK_ROLES)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    stage = request.GET.get("stage", "")
    stages = [stage] if stage in ItemVersion.IN_REVIEW else ItemVersion.IN_REVIEW
    page = page_of(request, versions_waiting_for(request.user, stages=stages))
    counts = waiting_counts(request.user)
    rows = [
        {
            "version": version,
            "type": REGISTRY[version.item.type].label,
            "excerpt": excerpt(version, request.LANGUAGE_CODE),  # type: ignore[attr-defined]
            "is_own": version.written_by_id == request.user.pk,
        }
        for version in page["page_obj"]
    ]
    tabs = [(value, label, counts[value]) for value, label in ItemVersion.Status.choices if value in counts]
    return show(request, "waiting.html", title=str(WAITING), icon="clipboard-list", rows=rows, tabs=tabs, stage=stage, **page)


class ItemVersionViewSet(RoleViewSet):
    name = "item_versions"
    url_prefix = "item-versions"
    menu_label = WAITING
    menu_name = "item-reviews"
    icon = "clipboard-list"
    roles = BANK_ROLES
    patterns = (
        path("", waiting, name="waiting"),
        path("<uuid:uuid>/", detail, name="detail"),
        path("<uuid:uuid>/edit/", edit, name="edit"),
        path("<uuid:uuid>/preview/<str:language>/", preview, name="preview"),
        path("<uuid:uuid>/compare/<int:number>/", compare, name="compare"),
        path("<uuid:uuid>/submit/", submit, name="submit"),
        path("<uuid:uuid>/approve-subject/", approve_first, name="approve_subject"),
        path("<uuid:uuid>/approve/", approve, name="approve"),
        path("<uuid:uuid>/send-back/", return_it, name="send_back"),
        path("<uuid:uuid>/retire/", retire, name="retire"),
        path("<uuid:uuid>/discard/", discard, name="discard"),
        *comments.PATTERNS,
        *resting.PATTERNS,
    )
