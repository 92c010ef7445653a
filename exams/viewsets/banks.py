"""The banks: what each holds, what is due, and by which rules its items rest and retire."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Role
from exams.actions.resting import RULES, set_exposure_rules
from exams.forms.workflow import RulesForm
from exams.models import ItemBank
from exams.queries.banks import banks_of
from exams.rules.bank import can_administer_exams
from exams.viewsets.base import RoleViewSet, done, for_roles, show
from exams.viewsets.items import BANK_ROLES

LIST = gettext_lazy("Banks")


def _bank(request: HttpRequest, code: str) -> ItemBank:
    return get_object_or_404(ItemBank.objects.visible_to(request.user), code=code)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(str(LIST), reverse("item_banks:index")), *more]


@for_roles(*BANK_ROLES)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    rows = banks_of(request.user)  # type: ignore[arg-type]
    return show(request, "banks.html", title=str(LIST), icon="folder-open-1", rows=rows)


@for_roles(*BANK_ROLES)
@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    bank = _bank(request, code)
    row = banks_of(request.user, bank=bank)[0]  # type: ignore[arg-type]
    may = can_administer_exams(request.user)  # type: ignore[arg-type]
    return show(
        request, "bank.html", title=bank.code, crumbs=_crumbs(), icon="folder-open-1", bank=bank, row=row, can_set_rules=may
    )


@for_roles(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, code: str) -> HttpResponse:
    bank = _bank(request, code)
    form = RulesForm(request.POST or None, initial={name: getattr(bank, name) for name in RULES})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if done(request, lambda: set_exposure_rules(bank, **said, by=request.user), _("The rules were saved.")):  # type: ignore[arg-type]
            return redirect("item_banks:detail", code=bank.code)
    crumbs = _crumbs((bank.code, reverse("item_banks:detail", args=[bank.code])))
    return show(request, "form.html", title=_("Rest and retirement"), crumbs=crumbs, form=form, submit=_("Save"))


class ItemBanksViewSet(RoleViewSet):
    name = "item_banks"
    url_prefix = "item-banks"
    menu_label = LIST
    menu_name = "item-banks"
    icon = "folder-open-1"
    roles = BANK_ROLES
    patterns = (
        path("", index, name="index"),
        path("<slug:code>/", detail, name="detail"),
        path("<slug:code>/rules/", rules, name="rules"),
    )
