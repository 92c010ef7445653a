"""The style guide: every component with real content, in both languages and both themes. Not in production."""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


class SpecimenForm(forms.Form):
    """One field of each kind, as a candidate would meet them."""

    full_name = forms.CharField(
        label=_("Name as printed on certificates"),
        help_text=_("Exactly as in your identity document; it is printed on certificates."),
        max_length=120,
    )
    email = forms.EmailField(label=_("E-mail address"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[("Asia/Shanghai", _("Shanghai (UTC+8)")), ("Europe/Berlin", _("Berlin (UTC+1)"))]
    )
    language = forms.ChoiceField(
        label=_("Language of the paper"), choices=[("en", "English"), ("zh-hans", "简体中文")], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label=_("Adjusted conditions"),
        choices=[("time", _("Extra time")), ("break", _("Rest breaks")), ("reader", _("Screen reader"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    remarks = forms.CharField(label=_("Remarks for the invigilator"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    identity = forms.FileField(label=_("Roster"), help_text=_("CSV or XLSX, at most 5,000 rows."), required=False)
    read_rules = forms.BooleanField(label=_("I have read the rules of the examination."))


COLOURS = [
    "paper",
    "surface",
    "sunken",
    "ink",
    "ink-muted",
    "line-strong",
    "primary",
    "primary-soft",
    "gold",
    "gold-soft",
    "stone",
    "success",
    "warning",
    "danger",
    "info",
]


def icons() -> list[str]:
    """The names of the sprite, as they lie in it."""
    sprite = (settings.BASE_DIR / "cms/static/cms/icons/sprite.svg").read_text()
    return [name for name in re.findall(r'<symbol id="([\w-]+)"', sprite) if name != "logo"]


def styleguide(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Your answer to question 4 is saved."))
    messages.warning(request, _("The sitting closes in ten minutes."))
    answers = {"full_name": "", "email": "ada.example.org", "time_zone": "Asia/Shanghai", "language": "en"}
    refused = SpecimenForm({f"refused-{name}": value for name, value in answers.items()}, prefix="refused")
    return render(
        request,
        "styleguide.html",
        {
            "form": SpecimenForm(),
            "refused": refused,
            "page_obj": Paginator(range(1, 231), 25).get_page(request.GET.get("page", 4)),
            "colours": COLOURS,
            "icons": icons(),
            "breadcrumbs": [(_("Front page"), "/"), (_("Style guide"), None)],
        },
    )
