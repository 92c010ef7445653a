"""From a version's content to what the rules read."""

from __future__ import annotations

from exams.content import VersionContent
from exams.flaws.contract import Said, Subject
from exams.item_types import REGISTRY
from exams.wording import undescribed_pictures, words_only

# Where options stand beside each other to be picked from; parts to order or to pair are all right.
CHOICE_TYPES = ("single_choice", "multiple_response", "true_false")


def subjects_of(content: VersionContent, type: str) -> list[Subject]:
    """One per language with a question, in one order."""
    return [_subject(content, type, language) for language in sorted(content.wordings) if content.wordings[language].stem]


def _subject(content: VersionContent, type: str, language: str) -> Subject:
    wording = content.wordings[language]
    texts = [choice.texts.get(language, "") for choice in content.choices]
    picks = type in CHOICE_TYPES
    options = [Said(number, words_only(texts[number - 1]), each.is_key) for number, each in enumerate(content.choices, 1)]
    hotspot = (
        content.presentation.get("picture") and not str((content.presentation.get("alt") or {}).get(language) or "").strip()
    )
    return Subject(
        type=type,
        language=language,
        stem=words_only(wording.stem),
        stem_html=wording.stem,
        options=tuple(option for option in options if option.text) if picks else (),
        undescribed_pictures=sum(map(undescribed_pictures, [wording.stem, *texts])) + bool(hotspot),
        keeps_order=content.keep_option_order or REGISTRY[type].keeps_order,
    )
