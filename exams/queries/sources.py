"""What the language a version was written in first says, and which translations lag behind it."""

from __future__ import annotations

from exams.content import content_of
from exams.models import ItemVersion
from exams.translations import Words, words_in
from exams.wording import clean_html


def stale_languages(version: ItemVersion) -> set[str]:
    """The languages whose source has changed since; one query unless `translations` is prefetched."""
    return {
        translation.language
        for translation in version.translations.all()
        if translation.source_digest != version.source_digest and translation.language != version.source_language
    }


def source_words(version: ItemVersion) -> Words:
    """What the version says in its source language, its case included."""
    language = version.source_language
    return words_in(content_of(version), language, case=case_text(version, language))


def case_text(version: ItemVersion, language: str) -> str:
    if version.stimulus is None:
        return ""
    return next((clean_html(said.text) for said in version.stimulus.wordings.all() if said.language == language), "")
