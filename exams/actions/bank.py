"""How an item comes to be: the bank, the item, its versions and their words. Reviewing is in `reviews`.

No audit entry here carries a stem, an option or a key: the trail is read by people who must not see live items.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.actions.flaws import copy_waivers
from exams.actions.indexing import index_item, index_version
from exams.actions.translations import copy_translations, follow_source, said_by
from exams.content import Choice, VersionContent, Wording, content_of
from exams.errors import CodeTaken, NotYourBank, NotYourDraft, VersionFrozen, VersionInWork
from exams.item_types import REGISTRY
from exams.models import Item, ItemBank, ItemVersion, ItemWording, Option, OptionWording, Stimulus
from exams.rules.bank import can_administer_exams, can_discard_version, can_edit_version, can_write_items
from standards.models import Competence, Edition


@transaction.atomic
def create_bank(code: str, *, name: str, by: User) -> ItemBank:
    """A bank of the body. Raises NotYourBank, CodeTaken."""
    if not can_administer_exams(by):
        raise NotYourBank
    if ItemBank.objects.filter(code=code).exists():
        raise CodeTaken
    bank = ItemBank.objects.create(code=code, name=name)
    record("item_bank.created", bank, by=by, summary=bank.code)
    return bank


@transaction.atomic
def create_item(
    bank: ItemBank,
    *,
    code: str,
    type: str,
    competence: Competence,
    content_area: int,
    cognitive_level: str,
    edition: Edition | None = None,
    no_edition: bool = False,
    review_by: date | None = None,
    by: User,
) -> Item:
    """An item without words yet; `write_version` opens its first draft. Raises NotYourBank, CodeTaken, InvalidInput."""
    if not can_write_items(by) or not ItemBank.objects.visible_to(by).filter(pk=bank.pk).exists():
        raise NotYourBank
    if type not in REGISTRY:
        raise InvalidInput(_("There is no item type of this name."))
    _refuse_both(edition, no_edition)
    try:
        with transaction.atomic():
            item = Item.objects.create(
                bank=bank,
                code=code,
                type=type,
                competence=competence,
                edition=edition,
                no_edition=no_edition,
                review_by=review_by,
                content_area=content_area,
                cognitive_level=cognitive_level,
            )
    except IntegrityError as error:
        raise CodeTaken from error
    record("item.created", item, by=by, summary=item.code, details={"bank": bank.code, "type": type})
    return item


@transaction.atomic
def classify_item(
    item: Item,
    *,
    competence: Competence,
    content_area: int,
    cognitive_level: str,
    edition: Edition | None,
    no_edition: bool = False,
    review_by: date | None = None,
    by: User,
) -> Item:
    """Say anew where an item belongs and by when it is looked at again; papers already drawn keep what they were drawn by.

    Raises NotYourBank, InvalidInput for an edition and its absence at once (the database keeps it too).
    """
    _require_writer(item, by)
    _refuse_both(edition, no_edition)
    before = _classification(item)
    item.competence, item.content_area, item.edition = competence, content_area, edition
    item.cognitive_level, item.no_edition, item.review_by = cognitive_level, no_edition, review_by
    item.save(update_fields=["competence", "content_area", "cognitive_level", "edition", "no_edition", "review_by"])
    after = _classification(item)
    if before != after:
        record("item.classified", item, by=by, summary=item.code, details={"before": before, "after": after})
    return item


def _classification(item: Item) -> dict[str, object]:
    return {
        "competence": item.competence.code,
        "content_area": item.content_area,
        "cognitive_level": str(item.cognitive_level),
        "edition": item.edition.identifier if item.edition else None,
        "no_edition": item.no_edition,
        "review_by": item.review_by.isoformat() if item.review_by else None,
    }


def _refuse_both(edition: Edition | None, no_edition: bool) -> None:
    if edition and no_edition:
        raise InvalidInput(_("Either name the edition of a standard or say that none applies."))


@transaction.atomic
def set_enemies(item: Item, enemies: list[Item], *, by: User) -> Item:
    """The items that must not share a paper with this one; the relation holds both ways. Raises NotYourBank."""
    _require_writer(item, by)
    if any(enemy.bank_id != item.bank_id or enemy.pk == item.pk for enemy in enemies):
        raise InvalidInput(_("Choose other items of the same bank."))
    before = set(item.enemies.values_list("code", flat=True))
    item.enemies.set(enemies)
    after = {enemy.code for enemy in enemies}
    if before != after:
        record("item.enemies_set", item, by=by, summary=item.code, details={"enemies": sorted(after)})
    return item


@transaction.atomic
def write_version(item: Item, *, by: User, at: datetime | None = None) -> ItemVersion:
    """Open a draft: empty for a new item, otherwise a copy of the last version, with new option tokens.

    Raises NotYourBank, VersionInWork (one version of an item is in work at a time; the database keeps it too).
    """
    _require_writer(item, by)
    Item.objects.select_for_update().get(pk=item.pk)
    if item.versions.filter(status__in=ItemVersion.IN_WORK).exists():
        raise VersionInWork
    last = item.versions.order_by("-number").first()
    number = (item.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = ItemVersion.objects.create(item=item, number=number, written_by=by)
    if last:
        _store(version, content_of(last))
        copy_translations(last, version, by=by, at=at)
        copy_waivers(last, version)
    index_version(version)
    record("item_version.written", version, by=by, summary=str(version), at=at)
    return version


@transaction.atomic
def save_wording(version: ItemVersion, language: str, wording: Wording, *, by: User) -> ItemVersion:
    """What a draft says in one language. Raises NotYourDraft, VersionFrozen."""
    version = _open_draft(version, by)
    before = said_by(version)
    _store_wording(version, language, wording.cleaned())
    follow_source(version, before, by=by)
    index_version(version)
    return version


@transaction.atomic
def save_content(version: ItemVersion, content: VersionContent, *, by: User) -> ItemVersion:
    """All of a draft at once: words in every language, options, key and scoring. Raises NotYourDraft, VersionFrozen.

    Saving drafts leaves no audit entry of its own: what counts is recorded when the version is handed in.
    """
    version = _open_draft(version, by)
    before = said_by(version)
    _store(version, content.cleaned())
    follow_source(version, before, by=by)
    index_version(version)
    return version


@transaction.atomic
def discard_draft(version: ItemVersion, *, by: User) -> Item:
    """Throw a draft away; its item stays, with its earlier versions. Raises NotYourDraft, VersionFrozen."""
    version = ItemVersion.objects.select_for_update().select_related("item").get(pk=version.pk)
    if version.status != ItemVersion.Status.DRAFT:
        raise VersionFrozen
    if not can_discard_version(by, version):
        raise NotYourDraft
    record("item_version.discarded", version, by=by, summary=str(version))
    item = version.item
    version.delete()
    index_item(item)
    return item


def _require_writer(item: Item, by: User) -> None:
    if not can_write_items(by) or not Item.objects.visible_to(by).filter(pk=item.pk).exists():
        raise NotYourBank


def _open_draft(version: ItemVersion, by: User) -> ItemVersion:
    version = ItemVersion.objects.select_for_update().select_related("item").get(pk=version.pk)
    if version.status != ItemVersion.Status.DRAFT:
        raise VersionFrozen
    if not can_edit_version(by, version):
        raise NotYourDraft
    return version


def _store(version: ItemVersion, content: VersionContent) -> None:
    version.scoring_rule, version.points, version.minutes = content.scoring_rule, content.points, content.minutes
    version.key, version.keep_option_order = content.key, content.keep_option_order
    version.presentation, version.stimulus = content.presentation, _stimulus(version, content.stimulus)
    version.save(update_fields=["scoring_rule", "points", "minutes", "key", "keep_option_order", "presentation", "stimulus"])
    for language, wording in content.wordings.items():
        _store_wording(version, language, wording)
    version.wordings.exclude(language__in=content.wordings).delete()
    _store_choices(version, content.choices)


def _stimulus(version: ItemVersion, code: str) -> Stimulus | None:
    if not code:
        return None
    stimulus = Stimulus.objects.filter(bank=version.item.bank_id, code=code).first()
    if stimulus is None:
        raise InvalidInput(_("The bank has no stimulus %(code)s.") % {"code": code})
    return stimulus


def _store_wording(version: ItemVersion, language: str, wording: Wording) -> None:
    ItemWording.objects.update_or_create(
        version=version,
        language=language,
        defaults={
            "stem": wording.stem,
            "rationale": wording.rationale,
            "reference": wording.reference,
            "unit": wording.unit,
        },
    )


def _store_choices(version: ItemVersion, choices: tuple[Choice, ...]) -> None:
    # Written anew each time: a draft's tokens have been seen by nobody, so nothing hangs on them.
    version.options.all().delete()
    options = Option.objects.bulk_create(
        Option(version=version, position=position, is_key=choice.is_key, group=choice.group, pair=choice.pair)
        for position, choice in enumerate(choices, 1)
    )
    OptionWording.objects.bulk_create(
        OptionWording(option=option, language=language, text=text)
        for option, choice in zip(options, choices, strict=True)
        for language, text in choice.texts.items()
        if text
    )
