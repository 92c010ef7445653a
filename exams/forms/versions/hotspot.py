"""A picture, what it shows in words, and the areas of it that are right: a list of corners, or clicks on the picture."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.content import VersionContent
from exams.forms.versions.base import VersionForm
from exams.forms.versions.lines import lines_of
from exams.models import Picture

Area = list[list[float]]
HUNDRED = Decimal(100)


class AreasField(forms.CharField):
    """One area a line, its corners as `x,y` in per cent of the picture: `10,20 40,20 40,55`."""

    def clean(self, value: Any) -> list[Area]:  # type: ignore[override]
        return [_area(line) for line in lines_of(super().clean(value))]


class HotspotForm(VersionForm):
    parts = ("hotspot",)
    own_words = ("alt",)

    def add_parts(self, content: VersionContent) -> None:
        shown = content.presentation
        for language in self.languages:
            alt = forms.CharField(
                label=_("What the picture shows"),
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
                help_text=_("For those who cannot see it. It must not give the answer away."),
            )
            self.add(f"alt_{language}", alt, (shown.get("alt") or {}).get(language, ""))
        pictures = Picture.objects.filter(bank=self.bank) if self.bank else Picture.objects.none()
        picture = forms.ModelChoiceField(
            label=_("picture"), required=False, queryset=pictures, to_field_name="uuid", empty_label=_("none")
        )
        self.add("picture", picture, shown.get("picture", ""))
        areas = AreasField(
            label=_("Right areas"),
            required=False,
            max_length=20_000,
            widget=forms.Textarea(attrs={"rows": 4, "class": "bank-source", "data-areas": ""}),
            help_text=_(
                "One area a line, at least three corners each, as distances from the left and the top "
                "in per cent of the picture: 10,20 40,20 40,55"
            ),
        )
        self.add("areas", areas, "\n".join(map(_line, content.key.get("areas") or [])))

    def pictures(self) -> list[dict[str, Any]]:
        """What the page's script needs to show the chosen one."""
        found = self.fields["picture"].queryset  # type: ignore[attr-defined]
        return [{"uuid": str(picture.uuid), "width": picture.width, "height": picture.height} for picture in found]

    def key(self) -> dict[str, Any]:
        return {"areas": self.cleaned_data["areas"]}

    def presentation(self) -> dict[str, Any]:
        picture = self.cleaned_data["picture"]
        alt = {language: self.cleaned_data[f"alt_{language}"].strip() for language in self.languages}
        return {"picture": str(picture.uuid) if picture else "", "alt": alt}


def _area(line: str) -> Area:
    corners = [_corner(corner) for corner in line.replace(";", " ").split()]
    if len(corners) < 3:
        raise forms.ValidationError(_("An area needs at least three corners: %(line)s"), params={"line": line})
    return corners


def _corner(text: str) -> list[float]:
    try:
        x, y = (Decimal(number) for number in text.split(","))
    except (InvalidOperation, ValueError) as error:
        raise forms.ValidationError(_("This is not a corner: %(text)s"), params={"text": text}) from error
    if not (x.is_finite() and y.is_finite() and 0 <= x <= HUNDRED and 0 <= y <= HUNDRED):
        raise forms.ValidationError(_("This corner is not on the picture: %(text)s"), params={"text": text})
    return [float(round(x / HUNDRED, 5)), float(round(y / HUNDRED, 5))]


def _line(area: Area) -> str:
    return " ".join(",".join(map(_percent, corner)) for corner in area)


def _percent(share: float) -> str:
    return f"{(Decimal(str(share)) * HUNDRED).normalize():f}"
