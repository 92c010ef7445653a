"""Forms for bringing items in and taking them out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exams.interchange.formats import FORMATS
from exams.interchange.limits import MOST_BYTES
from exams.interchange.options import REFUSE, SKIP, ImportOptions
from exams.models import ItemBank
from exams.models.items import CognitiveLevel
from standards.models import Competence

SUFFIXES = sorted({suffix for format in FORMATS.values() for suffix in format.suffixes})


class ImportForm(forms.Form):
    """A file, and what it rarely says of itself."""

    bank = forms.ModelChoiceField(label=_("bank"), queryset=ItemBank.objects.none())
    format = forms.ChoiceField(label=_("format"), choices=())
    file = forms.FileField(label=_("file"), help_text=_("At most 20 MB and 10,000 items."))
    language = forms.ChoiceField(
        label=_("language"), choices=settings.LANGUAGES, help_text=_("For texts whose language the file does not say.")
    )
    competence = forms.ModelChoiceField(
        label=_("competence"), queryset=Competence.objects.all(), help_text=_("For items that name none.")
    )
    content_area = forms.IntegerField(
        label=_("content area"), min_value=1, max_value=99, initial=1, help_text=_("For items that name none.")
    )
    cognitive_level = forms.ChoiceField(
        label=_("cognitive level"), choices=CognitiveLevel.choices, initial="apply", help_text=_("For items that name none.")
    )
    existing = forms.ChoiceField(
        label=_("items whose code the bank has"),
        choices=[(REFUSE, _("refuse them")), (SKIP, _("leave them as they are"))],
        help_text=_("An import never changes an item that is there."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = ItemBank.objects.visible_to(user)  # type: ignore[attr-defined]
        # QTI tells its version itself; the two entries differ on the way out only.
        self.fields["format"].choices = [  # type: ignore[attr-defined]
            (code, "QTI 2.1, 2.2, 3.0" if code == "qti" else format.label) for code, format in FORMATS.items() if code != "qti3"
        ]
        self.fields["file"].widget.attrs["accept"] = ",".join(SUFFIXES)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large: at most 20 MB. Split it."))
        return file

    def options(self) -> ImportOptions:
        chosen = self.cleaned_data
        return ImportOptions(
            language=chosen["language"],
            competence=chosen["competence"].code,
            content_area=chosen["content_area"],
            cognitive_level=chosen["cognitive_level"],
            existing=chosen["existing"],
        )


class ReportFilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    status = forms.ChoiceField(
        label=_("status"),
        required=False,
        choices=[("", _("any")), ("kept", _("kept")), ("changed", _("changed")), ("refused", _("refused"))],
    )

    def filters(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "status")}


class ExportForm(forms.Form):
    bank = forms.ModelChoiceField(label=_("bank"), queryset=ItemBank.objects.none())
    format = forms.ChoiceField(label=_("format"), choices=())
    languages = forms.MultipleChoiceField(label=_("languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = ItemBank.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["format"].choices = [(code, format.label) for code, format in FORMATS.items()]  # type: ignore[attr-defined]
        self.fields["languages"].initial = [code for code, _name in settings.LANGUAGES]
