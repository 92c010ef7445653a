"""The texts that several items are about: written, changed while no item about them is live, and taken away unused."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.actions.indexing import index_version
from exams.actions.translations import follow_source, said_by
from exams.content import offered_languages
from exams.errors import CodeTaken, NotYourBank, StimulusFrozen
from exams.models import ItemBank, ItemVersion, Stimulus, StimulusWording
from exams.rules.bank import can_write_items
from exams.wording import clean_html, has_content


@transaction.atomic
def create_stimulus(bank: ItemBank, *, code: str, texts: Mapping[str, str], by: User) -> Stimulus:
    """A case of the bank with its words per language, as HTML. Raises NotYourBank, CodeTaken, InvalidInput."""
    _require_writer(bank.pk, by)
    if not code.strip() or len(code) > 40:
        raise InvalidInput(_("Give the case a code of up to 40 characters."))
    try:
        with transaction.atomic():
            stimulus = Stimulus.objects.create(bank=bank, code=code.strip())
    except IntegrityError as error:
        raise CodeTaken from error
    _store(stimulus, texts)
    record("stimulus.created", stimulus, by=by, summary=stimulus.code, details={"bank": bank.code})
    return stimulus


@transaction.atomic
def save_stimulus(stimulus: Stimulus, texts: Mapping[str, str], *, by: User) -> Stimulus:
    """Its words in every language, whole. Raises NotYourBank, StimulusFrozen (the database keeps it too), InvalidInput."""
    stimulus = _locked(stimulus, by)
    if is_frozen(stimulus):
        raise StimulusFrozen
    about = [(version, said_by(version)) for version in stimulus.versions.select_related("item__bank", "stimulus")]
    _store(stimulus, texts)
    for version, before in about:
        follow_source(version, before, by=by)
        index_version(version)
    record("stimulus.changed", stimulus, by=by, summary=stimulus.code)
    return stimulus


@transaction.atomic
def remove_stimulus(stimulus: Stimulus, *, by: User) -> None:
    """Take a case away that no version is about. Raises NotYourBank, InvalidInput."""
    stimulus = _locked(stimulus, by)
    if stimulus.versions.exists():
        raise InvalidInput(_("Items are about this case, so it stays."))
    record("stimulus.removed", stimulus, by=by, summary=stimulus.code)
    stimulus.delete()


def is_frozen(stimulus: Stimulus) -> bool:
    return stimulus.versions.filter(status__in=ItemVersion.FROZEN).exists()


def _require_writer(bank_id: int, by: User) -> None:
    if not can_write_items(by) or not ItemBank.objects.visible_to(by).filter(pk=bank_id).exists():
        raise NotYourBank


def _locked(stimulus: Stimulus, by: User) -> Stimulus:
    stimulus = Stimulus.objects.select_for_update().get(pk=stimulus.pk)
    _require_writer(stimulus.bank_id, by)
    return stimulus


def _store(stimulus: Stimulus, texts: Mapping[str, str]) -> None:
    cleaned = {language: clean_html(text).strip() for language, text in texts.items()}
    if not set(cleaned) <= set(offered_languages()) or not any(map(has_content, cleaned.values())):
        raise InvalidInput(_("Write what the case says."))
    stimulus.wordings.exclude(language__in=[language for language, text in cleaned.items() if has_content(text)]).delete()
    for language, text in cleaned.items():
        if has_content(text):
            StimulusWording.objects.update_or_create(stimulus=stimulus, language=language, defaults={"text": text})
