"""Forms of an item's way: comments, rests, groups, and the rules of a bank."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exams.models import Item, ItemBank, OverlapGroup


class ThreadForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It belongs to this version. While it is open, the version is not approved."),
    )


class RestForm(forms.Form):
    """Until when a version rests; empty: until somebody ends it."""

    until = forms.DateField(
        label=_("until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until somebody ends the rest."),
    )


class RulesForm(forms.Form):
    """When versions of a bank rest and retire; empty: never."""

    rest_after = forms.IntegerField(
        label=_("rest after so many candidates"),
        min_value=1,
        max_value=10**6,
        required=False,
        help_text=_("Counted since the last rest. Empty: no rest by itself."),
    )
    rest_days = forms.IntegerField(label=_("days of rest"), min_value=1, max_value=3650, required=False)
    retire_after = forms.IntegerField(
        label=_("retire after so many candidates"),
        min_value=1,
        max_value=10**6,
        required=False,
        help_text=_("Counted in all. Empty: never by itself."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.errors and (said.get("rest_after") is None) != (said.get("rest_days") is None):
            missing = "rest_days" if said.get("rest_days") is None else "rest_after"
            self.add_error(missing, _("A rest needs both: after how many candidates, and how many days."))
        return said


class OverlapGroupForm(forms.Form):
    """The name of a group and the codes of its items."""

    name = forms.CharField(label=_("name"), max_length=160, help_text=_("What its items all ask for."))
    codes = forms.CharField(
        label=_("items"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Codes, separated by spaces or lines."),
    )

    def __init__(self, *args: Any, group: OverlapGroup | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group

    def bank(self) -> ItemBank | None:
        return self.group.bank if self.group else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        bank = self.bank()
        if bank is None:
            return said
        codes = set(said.get("codes", "").replace(",", " ").split())
        said["items"] = list(Item.objects.filter(bank=bank, code__in=codes).order_by("code"))
        unknown = sorted(codes - {item.code for item in said["items"]})
        if unknown:
            text = _("This bank has no item %(codes)s.")
            self.add_error("codes", forms.ValidationError(text, params={"codes": ", ".join(unknown)}))
        return said


class NewOverlapGroupForm(OverlapGroupForm):
    choice = forms.ModelChoiceField(label=_("bank"), queryset=ItemBank.objects.none())
    code = forms.RegexField(
        label=_("code"),
        regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=40,
        help_text=_("Letters, digits, points and hyphens, for example OG-LOGGING."),
    )
    field_order = ["choice", "code", "name", "codes"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].queryset = ItemBank.objects.visible_to(user)  # type: ignore[attr-defined]

    def bank(self) -> ItemBank | None:
        return self.cleaned_data.get("choice")
