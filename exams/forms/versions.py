"""The editor of a draft: one form per type of item, every language beside the other."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.rich_text import get_rich_text_editor_widget

from exams.content import Choice, VersionContent, Wording, offered_languages
from exams.item_types import REGISTRY
from exams.markdown import line_html, line_text
from exams.models import ItemVersion
from exams.queries.readiness import language_name

FEATURES = ["bold", "italic", "code", "superscript", "subscript", "ol", "ul"]
# What the editor's blocks cannot hold is edited as HTML, so that opening and saving an item loses nothing.
BEYOND_THE_EDITOR = re.compile(r"<(table|pre|blockquote|span|u|s)\b")
LEAST_OPTIONS, BLANK_OPTIONS, MOST_OPTIONS = 4, 2, 10


class VersionForm(forms.Form):
    """What a draft says in every language, its options or its key, and how it scores."""

    points = forms.IntegerField(label=_("points"), min_value=1, max_value=20)
    minutes = forms.DecimalField(label=_("expected minutes"), min_value=Decimal("0.1"), max_digits=4, decimal_places=1)

    def __init__(self, *args: Any, type: str, content: VersionContent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type, self.stored, self.languages = REGISTRY[type], content, offered_languages()
        for language in self.languages:
            self._add_words(language, content.wordings.get(language) or Wording())
        if self.type.has_options:
            self._add_options(content)
        elif type == "numeric":
            self._add_number(content)
        else:
            self._add_accepted(content)
        self.initial.setdefault("points", content.points)
        self.initial.setdefault("minutes", content.minutes)

    def _add_words(self, language: str, wording: Wording) -> None:
        speech = {"lang": language}
        for name, label, html in (("stem", _("Question"), wording.stem), ("rationale", _("Rationale"), wording.rationale)):
            self._add(f"{name}_{language}", forms.CharField(label=label, required=False, widget=_editor(html, language)), html)
        reference = forms.CharField(label=_("Reference"), required=False, max_length=300, widget=forms.TextInput(attrs=speech))
        self._add(f"reference_{language}", reference, wording.reference)
        if self.type.code == "numeric":
            unit = forms.CharField(label=_("Unit"), required=False, max_length=30, widget=forms.TextInput(attrs=speech))
            self._add(f"unit_{language}", unit, wording.unit)

    def _add_options(self, content: VersionContent) -> None:
        self.rows = min(max(len(content.choices) + BLANK_OPTIONS, LEAST_OPTIONS), MOST_OPTIONS)
        for row in range(self.rows):
            choice = content.choices[row] if row < len(content.choices) else Choice()
            for language in self.languages:
                text = forms.CharField(
                    label=_("Option %(number)s, %(language)s") % {"number": row + 1, "language": language_name(language)},
                    required=False,
                    max_length=1000,
                    widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
                )
                self._add(f"option_{row}_{language}", text, line_text(choice.texts.get(language, "")))
        rows = [(str(row), str(row + 1)) for row in range(self.rows)]
        self._add(
            "keys",
            forms.MultipleChoiceField(label=_("Key"), required=False, choices=rows),
            [str(row) for row, choice in enumerate(content.choices) if choice.is_key],
        )
        keep = forms.BooleanField(
            label=_("keep the options' order"),
            required=False,
            help_text=_("For options with an order of their own, such as years."),
        )
        self._add("keep_option_order", keep, content.keep_option_order)
        if self.type.code == "multiple_response":
            rule = forms.ChoiceField(label=_("scoring rule"), choices=ItemVersion.ScoringRule.choices)
            self._add("scoring_rule", rule, content.scoring_rule)

    def _add_number(self, content: VersionContent) -> None:
        number = forms.CharField(label=_("Right number"), required=False, max_length=40, help_text=_("With a decimal point."))
        tolerance = forms.CharField(
            label=_("Tolerance"),
            required=False,
            max_length=40,
            help_text=_("Answers this far off are still right; the edge counts."),
        )
        self._add("value", number, content.key.get("value", ""))
        self._add("tolerance", tolerance, content.key.get("tolerance", "0"))

    def _add_accepted(self, content: VersionContent) -> None:
        for language in self.languages:
            answers = forms.CharField(
                label=_("Accepted answers"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 4, "lang": language}),
                help_text=_("One a line. Case, width and punctuation at the ends do not matter."),
            )
            texts = (content.key.get("accepted") or {}).get(language, [])
            self._add(f"accepted_{language}", answers, "\n".join(texts))

    def _add(self, name: str, field: forms.Field, initial: Any) -> None:
        self.fields[name] = field
        self.initial.setdefault(name, initial)

    def clean_value(self) -> str:
        return _number(self.cleaned_data["value"])

    def clean_tolerance(self) -> str:
        return _number(self.cleaned_data["tolerance"]) or "0"

    # --- For the template: fields in the order of the page -------------------------------------------

    def words(self) -> list[dict[str, Any]]:
        """Per language: its name, and its fields from question to reference."""
        names = ["stem", *(["unit"] if self.type.code == "numeric" else []), "rationale", "reference"]
        if self.type.code == "short_text":
            names.insert(1, "accepted")
        return [
            {
                "code": language,
                "name": language_name(language),
                "fields": [self[f"{name}_{language}"] for name in names],
            }
            for language in self.languages
        ]

    def option_rows(self) -> list[dict[str, Any]]:
        if not self.type.has_options:
            return []
        keys = {str(key) for key in self["keys"].value() or []}
        return [
            {
                "value": str(row),
                "number": row + 1,
                "is_key": str(row) in keys,
                "fields": [self[f"option_{row}_{language}"] for language in self.languages],
            }
            for row in range(self.rows)
        ]

    def scoring_fields(self) -> list[forms.BoundField]:
        names = ("value", "tolerance", "scoring_rule", "points", "minutes", "keep_option_order")
        return [self[name] for name in names if name in self.fields]

    @property
    def key_input(self) -> str:
        return "radio" if self.type.code == "single_choice" else "checkbox"

    # --- What it says ------------------------------------------------------------------------------

    def content(self) -> VersionContent:
        """The form as content; options without any text are left out."""
        said = self.cleaned_data
        return VersionContent(
            {language: self._wording(language) for language in self.languages},
            tuple(self._choices()),
            self._key(),
            scoring_rule=said.get("scoring_rule") or ItemVersion.ScoringRule.ALL_OR_NOTHING,
            points=said["points"],
            minutes=said["minutes"],
            keep_option_order=said.get("keep_option_order", False),
        )

    def _wording(self, language: str) -> Wording:
        said = self.cleaned_data
        return Wording(
            said[f"stem_{language}"],
            said[f"rationale_{language}"],
            said[f"reference_{language}"],
            said.get(f"unit_{language}", ""),
        )

    def _choices(self) -> list[Choice]:
        if not self.type.has_options:
            return []
        keys = set(self.cleaned_data["keys"])
        rows = [
            Choice(
                {language: line_html(self.cleaned_data[f"option_{row}_{language}"]) for language in self.languages},
                str(row) in keys,
            )
            for row in range(self.rows)
        ]
        return [row for row in rows if any(row.texts.values())]

    def _key(self) -> dict[str, Any]:
        said = self.cleaned_data
        if self.type.code == "numeric":
            return {"value": said["value"], "tolerance": said["tolerance"]}
        if self.type.code == "short_text":
            return {
                "accepted": {
                    language: [line.strip() for line in said[f"accepted_{language}"].splitlines() if line.strip()]
                    for language in self.languages
                }
            }
        return {}


def _editor(html: str, language: str) -> forms.Widget:
    if BEYOND_THE_EDITOR.search(html):
        return forms.Textarea(attrs={"rows": 8, "lang": language, "class": "bank-source"})
    widget: forms.Widget = get_rich_text_editor_widget("default", features=FEATURES)
    return widget


def _number(text: str) -> str:
    """A decimal number as typed, or refused."""
    typed = text.strip().replace("−", "-")
    if not typed:
        return ""
    try:
        number = Decimal(typed)
    except InvalidOperation as error:
        raise forms.ValidationError(_("Write a number with a decimal point, for example 0.05.")) from error
    if not number.is_finite():
        raise forms.ValidationError(_("Write a number with a decimal point, for example 0.05."))
    return typed
