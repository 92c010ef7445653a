"""Forms of cut-score studies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from exams.actions.cut_studies import JudgeLimits
from exams.models import CutJudge, CutStudy, Paper


class StudyForm(forms.Form):
    paper = forms.ModelChoiceField(
        label=_("paper"),
        queryset=Paper.objects.none(),
        help_text=_("A sealed paper whose cut has not been decided and of which no result is visible."),
    )
    borderline = forms.CharField(
        label=_("the borderline candidate"),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        help_text=_("What somebody who is just good enough can do, and what not yet."),
    )
    borderline_zh = forms.CharField(
        label=_("the borderline candidate (Chinese)"), widget=forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_papers = Paper.objects.filter(status=Paper.Status.SEALED, cut_decision=None).exclude(
            cut_studies__in=CutStudy.objects.exclude(status=CutStudy.Status.DECIDED)
        )
        self.fields["paper"].queryset = open_papers.select_related("exam")  # type: ignore[attr-defined]


class JudgeForm(forms.Form):
    user = forms.ModelChoiceField(label=_("judge"), queryset=User.objects.none())

    def __init__(self, *args: Any, study: CutStudy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [Role.EXAMINER, Role.ITEM_REVIEWER, Role.ITEM_WRITER]
        people = User.objects.filter(is_active=True, groups__name__in=roles).exclude(cut_judgements__study=study)
        self.fields["user"].queryset = people.distinct().order_by("full_name")  # type: ignore[attr-defined]


def percentage(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=100)


class RatingForm(forms.Form):
    """A number per position; left empty, an item is rated later."""

    def __init__(self, *args: Any, positions: list[int], said: dict[int, int], judge: CutJudge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.positions = positions
        for position in positions:
            field = percentage(_("Position %(number)s: of 100 borderline candidates, so many are right") % {"number": position})
            self.fields[f"p{position}"] = field
            self.initial[f"p{position}"] = said.get(position)
        for name in JudgeLimits.__dataclass_fields__:
            self.fields[name] = percentage(getattr(CutJudge._meta.get_field(name), "verbose_name", name))
            self.initial[name] = getattr(judge, name)

    def limit_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in JudgeLimits.__dataclass_fields__]

    def percents(self) -> dict[int, int]:
        said = {position: self.cleaned_data.get(f"p{position}") for position in self.positions}
        return {position: percent for position, percent in said.items() if percent is not None}

    def limits(self) -> JudgeLimits | None:
        """All six or none: half of a judge's limits says nothing."""
        values = {name: self.cleaned_data.get(name) for name in JudgeLimits.__dataclass_fields__}
        return None if None in values.values() else JudgeLimits(**values)  # type: ignore[arg-type]


class ProposalForm(forms.Form):
    percent = forms.DecimalField(label=_("cut in percent"), min_value=1, max_value=100, max_digits=5, decimal_places=2)
    reason = forms.CharField(
        label=_("reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why this cut: the study, what the compromises say, and why the board departs from them if it does."),
    )
