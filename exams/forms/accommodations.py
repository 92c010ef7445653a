"""The form of an accommodation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exams.actions.accommodations import MOST_BREAK_MINUTES, MOST_EXTRA_PERCENT
from exams.forms.administration import DateInput
from exams.models import Accommodation


class AccommodationForm(forms.Form):
    """Adjusted conditions for a person, found by e-mail address."""

    email = forms.EmailField(label=_("candidate's e-mail address"))
    extra_time_percent = forms.IntegerField(
        label=_("extra time in percent"), min_value=0, max_value=MOST_EXTRA_PERCENT, initial=25, required=False
    )
    break_minutes = forms.IntegerField(
        label=_("minutes of breaks that stop the clock"),
        min_value=0,
        max_value=MOST_BREAK_MINUTES,
        initial=0,
        required=False,
        help_text=_("In every exam, besides the breaks that the sitting gives to all."),
    )
    contrast = forms.ChoiceField(label=_("contrast"), choices=Accommodation.Contrast.choices, required=False)
    text_size = forms.ChoiceField(label=_("text size"), choices=Accommodation.TextSize.choices, required=False)
    has_reader = forms.BooleanField(label=_("a reader"), required=False)
    has_separate_room = forms.BooleanField(label=_("a separate room"), required=False)
    is_exempt_from_lockdown = forms.BooleanField(label=_("exempt from the locked browser"), required=False)
    valid_from = forms.DateField(label=_("valid from"), widget=DateInput())
    valid_until = forms.DateField(label=_("valid until"), widget=DateInput())
    reason = forms.CharField(
        label=_("reason"),
        required=False,
        max_length=240,
        help_text=_("Seen by administrators only. Keep documents about health elsewhere."),
    )

    def clean_extra_time_percent(self) -> int:
        return self.cleaned_data["extra_time_percent"] or 0

    def clean_break_minutes(self) -> int:
        return self.cleaned_data["break_minutes"] or 0

    def clean_contrast(self) -> str:
        return self.cleaned_data["contrast"] or Accommodation.Contrast.NORMAL.value

    def clean_text_size(self) -> int:
        return int(self.cleaned_data["text_size"] or Accommodation.TextSize.NORMAL.value)

    def clean_email(self) -> User:
        user = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("No account has this address."))
        return user
