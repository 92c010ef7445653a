"""How the sections of a blueprint are sat, and which exams offer a calculator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.models import Blueprint, Exam, SectionRule
from exams.rules.sections import Section


class SectionRulesForm(forms.Form):
    """Minutes and navigation per content area, then a calculator per exam."""

    def __init__(self, *args: Any, blueprint: Blueprint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(blueprint.lines.select_related("section_rule"))
        self.exams = list(blueprint.exams.order_by("code"))
        for line in self.lines:
            rule = getattr(line, "section_rule", None)
            minutes = forms.IntegerField(label=_("minutes"), required=False, min_value=1, max_value=600)
            navigation = forms.ChoiceField(label=_("navigation"), choices=SectionRule.Navigation.choices)
            self.fields[f"minutes_{line.number}"] = minutes
            self.fields[f"navigation_{line.number}"] = navigation
            self.initial[f"minutes_{line.number}"] = rule.minutes if rule else None
            self.initial[f"navigation_{line.number}"] = rule.navigation if rule else SectionRule.Navigation.FREE
        for exam in self.exams:
            self.fields[f"calculator_{exam.pk}"] = forms.ChoiceField(label=exam.name, choices=Exam.Calculator.choices)
            self.initial[f"calculator_{exam.pk}"] = exam.calculator

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"line": line, "minutes": self[f"minutes_{line.number}"], "navigation": self[f"navigation_{line.number}"]}
            for line in self.lines
        ]

    def calculator_fields(self) -> list[Any]:
        return [self[f"calculator_{exam.pk}"] for exam in self.exams]

    def rules(self) -> dict[int, Section]:
        said = self.cleaned_data
        return {line.number: Section(said[f"minutes_{line.number}"], said[f"navigation_{line.number}"]) for line in self.lines}

    def calculators(self) -> list[tuple[Exam, str]]:
        return [(exam, self.cleaned_data[f"calculator_{exam.pk}"]) for exam in self.exams]
