"""Forms of exam administration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from exams.actions.papers import Area, BlueprintPlan
from exams.models import Blueprint, Exam, ItemBank, Paper, Sitting, SittingStaff
from exams.models.items import CognitiveLevel
from partners.models import Partner
from standards.models import Competence

BLANK_AREAS = 2
ANY = ("", _("any"))


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class BlueprintForm(forms.Form):
    """A blueprint's numbers, and a row per content area."""

    bank = forms.ModelChoiceField(label=_("bank"), queryset=ItemBank.objects.none())
    scored_items = forms.IntegerField(label=_("scored items"), min_value=1, max_value=500)
    pretest_items = forms.IntegerField(label=_("pretest items"), min_value=0, max_value=100, initial=0)
    minutes = forms.IntegerField(label=_("minutes"), min_value=1, max_value=600)
    cut_percent = forms.DecimalField(label=_("raw cut in percent"), max_digits=5, decimal_places=2, min_value=0, max_value=100)
    cut_is_provisional = forms.BooleanField(label=_("cut is provisional"), required=False, initial=True)
    area_floor_percent = forms.IntegerField(label=_("least percent in every area"), min_value=0, max_value=100, initial=0)

    def __init__(self, *args: Any, user: User, blueprint: Blueprint | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = ItemBank.objects.visible_to(user)  # type: ignore[attr-defined]
        if blueprint is None:
            code = forms.RegexField(label=_("code"), regex=r"^[A-Za-z0-9-]+$", max_length=30)
            self.fields = {"code": code, **self.fields}
        mix = blueprint.cognitive_mix if blueprint else {}
        for level, label in CognitiveLevel.choices:
            share = forms.IntegerField(label=label, required=False, min_value=0, max_value=100)
            self.fields[f"mix_{level}"] = share
            self.initial.setdefault(f"mix_{level}", mix.get(level))
        self._add_areas(blueprint)

    def _add_areas(self, blueprint: Blueprint | None) -> None:
        lines = list(blueprint.lines.prefetch_related("competences")) if blueprint else []
        posted = int(self.data.get("rows", 0)) if str(self.data.get("rows", "")).isdigit() else 0
        self.rows = min(max(len(lines) + BLANK_AREAS, posted, 4), 40)
        for row in range(self.rows):
            line = lines[row] if row < len(lines) else None
            fields: dict[str, tuple[forms.Field, Any]] = {
                "number": (
                    forms.IntegerField(label=_("number"), required=False, min_value=1, max_value=99),
                    line and line.number,
                ),
                "title": (forms.CharField(label=_("title"), required=False, max_length=160), line and line.title),
                "title_zh": (
                    forms.CharField(label=_("title in Chinese"), required=False, max_length=160),
                    line and line.title_zh,
                ),
                "weight": (
                    forms.IntegerField(label=_("weight in percent"), required=False, min_value=0, max_value=100),
                    line and line.weight_percent,
                ),
                "items": (
                    forms.IntegerField(label=_("scored items"), required=False, min_value=0, max_value=500),
                    line and line.items,
                ),
                "competences": (
                    forms.CharField(label=_("competences"), required=False, max_length=240),
                    " ".join(each.code for each in line.competences.all()) if line else "",
                ),
            }
            for name, (field, initial) in fields.items():
                self.fields[f"area_{row}_{name}"] = field
                self.initial.setdefault(f"area_{row}_{name}", initial)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        known = set(Competence.objects.values_list("code", flat=True))
        for row in range(self.rows):
            unknown = sorted(set(said.get(f"area_{row}_competences", "").split()) - known)
            if unknown:
                self.add_error(
                    f"area_{row}_competences", _("There is no competence %(codes)s.") % {"codes": ", ".join(unknown)}
                )
        return said

    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith(("mix_", "area_")) or name == "area_floor_percent"]

    def mix_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("mix_")]

    def area_rows(self) -> list[list[forms.BoundField]]:
        names = ("number", "title", "title_zh", "weight", "items", "competences")
        return [[self[f"area_{row}_{name}"] for name in names] for row in range(self.rows)]

    def plan(self) -> BlueprintPlan:
        said = self.cleaned_data
        names = ("scored_items", "pretest_items", "minutes", "cut_percent", "cut_is_provisional", "area_floor_percent")
        mix = {level: said[f"mix_{level}"] for level in CognitiveLevel.values if said[f"mix_{level}"]}
        return BlueprintPlan(**{name: said[name] for name in names}, cognitive_mix=mix)

    def areas(self) -> list[Area]:
        said = self.cleaned_data
        rows = [
            {name: said[f"area_{row}_{name}"] for name in ("number", "title", "title_zh", "weight", "items", "competences")}
            for row in range(self.rows)
        ]
        return [
            Area(
                row["number"],
                row["title"],
                row["title_zh"],
                row["weight"] or 0,
                row["items"] or 0,
                tuple(row["competences"].split()),
            )
            for row in rows
            if row["number"]
        ]


class DrawForm(forms.Form):
    """A new paper: of which exam, under which code, from which seed."""

    exam = forms.ModelChoiceField(label=_("exam"), queryset=Exam.objects.select_related("blueprint"))
    code = forms.RegexField(label=_("code"), regex=r"^[A-Za-z0-9._-]+$", max_length=20)
    seed = forms.IntegerField(
        label=_("seed"),
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("Leave it empty for a random one. The same seed over the same bank draws the same paper."),
    )


class SittingFilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    exam = forms.ModelChoiceField(label=_("exam"), queryset=Exam.objects.all(), required=False, empty_label=ANY[1])
    status = forms.ChoiceField(label=_("status"), required=False, choices=[ANY, *Sitting.Status.choices])
    time = forms.ChoiceField(
        label=_("time"),
        required=False,
        choices=[ANY, ("upcoming", _("upcoming")), ("running", _("running now")), ("over", _("over"))],
    )

    def filters(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class SittingChangeForm(forms.Form):
    """When a sitting is, what it is called, and for how many. Times are in the reader's own time zone."""

    name = forms.CharField(label=_("name"), max_length=160)
    opens_at = forms.DateTimeField(label=_("opens at"), widget=DateTimeInput())
    closes_at = forms.DateTimeField(label=_("closes at"), widget=DateTimeInput())
    capacity = forms.IntegerField(label=_("capacity"), min_value=1, max_value=100_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = timezone.get_current_timezone_name()
        for name in ("opens_at", "closes_at"):
            self.fields[name].help_text = _("Your time zone: %(zone)s") % {"zone": zone}


class SittingForm(SittingChangeForm):
    paper = forms.ModelChoiceField(
        label=_("paper"), queryset=Paper.objects.filter(status=Paper.Status.SEALED).select_related("exam")
    )
    code = forms.SlugField(label=_("code"), max_length=60)
    partner = forms.ModelChoiceField(
        label=_("partner"), queryset=Partner.objects.none(), required=False, empty_label=_("open to all")
    )
    break_minutes = forms.IntegerField(
        label=_("minutes of breaks"),
        min_value=0,
        max_value=240,
        initial=0,
        required=False,
        help_text=_("What each candidate may take off the clock. 0 for no breaks."),
    )
    field_order = ["paper", "code", "name", "opens_at", "closes_at", "break_minutes", "capacity", "partner"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Partner.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean_break_minutes(self) -> int:
        return self.cleaned_data["break_minutes"] or 0


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=240, widget=forms.Textarea(attrs={"rows": 2}))


class DutyForm(forms.Form):
    """Who can be put on duty: people with the role for it."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    duty = forms.ChoiceField(label=_("Duty"), choices=SittingStaff.Duty.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able: QuerySet[User] = User.objects.filter(is_active=True, groups__name__in=[Role.INVIGILATOR, Role.EXAMINER])
        self.fields["user"].queryset = able.distinct().order_by("full_name")  # type: ignore[attr-defined]


class EndForm(forms.Form):
    on = forms.DateField(label=_("Last day"), widget=DateInput())
