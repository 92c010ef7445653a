"""Forms of the marking desk, and of those who arrange marking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from exams.marks.rubrics import Criterion
from exams.models import Exam, Mark, Sitting, SittingStaff
from standards.models.catalogue import in_language


class MarkForm(forms.Form):
    """A band for every criterion, by radio buttons, and a comment. A draft may leave any of them open."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For the file, in case the result is questioned. Neither the candidate nor another marker sees it now."),
    )

    def __init__(self, *args: Any, rubric: Sequence[Criterion], mark: Mark, complete: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By number: a criterion's own id may be any text.
        self.ids = {f"criterion_{number}": criterion.id for number, criterion in enumerate(rubric, 1)}
        for name, criterion in zip(self.ids, rubric, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=in_language(criterion.title, criterion.title_zh),
                choices=[(band.value, in_language(band.text, band.text_zh)) for band in criterion.bands],
                widget=forms.RadioSelect,
                required=complete,
                error_messages={"required": _("Choose one of these before you hand in.")},
            )
            self.initial[name] = mark.points.get(criterion.id)
        self.initial["comment"] = mark.comment
        if mark.marked_at is not None:
            for field in self.fields.values():
                field.disabled = True

    def criteria(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ids]

    def points(self) -> dict[str, str]:
        return {own: self.cleaned_data[name] for name, own in self.ids.items() if self.cleaned_data.get(name)}


class MarkingRuleForm(forms.Form):
    marking = forms.ChoiceField(label=_("answers are marked"), choices=Exam.Marking.choices)
    third_above_percent = forms.IntegerField(
        label=_("third marker above, in percent"),
        min_value=0,
        max_value=100,
        help_text=_("Of the item's points. Two marks further apart than this go to a third marker, whose mark stands."),
    )


class ExaminerForm(forms.Form):
    """Who could still come on duty."""

    user = forms.ModelChoiceField(label=_("examiner"), queryset=User.objects.none())

    def __init__(self, *args: Any, sitting: Sitting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_duty = SittingStaff.objects.filter(sitting=sitting)
        able = User.objects.filter(is_active=True, groups__name=Role.EXAMINER).exclude(pk__in=on_duty.values("user"))
        self.fields["user"].queryset = able.distinct().order_by("full_name")  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """From somebody who has open answers to somebody on duty."""

    giver = forms.ModelChoiceField(label=_("from whom"), queryset=User.objects.none())
    taker = forms.ModelChoiceField(label=_("to whom"), queryset=User.objects.none())
    reason = forms.CharField(label=_("reason"), max_length=240)

    def __init__(self, *args: Any, givers: Sequence[User], takers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, people in (("giver", givers), ("taker", takers)):
            chosen = User.objects.filter(pk__in=[person.pk for person in people]).order_by("full_name")
            self.fields[name].queryset = chosen  # type: ignore[attr-defined]
