"""How a version becomes live: handed in, looked at by somebody else, approved or sent back, one day retired."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from exams.actions.flaws import require_sound
from exams.errors import (
    AuthorCannotApprove,
    CommentMissing,
    ItemIncomplete,
    NotApproved,
    NotInReview,
    NotYourBank,
    NotYourDraft,
    VersionFrozen,
)
from exams.models import Item, ItemReview, ItemVersion
from exams.queries.readiness import missing_parts
from exams.rules.bank import can_edit_version, can_retire_version, can_review_items

Status = ItemVersion.Status


@transaction.atomic
def submit_for_review(version: ItemVersion, *, by: User, at: datetime | None = None) -> ItemVersion:
    """Hand a draft to the reviewers. Raises VersionFrozen, NotYourDraft, ItemIncomplete and FlawsOpen (which say what)."""
    version = _locked(version)
    if version.status != Status.DRAFT:
        raise VersionFrozen
    if not can_edit_version(by, version):
        raise NotYourDraft
    _require_complete(version)
    require_sound(version)
    version.status = Status.IN_REVIEW
    version.save(update_fields=["status"])
    record("item_version.submitted", version, by=by, summary=str(version), at=at)
    return version


@transaction.atomic
def approve_version(version: ItemVersion, *, by: User, comment: str = "", at: datetime | None = None) -> ItemVersion:
    """Make a version live. The item's earlier live version retires in the same moment; sealed papers keep it.

    Raises NotYourBank, NotInReview, AuthorCannotApprove (the database keeps it too), ItemIncomplete.
    """
    moment = at or timezone.now()
    version = _under_review(version, by)
    _require_complete(version)
    for earlier in version.item.versions.filter(status=Status.APPROVED).select_for_update():
        _retire(earlier, by=by, reason=_("replaced by version %(number)s") % {"number": version.number}, at=moment)
    version.status, version.approved_by, version.approved_at = Status.APPROVED, by, moment
    version.save(update_fields=["status", "approved_by", "approved_at"])
    _find(version, ItemReview.Finding.APPROVED, comment, by=by, at=moment)
    record("item_version.approved", version, by=by, summary=str(version), at=at)
    return version


@transaction.atomic
def send_back(version: ItemVersion, *, comment: str, by: User, at: datetime | None = None) -> ItemVersion:
    """Return a version to its writer with a comment. Raises NotYourBank, NotInReview, AuthorCannotApprove, CommentMissing."""
    version = _under_review(version, by)
    if not comment.strip():
        raise CommentMissing
    version.status = Status.DRAFT
    version.save(update_fields=["status"])
    _find(version, ItemReview.Finding.SENT_BACK, comment, by=by, at=at or timezone.now())
    record("item_version.sent_back", version, by=by, summary=str(version), at=at)
    return version


@transaction.atomic
def retire_version(version: ItemVersion, *, reason: str, by: User, at: datetime | None = None) -> ItemVersion:
    """Take a live version out of use: no new paper draws it. Raises NotYourBank, NotApproved, CommentMissing."""
    version = _locked(version)
    if version.status != Status.APPROVED:
        raise NotApproved
    if not can_retire_version(by, version):
        raise NotYourBank
    if not reason.strip():
        raise CommentMissing(_("Say why this version is retired."))
    _retire(version, by=by, reason=reason, at=at or timezone.now())
    return version


def _retire(version: ItemVersion, *, by: User, reason: str, at: datetime) -> None:
    version.status = Status.RETIRED
    version.save(update_fields=["status"])
    _find(version, ItemReview.Finding.RETIRED, reason, by=by, at=at)
    record("item_version.retired", version, by=by, summary=str(version), at=at)


def _locked(version: ItemVersion) -> ItemVersion:
    return ItemVersion.objects.select_for_update().select_related("item").get(pk=version.pk)


def _under_review(version: ItemVersion, by: User) -> ItemVersion:
    version = _locked(version)
    if not can_review_items(by) or not Item.objects.visible_to(by).filter(pk=version.item_id).exists():
        raise NotYourBank
    if version.status != Status.IN_REVIEW:
        raise NotInReview
    if version.written_by_id == by.pk:
        raise AuthorCannotApprove
    return version


def _require_complete(version: ItemVersion) -> None:
    missing = missing_parts(version)
    if missing:
        raise ItemIncomplete(" ".join(missing), problems=missing)


def _find(version: ItemVersion, finding: str, comment: str, *, by: User, at: datetime) -> None:
    ItemReview.objects.create(version=version, reviewer=by, finding=finding, comment=comment.strip(), reviewed_at=at)
