"""Forms of the retake rules and their exceptions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exams.actions.retakes import LONGEST_WAIT_DAYS
from exams.models import Exam


class RetakeRulesForm(forms.Form):
    wait_days = forms.IntegerField(
        label=_("days of waiting after an exam not passed"), min_value=0, max_value=LONGEST_WAIT_DAYS
    )
    most_attempts = forms.IntegerField(
        label=_("most attempts in twelve months"), min_value=1, max_value=50, required=False, help_text=_("Empty for no limit.")
    )
    most_overlap_percent = forms.IntegerField(
        label=_("most questions already seen, in percent of the paper"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Counted over every paper the person has sat, whatever the exam. Empty: the same paper may be sat again."),
    )


class ExceptionForm(forms.Form):
    """Leave for one person, found by e-mail address."""

    exam = forms.ModelChoiceField(label=_("exam"), queryset=Exam.objects.all())
    email = forms.EmailField(label=_("candidate's e-mail address"))
    reason = forms.CharField(label=_("reason"), max_length=240, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_email(self) -> User:
        user = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("No account has this address."))
        return user
