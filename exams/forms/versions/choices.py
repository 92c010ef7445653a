"""Types made of options: one right, several right, true or false, and options in an order."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.content import Choice, VersionContent
from exams.forms.versions.base import VersionForm
from exams.item_types.true_false import choices_for

LEAST_OPTIONS, BLANK_OPTIONS, MOST_OPTIONS = 4, 2, 12


class OptionsForm(VersionForm):
    """Rows of options; rows without any text are left out."""

    parts = ("options",)
    has_keys: ClassVar[bool] = True
    label: ClassVar[Any] = _("Option %(number)s, %(language)s")

    def add_parts(self, content: VersionContent) -> None:
        self.rows = min(max(len(content.choices) + BLANK_OPTIONS, LEAST_OPTIONS), max(MOST_OPTIONS, len(content.choices)))
        for row in range(self.rows):
            choice = content.choices[row] if row < len(content.choices) else Choice()
            self.add_texts(f"option_{row}", self.label, row + 1, choice)
        if self.has_keys:
            self._add_keys(content)

    def _add_keys(self, content: VersionContent) -> None:
        rows = [(str(row), str(row + 1)) for row in range(self.rows)]
        self.add(
            "keys",
            forms.MultipleChoiceField(label=_("Key"), required=False, choices=rows),
            [str(row) for row, choice in enumerate(content.choices) if choice.is_key],
        )
        keep = forms.BooleanField(
            label=_("keep the options' order"),
            required=False,
            help_text=_("For options with an order of their own, such as years."),
        )
        self.add("keep_option_order", keep, content.keep_option_order)

    def option_rows(self) -> list[dict[str, Any]]:
        keys = {str(key) for key in self["keys"].value() or []} if self.has_keys else set()
        return [
            {"value": str(row), "number": row + 1, "is_key": str(row) in keys, "fields": self.spoken(f"option_{row}")}
            for row in range(self.rows)
        ]

    @property
    def key_input(self) -> str:
        return "radio" if self.type.code == "single_choice" else "checkbox"

    def choices(self) -> list[Choice]:
        keys = set(self.cleaned_data.get("keys", ()))
        rows = [Choice(self.texts(f"option_{row}"), str(row) in keys) for row in range(self.rows)]
        return [row for row in rows if any(row.texts.values())]


class OrderingForm(OptionsForm):
    """The rows stand in the right order; candidates get them shuffled."""

    has_keys = False
    label = _("Part %(number)s, %(language)s")


class StatementForm(VersionForm):
    """True or false: the options word themselves."""

    scoring_names = ("is_true",)

    def add_parts(self, content: VersionContent) -> None:
        keys = [str(number == 0) for number, choice in enumerate(content.choices) if choice.is_key]
        field = forms.ChoiceField(
            label=_("The statement is"),
            required=False,
            choices=[("True", _("true")), ("False", _("false"))],
            widget=forms.RadioSelect,
        )
        self.add("is_true", field, keys[0] if keys else "")

    def choices(self) -> list[Choice]:
        said = self.cleaned_data["is_true"]
        return list(choices_for(said == "True")) if said else []
