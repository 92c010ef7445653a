"""Types that people mark by a rubric: an essay, and a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.content import VersionContent
from exams.file_kinds import KINDS
from exams.forms.versions.base import VersionForm
from exams.forms.versions.lines import lines_of
from exams.item_types.essay import MOST_WORDS
from exams.item_types.file_upload import MOST_LIMIT

BLANK_ROWS, MOST_ROWS = 1, 20
MEGABYTE = 1_000_000
Band = dict[str, Any]


class BandsField(forms.CharField):
    """One band a line: `2 | what earns it | 中文`."""

    def clean(self, value: Any) -> list[Band]:  # type: ignore[override]
        return [_band(line) for line in lines_of(super().clean(value))]


class RubricForm(VersionForm):
    """Criteria with their bands; criteria without a title or a band are left out."""

    parts = ("rubric",)

    def add_parts(self, content: VersionContent) -> None:
        criteria = [criterion for criterion in content.key.get("rubric") or [] if isinstance(criterion, dict)]
        self.rows = min(len(criteria) + BLANK_ROWS, MOST_ROWS) if criteria else 2
        for row in range(self.rows):
            self._add_criterion(f"criterion_{row}", criteria[row] if row < len(criteria) else {})

    def _add_criterion(self, name: str, criterion: dict[str, Any]) -> None:
        title = forms.CharField(label=_("What is judged, English"), required=False, max_length=200)
        title_zh = forms.CharField(
            label=_("What is judged, Chinese"),
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"lang": "zh-hans"}),
        )
        points = forms.DecimalField(
            label=_("points"), required=False, min_value=Decimal(0), max_value=Decimal(20), max_digits=5, decimal_places=2
        )
        bands = BandsField(
            label=_("Bands"),
            required=False,
            max_length=8000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("One a line: points | what earns them, in English | the same in Chinese"),
        )
        self.add(f"{name}_title", title, criterion.get("title", ""))
        self.add(f"{name}_title_zh", title_zh, criterion.get("title_zh", ""))
        self.add(f"{name}_points", points, criterion.get("points"))
        self.add(f"{name}_bands", bands, "\n".join(_line(band) for band in criterion.get("bands") or []))
        self.add(
            f"{name}_id", forms.CharField(required=False, max_length=40, widget=forms.HiddenInput), criterion.get("id", "")
        )

    def criteria_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "number": row + 1,
                "id": self[f"criterion_{row}_id"],
                "fields": [self[f"criterion_{row}_{part}"] for part in ("title", "title_zh", "points")],
                "bands": self[f"criterion_{row}_bands"],
            }
            for row in range(self.rows)
        ]

    def key(self) -> dict[str, Any]:
        said = [self._criterion(f"criterion_{row}") for row in range(self.rows)]
        rubric = [criterion for criterion in said if criterion["title"] or criterion["title_zh"] or criterion["bands"]]
        taken = {criterion["id"] for criterion in rubric}
        free = (name for name in (f"c{number}" for number in range(1, 2 * MOST_ROWS + 2)) if name not in taken)
        return {"rubric": [{**criterion, "id": criterion["id"] or next(free)} for criterion in rubric]}

    def _criterion(self, name: str) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "id": said[f"{name}_id"],
            "title": said[f"{name}_title"],
            "title_zh": said[f"{name}_title_zh"],
            "points": _plain(said[f"{name}_points"] or Decimal(0)),
            "bands": said[f"{name}_bands"],
        }


class EssayForm(RubricForm):
    scoring_names = ("least_words", "most_words")

    def add_parts(self, content: VersionContent) -> None:
        super().add_parts(content)
        bounds = content.presentation.get("words") or (None, None)
        for name, label, bound in zip(self.scoring_names, (_("at least, words"), _("at most, words")), bounds, strict=True):
            field = forms.IntegerField(label=label, required=False, min_value=1, max_value=MOST_WORDS)
            self.add(name, field, bound)

    def presentation(self) -> dict[str, Any]:
        return {"words": [self.cleaned_data["least_words"], self.cleaned_data["most_words"]]}


class FileForm(RubricForm):
    scoring_names = ("accepts", "most_megabytes")

    def add_parts(self, content: VersionContent) -> None:
        super().add_parts(content)
        accepts = forms.MultipleChoiceField(
            label=_("Accepted files"),
            required=False,
            choices=[(kind, kind) for kind in KINDS],
            widget=forms.CheckboxSelectMultiple,
        )
        self.add("accepts", accepts, content.presentation.get("accepts", [".pdf"]))
        most = forms.DecimalField(
            label=_("At most, in MB"),
            min_value=Decimal("0.1"),
            max_value=Decimal(MOST_LIMIT) / MEGABYTE,
            max_digits=6,
            decimal_places=3,
        )
        self.add("most_megabytes", most, _plain(Decimal(content.presentation.get("most_bytes", 10 * MEGABYTE)) / MEGABYTE))

    def presentation(self) -> dict[str, Any]:
        return {
            "accepts": self.cleaned_data["accepts"],
            "most_bytes": int(self.cleaned_data["most_megabytes"] * MEGABYTE),
        }


def _band(line: str) -> Band:
    pieces = [piece.strip() for piece in line.split("|")]
    try:
        points = Decimal(pieces[0])
    except ArithmeticError as error:
        raise forms.ValidationError(_("This line does not begin with points: %(line)s"), params={"line": line}) from error
    if not points.is_finite() or points < 0 or len(pieces) > 3:
        raise forms.ValidationError(_("Write points | English | Chinese: %(line)s"), params={"line": line})
    text, text_zh = [*pieces[1:], "", ""][:2]
    return {"points": _plain(points), "text": text, "text_zh": text_zh}


def _line(band: Band) -> str:
    return f"{band.get('points', '')} | {band.get('text', '')} | {band.get('text_zh', '')}"


def _plain(points: Decimal) -> int | float:
    """As JSON says it: 2 and not 2.0."""
    return int(points) if points == int(points) else float(points)
