"""What a version says and how it scores, apart from any row: one shape for editor, import, copy and comparison."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings

from exams.models import ItemVersion
from exams.wording import clean_html


def offered_languages() -> list[str]:
    """The languages every live item speaks."""
    return [code for code, _name in settings.LANGUAGES]


@dataclass(frozen=True)
class Wording:
    """What a version says in one language, as HTML."""

    stem: str = ""
    rationale: str = ""
    reference: str = ""
    unit: str = ""

    def cleaned(self) -> Wording:
        return Wording(
            clean_html(self.stem).strip(), clean_html(self.rationale).strip(), self.reference.strip(), self.unit.strip()
        )


@dataclass(frozen=True)
class Choice:
    """One option: its text per language, as HTML, whether it is a key, and for matching and gaps where it belongs.

    Matching: `group` is "left" or "right", and a left and its right carry the same `pair`. Cloze: `group` is the gap.
    """

    texts: dict[str, str] = field(default_factory=dict)
    is_key: bool = False
    group: str = ""
    pair: int | None = None

    def cleaned(self) -> Choice:
        texts = {language: clean_html(text).strip() for language, text in self.texts.items()}
        return Choice(texts, self.is_key, self.group, self.pair)


@dataclass(frozen=True)
class VersionContent:
    """All of a version that its writer decides.

    `key` is for what options cannot say, by type (docs/item_types.md); `presentation` is what candidates see that is
    neither words nor key; `stimulus` is the code of one in the item's bank.
    """

    wordings: dict[str, Wording] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    key: dict[str, Any] = field(default_factory=dict)
    scoring_rule: str = ItemVersion.ScoringRule.ALL_OR_NOTHING
    points: int = 1
    minutes: Decimal = Decimal("1.0")
    keep_option_order: bool = False
    presentation: dict[str, Any] = field(default_factory=dict)
    stimulus: str = ""

    def cleaned(self) -> VersionContent:
        """The same through the allow-list, languages in one order: what is stored and compared."""
        return VersionContent(
            {language: self.wordings[language].cleaned() for language in sorted(self.wordings)},
            tuple(choice.cleaned() for choice in self.choices),
            self.key,
            str(self.scoring_rule),
            self.points,
            Decimal(self.minutes).quantize(Decimal("0.1")),
            self.keep_option_order,
            self.presentation,
            self.stimulus,
        )

    def as_values(self) -> dict[str, Any]:
        return {**asdict(self), "choices": [asdict(choice) for choice in self.choices], "minutes": str(self.minutes)}


def content_of(version: ItemVersion) -> VersionContent:
    """What a stored version says; three queries unless its wordings and options are prefetched."""
    return VersionContent(
        {
            wording.language: Wording(wording.stem, wording.rationale, wording.reference, wording.unit)
            for wording in version.wordings.all()
        },
        tuple(
            Choice(
                {wording.language: wording.text for wording in option.wordings.all()},
                option.is_key,
                option.group,
                option.pair,
            )
            for option in sorted(version.options.all(), key=lambda option: option.position)
        ),
        version.key or {},
        version.scoring_rule,
        version.points,
        version.minutes,
        version.keep_option_order,
        version.presentation or {},
        version.stimulus.code if version.stimulus else "",
    ).cleaned()
