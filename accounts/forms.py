"""What a person fills in about themselves."""

from __future__ import annotations

import zoneinfo

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions.people import give_consent
from accounts.models import Consent, User


class SignupForm(forms.Form):
    """Asked at sign-up beside e-mail and password."""

    full_name = forms.CharField(
        label=_("Name as printed on certificates"),
        max_length=120,
        help_text=_("Exactly as in your identity document."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=80,
        help_text=_("Whoever checks a certificate by its number also types this name."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    terms = forms.BooleanField(
        error_messages={"required": _("An account needs your agreement to the terms of use.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["terms"].label = format_html(
            gettext('I have read and accept the <a href="{}" target="_blank">terms of use</a>.'),
            reverse("accounts:text", args=["terms"]),
        )

    field_order = ["full_name", "family_name", "email", "password1", "password2", "terms"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this in its own transaction once the account exists."""
        locale = get_language() or "en"
        user.full_name = self.cleaned_data["full_name"].strip()
        user.family_name = self.cleaned_data["family_name"].strip()
        user.language = locale if locale in ("en", "zh-hans") else "en"
        user.save(update_fields=["full_name", "family_name", "language"])
        give_consent(user, Consent.Purpose.TERMS, locale=user.language)


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones()) if "/" in name or name == "UTC"]


class ProfileForm(forms.ModelForm):
    """A person's own profile. A new name goes on future certificates; issued ones stay as issued."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_time_zones)

    class Meta:
        model = User
        fields = ("full_name", "family_name", "language", "time_zone")
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "family_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["full_name"].required = self.fields["family_name"].required = True
