"""Keeping translations beside their source: marked when written, stale when the source moves on, confirmed by a person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.content import VersionContent, content_of, offered_languages
from exams.errors import NotYourDraft, VersionFrozen
from exams.models import ItemVersion, Translation
from exams.queries.sources import source_words
from exams.rules.bank import can_edit_version
from exams.translations import Words, digest_of, is_absent, words_in

Said = dict[str, Words]
How = Translation.How


def said_by(version: ItemVersion) -> Said:
    """What a version says in every language, its case in the source; taken before it is changed."""
    content = content_of(version)
    said = {language: words_in(content, language) for language in offered_languages()}
    return {**said, version.source_language: source_words(version)}


def follow_source(version: ItemVersion, before: Said, *, by: User | None, at: datetime | None = None) -> None:
    """After a draft's words changed: whichever translation was written anew is fresh, the others may be stale now."""
    content = content_of(version)
    spoken = [code for code in offered_languages() if not is_absent(content, code, version.item.type)]
    was = version.source_language
    if spoken and was not in spoken:
        version.source_language = spoken[0]
    source, now = version.source_language, source_words(version)
    version.source_digest = digest_of(now)
    version.save(update_fields=["source_language", "source_digest"])
    version.translations.exclude(language__in=set(spoken) - {source}).delete()
    marks = {translation.language: translation for translation in version.translations.all()}
    then = before[source]
    for language in spoken:
        if language == source:
            continue
        written = digest_of(words_in(content, language)) != digest_of(_without_case(before[language]))
        mark = marks.get(language)
        if written or was != source:
            mark_fresh(version, language, How.WRITTEN, by=by, at=at)
        elif mark is None:
            # From before translations were followed: it was looked at beside the source as it was until now.
            _leave_behind(Translation(version=version, language=language, how=How.WRITTEN, by=by), then, at)
        elif mark.source_digest == version.source_digest:
            _forget_change(mark)
        elif mark.source_digest == digest_of(then):
            _leave_behind(mark, then, at)


def _without_case(words: Words) -> Words:
    return {part: text for part, text in words.items() if part != "case"}


def _leave_behind(mark: Translation, then: Words, at: datetime | None) -> None:
    mark.source_digest, mark.source_words = digest_of(then), then
    mark.at = mark.at or at or timezone.now()
    mark.save()


def _forget_change(mark: Translation) -> None:
    """The source says again what was translated."""
    if mark.source_words:
        mark.source_words = {}
        mark.save(update_fields=["source_words"])


def mark_fresh(version: ItemVersion, language: str, how: str, *, by: User | None, at: datetime | None = None) -> None:
    Translation.objects.update_or_create(
        version=version,
        language=language,
        defaults={
            "source_digest": version.source_digest,
            "source_words": {},
            "how": how,
            "by": by,
            "at": at or timezone.now(),
        },
    )


def copy_translations(last: ItemVersion, version: ItemVersion, *, by: User, at: datetime | None = None) -> None:
    """A new draft's translations are as far behind, or as fresh, as those it was copied from."""
    version.source_language = last.source_language
    version.source_digest = digest_of(source_words(version))
    version.save(update_fields=["source_language", "source_digest"])
    content = content_of(version)
    marks = {translation.language: translation for translation in last.translations.all()}
    for language in offered_languages():
        if language == version.source_language or is_absent(content, language, version.item.type):
            continue
        mark = marks.get(language)
        if mark is None:
            mark_fresh(version, language, How.WRITTEN, by=by, at=at)
            continue
        mark.pk, mark.version = None, version
        mark._state.adding = True
        mark.save()


@transaction.atomic
def confirm_translation(version: ItemVersion, language: str, *, by: User, at: datetime | None = None) -> ItemVersion:
    """The writer has compared: the translation still says what the source says. Of a fresh one nothing changes.

    Raises VersionFrozen, NotYourDraft, InvalidInput."""
    version = _own_draft(version, by)
    if language == version.source_language or is_absent(content_of(version), language, version.item.type):
        raise InvalidInput(_("There is no translation in this language."))
    mark = version.translations.filter(language=language).first()
    if mark is None or mark.source_digest != version.source_digest:
        mark_fresh(version, language, How.CONFIRMED, by=by, at=at)
        _found_anew(version)
        details = {"language": language, "source": version.source_digest}
        record("item_version.translation_confirmed", version, by=by, summary=str(version), details=details, at=at)
    return version


@transaction.atomic
def set_source_language(version: ItemVersion, language: str, *, by: User, at: datetime | None = None) -> ItemVersion:
    """Say which language was written first. A fresh translation and its source change places; a stale one stays behind.

    Raises VersionFrozen, NotYourDraft, InvalidInput."""
    version = _own_draft(version, by)
    content, was = content_of(version), version.source_language
    if language not in offered_languages() or is_absent(content, language, version.item.type):
        raise InvalidInput(_("Nothing is written in this language yet."))
    if language == was:
        return version
    stale = version.translations.stale().filter(language=language).exists()
    version.source_language = language
    version.source_digest = digest_of(source_words(version))
    version.save(update_fields=["source_language", "source_digest"])
    version.translations.filter(language=language).delete()
    for code in offered_languages():
        if code == language or is_absent(content, code, version.item.type):
            continue
        mark_fresh(version, code, How.WRITTEN, by=by, at=at)
        if stale or code != was:
            # It does not say what stands here now; what it says differently, nobody has recorded.
            known = {"source_digest": digest_of({"before": was}), "source_words": source_words(version)}
            version.translations.filter(language=code).update(**known)
    _found_anew(version)
    details = {"from": was, "to": language}
    record("item_version.source_language_set", version, by=by, summary=str(version), details=details, at=at)
    return version


def stamp_imported(versions: list[tuple[ItemVersion, VersionContent]], *, by: User | None, at: datetime) -> list[Translation]:
    """For an import: the marks of languages that came together in one file, which are fresh; not stored yet."""
    return [
        Translation(version=version, language=language, source_digest=version.source_digest, how=How.IMPORTED, by=by, at=at)
        for version, content in versions
        for language in content.wordings
        if language != version.source_language and not is_absent(content, language, version.item.type)
    ]


def _own_draft(version: ItemVersion, by: User) -> ItemVersion:
    version = ItemVersion.objects.select_for_update(of=("self",)).select_related("item", "stimulus").get(pk=version.pk)
    if version.status != ItemVersion.Status.DRAFT:
        raise VersionFrozen
    if not can_edit_version(by, version):
        raise NotYourDraft
    return version


def _found_anew(version: ItemVersion) -> None:
    from exams.actions.indexing import index_version

    index_version(version)
