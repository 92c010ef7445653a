"""Forms of the board: records, re-marks, answers to appeals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from exams.corrections import ACCEPT, BY_OPTIONS, KEY, kinds_for
from exams.models import ItemVersion, Remark
from exams.queries.readiness import language_name

LINES = forms.Textarea(attrs={"rows": 4})


class RecordForm(forms.Form):
    """What the board puts on record about a sitting."""

    incidents = forms.CharField(
        label=_("incidents and how they were dealt with"),
        widget=LINES,
        max_length=4000,
        help_text=_("Also when there were none. Candidates do not read this."),
    )
    decision = forms.CharField(
        label=_("decision"),
        widget=LINES,
        max_length=4000,
        help_text=_("What the board decides about these results, and why."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), widget=LINES, max_length=2000)


class RemarkForm(forms.Form):
    """The correction of one version. What a key is made of depends on the item's type."""

    kind = forms.ChoiceField(label=_("correction"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("reason, for colleagues"), widget=LINES, max_length=2000)
    words = forms.CharField(
        label=_("reason, as candidates are told"),
        widget=LINES,
        max_length=1000,
        help_text=_("Never name the question or its answer: they are used again."),
    )
    words_zh = forms.CharField(label=_("reason, as candidates are told (Chinese)"), widget=LINES, max_length=1000)

    def __init__(self, *args: Any, version: ItemVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version
        self.item_type = version.item.type
        kinds = kinds_for(self.item_type)
        self.fields["kind"].choices = [choice for choice in Remark.Kind.choices if choice[0] in kinds]  # type: ignore[attr-defined]
        if KEY in kinds:
            self._add_key_fields()
        self.order_fields(
            ["kind", "right", "value", "tolerance", "accepted_en", "accepted_zh-hans", "reason", "words", "words_zh"]
        )

    def _add_key_fields(self) -> None:
        if self.item_type in BY_OPTIONS:
            choices = [(option.token, f"{number}. {_text(option)}") for number, option in enumerate(_options(self.version), 1)]
            self.fields["right"] = forms.MultipleChoiceField(
                label=_("right options"),
                required=False,
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("For another key, or for one that is accepted as well."),
            )
        elif self.item_type == "numeric":
            self.fields["value"] = forms.DecimalField(label=_("right number"), required=False)
            self.fields["tolerance"] = forms.DecimalField(label=_("tolerance"), required=False, min_value=0)
        else:
            for language, _name in settings.LANGUAGES:
                self.fields[f"accepted_{language}"] = forms.CharField(
                    label=f"{_('accepted answers')} ({language_name(language)})",
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 3}),
                    help_text=_("One a line."),
                )

    def keys(self) -> list[dict[str, Any]]:
        """The keys as Remark stores them. Of a question with one right option each ticked one is a key of its own."""
        if self.cleaned_data["kind"] not in (KEY, ACCEPT):
            return []
        if self.item_type in BY_OPTIONS:
            right = self.cleaned_data["right"]
            single = self.item_type != "multiple_response"
            if single and self.cleaned_data["kind"] == ACCEPT:
                own = {option.token for option in _options(self.version) if option.is_key}
                return [{"right": [token]} for token in right if token not in own]
            return [{"right": sorted(right)}] if right else []
        if self.item_type == "numeric":
            value = self.cleaned_data["value"]
            answer = {"value": str(value), "tolerance": str(self.cleaned_data["tolerance"] or 0)}
            return [{"answer": answer}] if value is not None else []
        accepted = {
            language: [line.strip() for line in self.cleaned_data[f"accepted_{language}"].splitlines() if line.strip()]
            for language, _name in settings.LANGUAGES
        }
        accepted = {language: texts for language, texts in accepted.items() if texts}
        return [{"answer": {"accepted": accepted}}] if accepted else []


def _options(version: ItemVersion) -> list[Any]:
    return sorted(version.options.all(), key=lambda option: option.position)


def _text(option: Any) -> str:
    from django.utils.html import strip_tags

    from standards.models.catalogue import in_language

    texts = {wording.language: strip_tags(wording.text) for wording in option.wordings.all()}
    return texts.get(in_language("en", "zh-hans")) or next(iter(texts.values()), "")


class AppealAnswerForm(forms.Form):
    """A decision on an appeal, and what it leads to when it is upheld."""

    verdict = forms.ChoiceField(
        label=_("decision"),
        choices=[("upheld", _("upheld")), ("rejected", _("rejected"))],
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(
        label=_("answer to the candidate"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        help_text=_("Sent as a letter. Never name a question or its answer."),
    )
    remark = forms.ModelChoiceField(label=_("re-mark that follows from it"), queryset=Remark.objects.none(), required=False)
    free_resit = forms.BooleanField(label=_("a resit free of charge"), required=False)

    def __init__(self, *args: Any, remarks: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if remarks is not None:
            self.fields["remark"].queryset = remarks  # type: ignore[attr-defined]
