"""Flaws are mended, or waived with a reason, before a version is handed in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from exams.errors import CommentMissing, FlawsOpen, NotYourDraft, VersionFrozen
from exams.models import FlawWaiver, ItemVersion
from exams.queries.flaws import flaws_of, open_flaws, words_digest
from exams.rules.bank import can_edit_version


@transaction.atomic
def waive_flaw(version: ItemVersion, rule: str, *, reason: str, by: User, at: datetime | None = None) -> FlawWaiver:
    """Say why a draft may break a rule; for its words as they stand. The audit trail has the rule, never the reason,
    which may quote the item. Raises VersionFrozen, NotYourDraft, CommentMissing, InvalidInput."""
    version = _own_draft(version, by)
    if not reason.strip():
        raise CommentMissing(_("Say why this version may stay as it is."))
    if rule not in {line.rule for line in flaws_of(version)}:
        raise InvalidInput(_("This version does not break this rule."))
    waiver, _created = FlawWaiver.objects.update_or_create(
        version=version,
        rule=rule,
        defaults={
            "reason": reason.strip()[:500],
            "words_digest": words_digest(version),
            "by": by,
            "at": at or timezone.now(),
        },
    )
    _found_anew(version)
    record("item_version.flaw_waived", version, by=by, summary=str(version), details={"rule": rule}, at=at)
    return waiver


@transaction.atomic
def withdraw_waiver(version: ItemVersion, rule: str, *, by: User, at: datetime | None = None) -> ItemVersion:
    """Take a reason back. Raises VersionFrozen, NotYourDraft."""
    version = _own_draft(version, by)
    if version.flaw_waivers.filter(rule=rule).delete()[0]:
        _found_anew(version)
        record("item_version.waiver_withdrawn", version, by=by, summary=str(version), details={"rule": rule}, at=at)
    return version


def copy_waivers(last: ItemVersion, version: ItemVersion) -> None:
    """A copy has the same words, so its waivers hold, with who gave them and when; they end with the words."""
    FlawWaiver.objects.bulk_create(
        FlawWaiver(
            version=version,
            rule=waiver.rule,
            reason=waiver.reason,
            words_digest=waiver.words_digest,
            by_id=waiver.by_id,
            at=waiver.at,
        )
        for waiver in last.flaw_waivers.all()
    )


def require_sound(version: ItemVersion) -> None:
    """Raises FlawsOpen, which says what was found, one sentence each."""
    found = open_flaws(version)
    if found:
        sentences = [line.sentence for line in found]
        rules = sorted({line.rule for line in found})
        raise FlawsOpen(f"{FlawsOpen.message} {' '.join(sentences)}", problems=sentences, rules=rules)


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
