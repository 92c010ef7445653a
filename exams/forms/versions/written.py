"""Types answered by typing: a number, or a few words."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.content import VersionContent, Wording
from exams.forms.versions.base import VersionForm
from exams.forms.versions.lines import lines_of


def number_text(text: str) -> str:
    """A decimal number as typed, or refused."""
    plain = text.strip().replace("−", "-")
    if not plain:
        return ""
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise forms.ValidationError(_("Write a number with a decimal point, for example 0.05.")) from error
    if not number.is_finite():
        raise forms.ValidationError(_("Write a number with a decimal point, for example 0.05."))
    return plain


class NumberField(forms.CharField):
    """A decimal number, kept as it was typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 40, **options})

    def clean(self, value: Any) -> str:
        return number_text(super().clean(value))


def right_number() -> NumberField:
    return NumberField(label=_("Right number"), help_text=_("With a decimal point."))


def tolerance() -> NumberField:
    return NumberField(label=_("Tolerance"), help_text=_("Answers this far off are still right; the edge counts."))


def accepted_answers(language: str) -> forms.CharField:
    return forms.CharField(
        label=_("Accepted answers"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": language}),
        help_text=_("One a line. Case, width and punctuation at the ends do not matter."),
    )


class NumberForm(VersionForm):
    own_words = ("unit",)
    scoring_names = ("value", "tolerance")

    def add_parts(self, content: VersionContent) -> None:
        for language in self.languages:
            speech = forms.TextInput(attrs={"lang": language})
            unit = forms.CharField(label=_("Unit"), required=False, max_length=30, widget=speech)
            self.add(f"unit_{language}", unit, (content.wordings.get(language) or Wording()).unit)
        self.add("value", right_number(), content.key.get("value", ""))
        self.add("tolerance", tolerance(), content.key.get("tolerance", "0"))

    def key(self) -> dict[str, Any]:
        return {"value": self.cleaned_data["value"], "tolerance": self.cleaned_data["tolerance"] or "0"}


class ShortTextForm(VersionForm):
    own_words = ("accepted",)

    def add_parts(self, content: VersionContent) -> None:
        for language in self.languages:
            texts = (content.key.get("accepted") or {}).get(language, [])
            self.add(f"accepted_{language}", accepted_answers(language), "\n".join(texts))

    def key(self) -> dict[str, Any]:
        return {"accepted": {language: lines_of(self.cleaned_data[f"accepted_{language}"]) for language in self.languages}}
