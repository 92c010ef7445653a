"""Forms of an exam sat on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.forms.administration import DateTimeInput
from exams.models import KeyIn
from exams.on_paper.letters import fields_of, written_position


class OpenSheetForm(forms.Form):
    started_at = forms.DateTimeField(
        label=_("started at"), widget=DateTimeInput(), help_text=_("As the invigilator wrote it on the sheet.")
    )
    reason = forms.CharField(
        label=_("reason"), max_length=240, help_text=_("Why this exam is sat on paper, for example a power cut.")
    )


class DiscardSheetForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=240)


class KeyInForm(forms.Form):
    """A line per answer of the sheet, in the order of the paper."""

    handed_in_at = forms.DateTimeField(label=_("handed in at"), widget=DateTimeInput())

    def __init__(self, data: Any = None, *, positions: list[dict[str, Any]], mine: KeyIn | None = None) -> None:
        initial: dict[str, Any] = {"handed_in_at": mine.handed_in_at} if mine else {}
        for position in positions if mine else ():
            initial |= written_position(position, mine.answers.get(str(position["position"])) if mine else None)
        super().__init__(data, initial=initial)
        for position in positions:
            for field in fields_of(position):
                widget = forms.Textarea(attrs={"rows": 6}) if field.is_long else forms.TextInput(attrs={"autocomplete": "off"})
                self.fields[field.name] = forms.CharField(
                    label=field.label, help_text=field.hint, required=False, widget=widget, strip=True
                )

    def said(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "handed_in_at"}

    def blame(self, problems: dict[str, str], positions: list[dict[str, Any]]) -> None:
        """Put each sentence beside the line it is about."""
        for position in positions:
            sentence = problems.get(str(position["position"]))
            if sentence:
                self.add_error(fields_of(position)[0].name, sentence)
