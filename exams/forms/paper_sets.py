"""Forms of parallel papers: what to assemble and how equal, the blueprint's grid, estimates pasted from a sheet."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exams.actions.estimates import Estimate
from exams.assembly.plan import SCALE, Limits
from exams.models import Blueprint, Exam, ItemBank, ItemEstimate, ItemVersion
from exams.models.items import CognitiveLevel
from exams.queries.assembling import grid_of, suggested_grid

MOST_LINES = 5000


class PaperSetForm(forms.Form):
    """Which exam, how many papers, and how equal they have to be."""

    exam = forms.ModelChoiceField(label=gettext_lazy("exam"), queryset=Exam.objects.select_related("blueprint"))
    code = forms.RegexField(
        label=gettext_lazy("code"),
        regex=r"^[A-Za-z0-9._-]+$",
        max_length=16,
        help_text=gettext_lazy("Its papers are called after it: 2027-1 gives 2027-1-A, 2027-1-B and, as the spare, 2027-1-S."),
    )
    paper_count = forms.IntegerField(label=gettext_lazy("papers"), min_value=1, max_value=5, initial=3)
    has_spare = forms.BooleanField(label=gettext_lazy("and a spare"), required=False, initial=True)
    borderline_spread = forms.DecimalField(
        label=gettext_lazy("expected scores at most so many points apart"),
        min_value=0,
        max_value=100,
        max_digits=6,
        decimal_places=3,
        initial=Decimal("0.05"),
        help_text=gettext_lazy("What a borderline candidate is expected to score, from the estimates of the items."),
    )
    minutes_spread = forms.DecimalField(
        label=gettext_lazy("expected minutes at most so far apart"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=1,
        initial=Decimal("3.0"),
    )
    most_common = forms.IntegerField(label=gettext_lazy("items two papers may share"), min_value=0, max_value=200, initial=0)
    most_key_percent = forms.IntegerField(
        label=gettext_lazy("keys at the same place, at most percent"), min_value=25, max_value=100, initial=40
    )
    most_seen = forms.IntegerField(
        label=gettext_lazy("leave out items seen by more candidates than"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Leave it empty to let all items in."),
    )
    target = forms.DecimalField(
        label=gettext_lazy("expected score to meet"),
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=3,
        help_text=gettext_lazy("In points, to match an earlier set. Left empty, the papers only have to match each other."),
    )
    information_spread_percent = forms.IntegerField(
        label=gettext_lazy("information at the cut at most so many percent apart"), min_value=0, max_value=100, initial=10
    )
    ability = forms.DecimalField(
        label=gettext_lazy("ability at the cut, in logits"),
        min_value=-6,
        max_value=6,
        max_digits=5,
        decimal_places=2,
        initial=Decimal(0),
        help_text=gettext_lazy("Only used for items that are calibrated."),
    )
    seed = forms.IntegerField(
        label=gettext_lazy("seed"),
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=gettext_lazy("Leave it empty for a random one. The same seed over the same bank assembles the same papers."),
    )
    PLAIN = ("exam", "code", "paper_count", "has_spare")

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PLAIN]

    def limit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.PLAIN]

    @property
    def has_limit_errors(self) -> bool:
        return any(name in self.errors for name in self.fields if name not in self.PLAIN)

    def limits(self) -> Limits:
        said = self.cleaned_data
        return Limits(
            most_common=said["most_common"],
            borderline_spread=int(said["borderline_spread"] * SCALE),
            tenths_spread=int(said["minutes_spread"] * 10),
            information_spread_percent=said["information_spread_percent"],
            most_key_percent=said["most_key_percent"],
            most_seen=said["most_seen"],
            target=None if said["target"] is None else int(said["target"] * SCALE),
        )


class GridForm(forms.Form):
    """A number per content area and cognitive level; starts from the mix where there is no grid yet."""

    def __init__(self, *args: Any, blueprint: Blueprint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(blueprint.lines.all())
        self.has_grid = bool(grid := grid_of(blueprint))
        shown = grid or suggested_grid(blueprint)
        for line in self.lines:
            for level, label in CognitiveLevel.choices:
                name = f"cell_{line.number}_{level}"
                self.fields[name] = forms.IntegerField(
                    label=f"{line.name}: {label}", required=False, min_value=0, max_value=line.items
                )
                self.initial.setdefault(name, shown.get((line.number, level)))

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"line": line, "fields": [self[f"cell_{line.number}_{level}"] for level in CognitiveLevel.values]}
            for line in self.lines
        ]

    def grid(self) -> dict[tuple[int, str], int]:
        cells = {
            (line.number, level): self.cleaned_data[f"cell_{line.number}_{level}"]
            for line in self.lines
            for level in CognitiveLevel.values
        }
        return {cell: items for cell, items in cells.items() if items}


class GapForm(forms.Form):
    paper_count = forms.IntegerField(label=gettext_lazy("papers, spare included"), min_value=1, max_value=6, initial=4)


class EstimatesForm(forms.Form):
    """A line per item: its code and the chance of a borderline candidate; a calibration follows as two more numbers."""

    source = forms.ChoiceField(label=gettext_lazy("source"), choices=ItemEstimate.Source.choices)
    lines = forms.CharField(
        label=gettext_lazy("estimates"),
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy(
            "A line per item: code and chance between 0 and 1, such as “Q-001 0.65”. A calibration is the code with "
            "a dash for the chance, discrimination and difficulty: “Q-001 - 1.20 -0.35”. Tabs and commas separate too."
        ),
    )

    def __init__(self, *args: Any, bank: ItemBank, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bank = bank

    def clean_lines(self) -> list[Estimate]:
        lines = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("At most %(most)s lines at once.") % {"most": MOST_LINES})
        live = ItemVersion.objects.filter(item__bank=self.bank, status__in=ItemVersion.LIVE).select_related("item")
        versions = {version.item.code: version for version in live}
        read, problems = [], []
        for number, line in enumerate(lines, 1):
            try:
                read.append(_read_line(line, versions))
            except ValueError as problem:
                problems.append(_("Line %(number)s: %(problem)s") % {"number": number, "problem": problem})
        if problems:
            raise forms.ValidationError(problems[:20])
        return read


def _read_line(line: str, versions: dict[str, ItemVersion]) -> Estimate:
    code, *rest = line.replace(",", " ").replace(";", " ").split()
    if code not in versions:
        raise ValueError(_("the bank has no approved item %(code)s.") % {"code": code})
    if len(rest) not in (1, 3):
        raise ValueError(_("after the code comes one number, or three."))
    numbers = [None if text in ("-", "–") else _number(text) for text in rest]
    return Estimate(versions[code], *numbers)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:20]}) from error
    if not value.is_finite() or abs(value) >= 1000:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text[:20]})
    return value
