"""What people fill in: a stranger's look-up, an officer's decision and moves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, CertificationDecision

LARGEST_PDF = 5 * 1024 * 1024


class FindForm(forms.Form):
    """Serial and family name, both as typed by somebody who holds a printed certificate."""

    serial = forms.CharField(
        label=_("Certificate serial"),
        max_length=40,
        help_text=_("Printed at the bottom left, such as TS-PTL1-26-7K3M9Q-C. Case and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("Family name of the holder"),
        max_length=120,
        help_text=_("The family name, or the whole name as printed."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FileForm(forms.Form):
    """The way without script: the file is sent, hashed and forgotten."""

    file = forms.FileField(
        label=_("PDF file of the certificate"), widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"})
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_PDF:
            raise forms.ValidationError(_("This file is larger than any certificate of ours."))
        return file


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=CertificationDecision.Outcome.choices, widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Kept with the decision under your name. The applicant can read them."),
    )


class ReasonForm(forms.Form):
    """Why a certificate is suspended, reinstated or withdrawn."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the certificate under your name; verifiers do not see it."),
    )


class CorrectionForm(ReasonForm):
    """A corrected certificate: the name as it should have been printed."""

    name = forms.CharField(label=_("Name to print"), max_length=120)
    family_name = forms.CharField(
        label=_("Family name"), max_length=80, required=False, help_text=_("What a verifier types beside the serial.")
    )
    field_order = ["name", "family_name", "reason"]

    def __init__(self, *args: Any, certificate: Certificate, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial", {k: certificate.claims[v] for k, v in (("name", "holder"), ("family_name", "family_name"))}
        )
        super().__init__(*args, **kwargs)
