"""What a version still lacks, in words for its writer."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from exams.content import VersionContent, content_of, offered_languages
from exams.item_types import REGISTRY, Key, key_of
from exams.models import Item, ItemVersion
from exams.queries.pictures import missing_pictures
from exams.queries.sources import case_text, stale_languages
from exams.translations import is_absent
from exams.wording import has_content, picture_named, pictures_in, undescribed_pictures


def language_name(code: str) -> str:
    """A language as readers of the site call it."""
    names = {"en": _("English"), "zh-hans": _("Chinese")}
    return names.get(code) or dict(settings.LANGUAGES).get(code, code)


def missing_parts(version: ItemVersion) -> list[str]:
    """One sentence per gap; empty when the version can go to review."""
    content, kind, key = content_of(version), REGISTRY[version.item.type], key_of(version)
    missing = [str(problem) for problem in kind.problems(key)]
    if content.scoring_rule not in kind.rules:
        missing.append(_("An item of this type cannot be scored by this rule."))
    missing += missing_metadata(version.item)
    for language in offered_languages():
        # A translation that nobody has begun is no gap: the version is then not sealed in that language.
        if language == version.source_language or not is_absent(content, language, version.item.type):
            missing += missing_in(language, content, version.item.type, key, _case(version, language))
            missing += _missing_reference(content, language)
    if missing_pictures(version.item.bank_id, _pictures_of(version, content)):
        missing.append(_("A picture that is shown is not among the pictures of this bank."))
    return missing


def missing_metadata(item: Item) -> list[str]:
    """What the item itself has to say before a version of it is approved."""
    missing = []
    if not item.cognitive_level:
        missing.append(_("Say which cognitive level the item asks for."))
    if item.edition_id is None and not item.no_edition:
        missing.append(_("Name the edition of the standard the item rests on, or say that none applies."))
    if item.review_by is None:
        missing.append(_("Say by when the item is to be reviewed again."))
    elif item.review_by <= timezone.localdate():
        missing.append(_("The day by which the item is to be reviewed again is over."))
    return missing


def _missing_reference(content: VersionContent, language: str) -> list[str]:
    """Told apart from the words: a translation without its reference can still be read."""
    wording = content.wordings.get(language)
    if wording is None or not has_content(wording.stem) or wording.reference.strip():
        return []
    return [_("The reference is missing in %(language)s.") % {"language": language_name(language)}]


def complete_languages(version: ItemVersion) -> list[str]:
    """The languages in which question, rationale, every option and the case are worded, and say what the source says."""
    content, key, stale = content_of(version), key_of(version), stale_languages(version)
    return [
        code
        for code in offered_languages()
        if code not in stale and not missing_in(code, content, version.item.type, key, _case(version, code))
    ]


def missing_in(language: str, content: VersionContent, type: str, key: Key, case: str | None) -> list[str]:
    """The gaps of one language; `case` is what the stimulus says in it, None where there is none."""
    words = {"language": language_name(language)}
    wording = content.wordings.get(language)
    if wording is None or not has_content(wording.stem):
        return [_("The question is missing in %(language)s.") % words]
    missing = []
    if not has_content(wording.rationale):
        missing.append(_("The rationale is missing in %(language)s.") % words)
    texts = [(choice.group, choice.texts.get(language, "")) for choice in content.choices]
    if not all(has_content(text) for _group, text in texts):
        missing.append(_("An option has no text in %(language)s.") % words)
    elif len({(group, _comparable(text)) for group, text in texts}) < len(texts):
        missing.append(_("Two options read the same in %(language)s.") % words)
    problems = REGISTRY[type].problems_in(language, wording.stem, key)
    missing += [f"{language_name(language)}: {problem}" for problem in problems]
    if case is not None and not has_content(case):
        missing.append(_("The case has no text in %(language)s.") % words)
    if any(undescribed_pictures(html) for html in (wording.stem, wording.rationale, case or "", *(text for _g, text in texts))):
        missing.append(_("A picture has no description in words in %(language)s.") % words)
    return missing


def _case(version: ItemVersion, language: str) -> str | None:
    """What the version's stimulus says, cleaned; None when it is about none."""
    return None if version.stimulus is None else case_text(version, language)


def _pictures_of(version: ItemVersion, content: VersionContent) -> set[str]:
    texts = [text for wording in content.wordings.values() for text in (wording.stem, wording.rationale)]
    texts += [text for choice in content.choices for text in choice.texts.values()]
    texts += [case_text(version, language) for language in offered_languages()]
    shown = picture_named(f"picture:{content.presentation.get('picture')}")
    return {uuid for text in texts for uuid in pictures_in(text)} | ({shown} if shown else set())


def _comparable(html: str) -> str:
    """What two options must not share: their words, and the pictures and formulas in them as they are."""
    return html.casefold() if "<img" in html or "<math" in html else strip_tags(html).casefold()
