"""What every draft's editor has: words in every language, what it is about, and how it scores."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.content import Choice, VersionContent, Wording, offered_languages
from exams.forms.versions.lines import stored, typed
from exams.forms.words import words_editor
from exams.item_types import REGISTRY
from exams.models import ItemBank, ItemVersion
from exams.queries.readiness import language_name


class VersionForm(forms.Form):
    """What a draft says in every language, and how it scores. Each type adds what only it has.

    `source` has the words edited as HTML: tables, code, pictures and formulas.
    """

    # What the page shows between words and scoring: templates of exams/admin/parts/.
    parts: ClassVar[tuple[str, ...]] = ()
    # Words beside question, rationale and reference, by name, and the fields of its own that the scoring box shows.
    own_words: ClassVar[tuple[str, ...]] = ()
    scoring_names: ClassVar[tuple[str, ...]] = ()

    points = forms.IntegerField(label=_("points"), min_value=1, max_value=20)
    minutes = forms.DecimalField(label=_("expected minutes"), min_value=Decimal("0.1"), max_digits=4, decimal_places=1)

    def __init__(
        self, *args: Any, type: str, content: VersionContent, bank: ItemBank | None = None, source: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.type, self.stored, self.languages, self.bank, self.source = (
            REGISTRY[type],
            content,
            offered_languages(),
            bank,
            source,
        )
        for language in self.languages:
            self._add_words(language, content.wordings.get(language) or Wording())
        self.add_parts(content)
        self._add_rule(content)
        self._add_stimulus(content)
        self.initial.setdefault("points", content.points)
        self.initial.setdefault("minutes", content.minutes)

    def _add_words(self, language: str, wording: Wording) -> None:
        for name, label, html in (("stem", _("Question"), wording.stem), ("rationale", _("Rationale"), wording.rationale)):
            widget = words_editor(html, language, source=self.source)
            self.add(f"{name}_{language}", forms.CharField(label=label, required=False, widget=widget), html)
        speech = forms.TextInput(attrs={"lang": language})
        reference = forms.CharField(label=_("Reference"), required=False, max_length=300, widget=speech)
        self.add(f"reference_{language}", reference, wording.reference)

    def _add_rule(self, content: VersionContent) -> None:
        rules = [ItemVersion.ScoringRule(rule) for rule in self.type.rules]
        if len(rules) > 1:
            field = forms.ChoiceField(
                label=_("scoring rule"), required=False, choices=[(rule.value, rule.label) for rule in rules]
            )
            self.add("scoring_rule", field, content.scoring_rule)

    def _add_stimulus(self, content: VersionContent) -> None:
        codes = list(self.bank.stimuli.values_list("code", flat=True)) if self.bank else []
        if codes:
            field = forms.ChoiceField(
                label=_("Case"),
                required=False,
                choices=[("", _("none")), *((code, code) for code in codes)],
                help_text=_("The text or table that this question is about. Questions about one case stand together."),
            )
            self.add("stimulus", field, content.stimulus)

    def add(self, name: str, field: forms.Field, initial: Any) -> None:
        self.fields[name] = field
        self.initial.setdefault(name, initial)

    def add_texts(self, name: str, label: Any, number: int, choice: Choice) -> None:
        """A field per language for the text of an option; `label` has places for %(number)s and %(language)s."""
        for language in self.languages:
            text = forms.CharField(
                label=label % {"number": number, "language": language_name(language)},
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
            )
            self.add(f"{name}_{language}", text, typed(choice.texts.get(language, "")))

    def texts(self, name: str) -> dict[str, str]:
        """What the fields of `add_texts` say, as HTML."""
        return {language: stored(self.cleaned_data.get(f"{name}_{language}") or "") for language in self.languages}

    def spoken(self, *names: str) -> list[forms.BoundField]:
        """The fields of these names in every language, for one row of the page."""
        return [self[f"{name}_{language}"] for name in names for language in self.languages]

    # --- For each type to say ----------------------------------------------------------------------

    def add_parts(self, content: VersionContent) -> None:
        """The fields that only this type has."""

    def choices(self) -> list[Choice]:
        return []

    def key(self) -> dict[str, Any]:
        return {}

    def presentation(self) -> dict[str, Any]:
        return self.stored.presentation

    # --- For the template: fields in the order of the page -------------------------------------------

    def words(self) -> list[dict[str, Any]]:
        """Per language: its name, and its fields from question to reference."""
        names = ["stem", *self.own_words, "rationale", "reference"]
        return [
            {
                "code": language,
                "name": language_name(language),
                "fields": [self[f"{name}_{language}"] for name in names],
            }
            for language in self.languages
        ]

    def part_templates(self) -> list[str]:
        return [f"exams/admin/parts/{part}.html" for part in self.parts]

    def scoring_fields(self) -> list[forms.BoundField]:
        names = (*self.scoring_names, "scoring_rule", "points", "minutes", "keep_option_order", "stimulus")
        return [self[name] for name in names if name in self.fields]

    # --- What it says ------------------------------------------------------------------------------

    def content(self) -> VersionContent:
        """The form as content."""
        said = self.cleaned_data
        return VersionContent(
            {language: self._wording(language) for language in self.languages},
            tuple(self.choices()),
            self.key(),
            scoring_rule=said.get("scoring_rule") or ItemVersion.ScoringRule.ALL_OR_NOTHING,
            points=said["points"],
            minutes=said["minutes"],
            keep_option_order=said.get("keep_option_order", False),
            presentation=self.presentation(),
            stimulus=said.get("stimulus", self.stored.stimulus),
        )

    def _wording(self, language: str) -> Wording:
        said = self.cleaned_data
        return Wording(
            said[f"stem_{language}"],
            said[f"rationale_{language}"],
            said[f"reference_{language}"],
            said.get(f"unit_{language}", ""),
        )
