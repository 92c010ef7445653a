"""The gaps of a text: the stem names them, [[g1]], and each has a box of its own saying what belongs there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.content import Choice, VersionContent
from exams.forms.versions.base import VersionForm
from exams.forms.versions.lines import lines_of
from exams.forms.versions.written import accepted_answers, right_number, tolerance
from exams.item_types.cloze import CHOICE, NUMBER, TEXT
from exams.queries.readiness import language_name
from exams.wording import gap_names

KINDS = [(TEXT, _("words")), (NUMBER, _("a number")), (CHOICE, _("one of several options"))]
LEAST_OPTIONS, BLANK_OPTIONS = 4, 1


class ClozeForm(VersionForm):
    parts = ("gaps",)

    def add_parts(self, content: VersionContent) -> None:
        self.rows: dict[str, int] = {}
        stored = content.key.get("gaps") or {}
        for name in self.gaps():
            self._add_gap(name, stored.get(name) or {}, [choice for choice in content.choices if choice.group == name])

    def gaps(self) -> list[str]:
        """Every gap that the question names in any language, in the order of the text."""
        stems = [str(self[f"stem_{language}"].value() or "") for language in self.languages]
        return list(dict.fromkeys(name for stem in stems for name in gap_names(stem)))

    def _add_gap(self, name: str, gap: dict[str, Any], options: list[Choice]) -> None:
        kind = forms.ChoiceField(label=_("What belongs there"), required=False, choices=KINDS)
        self.add(f"gap_{name}_kind", kind, gap.get("kind", TEXT))
        for language in self.languages:
            field = accepted_answers(language)
            field.label = _("Accepted answers, %(language)s") % {"language": language_name(language)}
            texts = (gap.get("accepted") or {}).get(language, [])
            self.add(f"gap_{name}_accepted_{language}", field, "\n".join(texts))
        self.add(f"gap_{name}_value", right_number(), gap.get("value", ""))
        self.add(f"gap_{name}_tolerance", tolerance(), gap.get("tolerance", "0"))
        self._add_options(name, options)

    def _add_options(self, name: str, options: list[Choice]) -> None:
        self.rows[name] = rows = max(len(options) + BLANK_OPTIONS, LEAST_OPTIONS)
        for row in range(rows):
            option = options[row] if row < len(options) else Choice()
            self.add_texts(f"gap_{name}_option_{row}", _("Option %(number)s, %(language)s"), row + 1, option)
        keys = [str(row) for row, option in enumerate(options) if option.is_key]
        key = forms.ChoiceField(label=_("Key"), required=False, choices=[(str(row), str(row + 1)) for row in range(rows)])
        self.add(f"gap_{name}_key", key, keys[0] if keys else "")

    def gap_boxes(self) -> list[dict[str, Any]]:
        return [self._box(name) for name in self.rows]

    def _box(self, name: str) -> dict[str, Any]:
        chosen = self[f"gap_{name}_key"].value()
        return {
            "name": name,
            "kind": self[f"gap_{name}_kind"],
            "text": self.spoken(f"gap_{name}_accepted"),
            "number": [self[f"gap_{name}_value"], self[f"gap_{name}_tolerance"]],
            "key_name": f"gap_{name}_key",
            "options": [
                {
                    "value": str(row),
                    "number": row + 1,
                    "is_key": chosen == str(row),
                    "fields": self.spoken(f"gap_{name}_option_{row}"),
                }
                for row in range(self.rows[name])
            ],
        }

    def key(self) -> dict[str, Any]:
        return {"gaps": {name: self._gap(name) for name in self.rows}}

    def _gap(self, name: str) -> dict[str, Any]:
        said = self.cleaned_data
        kind = said[f"gap_{name}_kind"] or TEXT
        if kind == NUMBER:
            return {"kind": kind, "value": said[f"gap_{name}_value"], "tolerance": said[f"gap_{name}_tolerance"] or "0"}
        if kind == CHOICE:
            return {"kind": kind}
        accepted = {language: lines_of(said[f"gap_{name}_accepted_{language}"]) for language in self.languages}
        return {"kind": kind, "accepted": accepted}

    def choices(self) -> list[Choice]:
        return [choice for name in self.rows for choice in self._options(name)]

    def _options(self, name: str) -> list[Choice]:
        if self.cleaned_data[f"gap_{name}_kind"] != CHOICE:
            return []
        key = self.cleaned_data[f"gap_{name}_key"]
        rows = [Choice(self.texts(f"gap_{name}_option_{row}"), str(row) == key, name) for row in range(self.rows[name])]
        return [row for row in rows if any(row.texts.values())]
