"""How a blueprint's sections are sat: a page beside its grid."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Role
from exams.actions.section_rules import allow_calculator, set_section_rules
from exams.forms.section_rules import SectionRulesForm
from exams.models import Blueprint
from exams.viewsets.base import done, for_roles, show


@for_roles(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def edit_section_rules(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Blueprint, code=code)
    form = SectionRulesForm(request.POST or None, blueprint=found)

    @transaction.atomic
    def save() -> Blueprint:
        for exam, calculator in form.calculators():
            allow_calculator(exam, calculator, by=request.user)
        return set_section_rules(found, form.rules(), by=request.user)

    if request.method == "POST" and form.is_valid():
        saved = done(request, save, _("The rules were saved. They hold for papers sealed from now on."))
        if saved:
            return redirect("blueprints:detail", code=found.code)
    crumbs = [(_("Blueprints and exams"), reverse("blueprints:index")), (found.code, reverse("blueprints:detail", args=[code]))]
    return show(request, "section_rules.html", title=_("Sections and tools"), crumbs=crumbs, icon="table", form=form)
