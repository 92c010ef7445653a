"""What a version still lacks, in words for its writer."""

from __future__ import annotations

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from exams.content import VersionContent, content_of, offered_languages
from exams.item_types import REGISTRY, key_of
from exams.models import ItemVersion


def language_name(code: str) -> str:
    """A language as readers of the site call it."""
    names = {"en": _("English"), "zh-hans": _("Chinese")}
    return names.get(code) or dict(settings.LANGUAGES).get(code, code)


def missing_parts(version: ItemVersion) -> list[str]:
    """One sentence per gap; empty when the version can go to review."""
    content = content_of(version)
    missing = [str(problem) for problem in REGISTRY[version.item.type].problems(key_of(version))]
    for language in offered_languages():
        missing += _missing_in(content, language, has_options=REGISTRY[version.item.type].has_options)
    return missing


def complete_languages(version: ItemVersion) -> list[str]:
    """The languages in which question, rationale and every option are worded."""
    content, has_options = content_of(version), REGISTRY[version.item.type].has_options
    return [language for language in offered_languages() if not _missing_in(content, language, has_options=has_options)]


def _missing_in(content: VersionContent, language: str, *, has_options: bool) -> list[str]:
    words = {"language": language_name(language)}
    wording = content.wordings.get(language)
    if wording is None or not says_something(wording.stem):
        return [_("The question is missing in %(language)s.") % words]
    missing = []
    if not says_something(wording.rationale):
        missing.append(_("The rationale is missing in %(language)s.") % words)
    if has_options:
        texts = [choice.texts.get(language, "") for choice in content.choices]
        if not all(says_something(text) for text in texts):
            missing.append(_("An option has no text in %(language)s.") % words)
        elif len({strip_tags(text).casefold() for text in texts}) < len(texts):
            missing.append(_("Two options read the same in %(language)s.") % words)
    return missing


def says_something(html: str) -> bool:
    return bool(strip_tags(html).strip())
