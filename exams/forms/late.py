from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.models import LateDecision


class LateDecisionForm(forms.Form):
    verdict = forms.ChoiceField(label=_("decision"), choices=LateDecision.Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("The candidate reads it.")
    )
