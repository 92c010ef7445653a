"""The form of added time."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.actions.added_time import MOST_MINUTES
from exams.models import TimeGrant


class AddedTimeForm(forms.Form):
    minutes = forms.IntegerField(label=_("minutes"), min_value=1, max_value=MOST_MINUTES, initial=5)
    category = forms.ChoiceField(label=_("what happened"), choices=TimeGrant.Category.choices)
    note = forms.CharField(
        label=_("note"),
        required=False,
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For whoever looks into this sitting later. Nothing about anybody's health."),
    )
