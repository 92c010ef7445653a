"""Forms of cases and pictures, which lie in a bank beside its items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exams.content import offered_languages
from exams.forms.words import words_editor
from exams.models import ItemBank
from exams.queries.readiness import language_name


class BankChoiceForm(forms.Form):
    """Which bank; any when nothing is chosen."""

    bank = forms.ModelChoiceField(
        label=_("bank"), queryset=ItemBank.objects.none(), required=False, to_field_name="code", empty_label=_("any")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = ItemBank.objects.visible_to(user)  # type: ignore[attr-defined]

    def chosen(self) -> ItemBank | None:
        """An unknown bank narrows nothing."""
        self.is_valid()
        return self.cleaned_data.get("bank")


class StimulusForm(forms.Form):
    """What a case says in every language; `source` has it edited as HTML."""

    def __init__(self, *args: Any, texts: Mapping[str, str], source: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in offered_languages():
            html = texts.get(language, "")
            label = _("Text, %(language)s") % {"language": language_name(language)}
            widget = words_editor(html, language, source=source)
            self.fields[f"text_{language}"] = forms.CharField(label=label, required=False, widget=widget)
            self.initial.setdefault(f"text_{language}", html)

    def texts(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"text_{language}"] for language in offered_languages()}


class NewStimulusForm(StimulusForm):
    bank = forms.ModelChoiceField(label=_("bank"), queryset=ItemBank.objects.none(), to_field_name="code")
    code = forms.RegexField(
        label=_("code"),
        regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=40,
        help_text=_("Letters, digits, points and hyphens, for example PTL1-C-01."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = ItemBank.objects.visible_to(user)  # type: ignore[attr-defined]
        self.order_fields(["bank", "code"])


class PictureForm(forms.Form):
    """A picture for a bank."""

    bank = forms.ModelChoiceField(label=_("bank"), queryset=ItemBank.objects.none(), to_field_name="code")
    file = forms.FileField(
        label=_("picture"),
        widget=forms.ClearableFileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp,.gif"}),
        help_text=_("PNG, JPEG, WebP or GIF, up to 8 MB. It is drawn anew: what else the file carries is left out."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = ItemBank.objects.visible_to(user)  # type: ignore[attr-defined]
