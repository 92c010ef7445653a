"""The pictures of the banks: added, and named in words by their markup."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from exams.actions.pictures import add_picture, remove_picture
from exams.forms.cases import BankChoiceForm, PictureForm
from exams.models import ItemBank, Picture
from exams.rendering import public_source
from exams.rules.bank import can_write_items
from exams.viewsets.base import RoleViewSet, done, for_roles, page_of, show
from exams.viewsets.items import BANK_ROLES

LIST = gettext_lazy("Pictures")


@for_roles(*BANK_ROLES)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form = BankChoiceForm(request.GET, user=request.user)
    bank = form.chosen()
    pictures = _pictures(request)
    page = page_of(request, (pictures.filter(bank=bank) if bank else pictures).order_by("bank__code", "name", "pk"))
    rows = [
        {
            "picture": picture,
            "src": public_source(picture.uuid),
            "markup": f'<img src="picture:{picture.uuid}" alt="">',
        }
        for picture in page["page_obj"]
    ]
    return show(
        request,
        "pictures.html",
        title=str(LIST),
        icon="image",
        form=form,
        rows=rows,
        can_write=can_write_items(request.user),
        add_url=reverse("pictures:add") + (f"?{urlencode({'bank': bank.code})}" if bank else ""),
        **page,
    )


def _pictures(request: HttpRequest) -> QuerySet[Picture]:
    # Not `Picture.objects.visible_to`: a candidate sees the pictures of an open paper, and has no business here.
    return Picture.objects.filter(bank__in=ItemBank.objects.visible_to(request.user)).select_related("bank")


@for_roles(Role.ITEM_WRITER)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = PictureForm(
        request.POST or None, request.FILES or None, user=request.user, initial={"bank": request.GET.get("bank")}
    )
    if request.method == "POST" and form.is_valid():
        bank, file = form.cleaned_data["bank"], form.cleaned_data["file"]
        picture = done(
            request,
            lambda: add_picture(bank, name=file.name, content=file.read(), by=request.user),
            _("The picture was added."),
        )
        if picture:
            return redirect(f"{reverse('pictures:index')}?{urlencode({'bank': bank.code})}")
    crumbs = [(str(LIST), reverse("pictures:index"))]
    return show(request, "picture_form.html", title=_("New picture"), crumbs=crumbs, icon="image", form=form)


@for_roles(Role.ITEM_WRITER)
@require_POST
def remove(request: HttpRequest, uuid: UUID) -> HttpResponse:
    picture = get_object_or_404(_pictures(request), uuid=uuid)
    done(request, lambda: remove_picture(picture, by=request.user) or True, _("The picture was removed."))
    return redirect(f"{reverse('pictures:index')}?{urlencode({'bank': picture.bank.code})}")


class PictureViewSet(RoleViewSet):
    name = "pictures"
    url_prefix = "item-pictures"
    menu_label = LIST
    menu_name = "item-pictures"
    icon = "image"
    roles = BANK_ROLES
    patterns = (
        path("", index, name="index"),
        path("new/", add, name="add"),
        path("<uuid:uuid>/remove/", remove, name="remove"),
    )
