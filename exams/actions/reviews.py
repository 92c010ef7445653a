"""How a version becomes live: handed in, found right by a subject and then a language reviewer, one day retired.

Neither reviewer is its writer (the database keeps that too); both may be the same person.
"""

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
    CommentsOpen,
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

Status, Stage, Finding = ItemVersion.Status, ItemReview.Stage, ItemReview.Finding
STAGES = {Status.SUBJECT_REVIEW: Stage.SUBJECT, Status.LANGUAGE_REVIEW: Stage.LANGUAGE}


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
    version.status = Status.SUBJECT_REVIEW
    version.save(update_fields=["status"])
    record("item_version.submitted", version, by=by, summary=str(version), at=at)
    return version


@transaction.atomic
def approve_subject(version: ItemVersion, *, by: User, comment: str = "", at: datetime | None = None) -> ItemVersion:
    """The subject reviewer's yes: on to the language reviewer.

    Raises NotYourBank, NotInReview, AuthorCannotApprove (the database keeps it too), CommentsOpen.
    """
    moment = at or timezone.now()
    version = _under_review(version, by, Status.SUBJECT_REVIEW)
    _require_settled(version)
    version.status, version.subject_reviewed_by, version.subject_reviewed_at = Status.LANGUAGE_REVIEW, by, moment
    version.save(update_fields=["status", "subject_reviewed_by", "subject_reviewed_at"])
    _find(version, Finding.APPROVED, comment, stage=Stage.SUBJECT, by=by, at=moment)
    record("item_version.subject_approved", version, by=by, summary=str(version), at=at)
    return version


@transaction.atomic
def approve_version(version: ItemVersion, *, by: User, comment: str = "", at: datetime | None = None) -> ItemVersion:
    """The language reviewer's yes, for every language it is worded in: the version is live.

    The item's earlier live version retires in the same moment; sealed papers keep it. Raises NotYourBank, NotInReview,
    AuthorCannotApprove (the database keeps it too), CommentsOpen, ItemIncomplete.
    """
    moment = at or timezone.now()
    version = _under_review(version, by, Status.LANGUAGE_REVIEW)
    _require_settled(version)
    _require_complete(version)
    for earlier in version.item.versions.filter(status__in=ItemVersion.LIVE).select_for_update():
        retire(earlier, by=by, reason=_("replaced by version %(number)s") % {"number": version.number}, at=moment)
    version.status, version.approved_by, version.approved_at = Status.APPROVED, by, moment
    version.save(update_fields=["status", "approved_by", "approved_at"])
    _find(version, Finding.APPROVED, comment, stage=Stage.LANGUAGE, by=by, at=moment)
    record("item_version.approved", version, by=by, summary=str(version), at=at)
    return version


@transaction.atomic
def send_back(version: ItemVersion, *, comment: str, by: User, at: datetime | None = None) -> ItemVersion:
    """Return a version from either stage to its writer with a comment; it begins again with the subject reviewer.

    Raises NotYourBank, NotInReview, AuthorCannotApprove, CommentMissing.
    """
    version = _under_review(version, by, *ItemVersion.IN_REVIEW)
    if not comment.strip():
        raise CommentMissing
    stage = STAGES[Status(version.status)]
    version.status, version.subject_reviewed_by, version.subject_reviewed_at = Status.DRAFT, None, None
    version.save(update_fields=["status", "subject_reviewed_by", "subject_reviewed_at"])
    _find(version, Finding.SENT_BACK, comment, stage=stage, by=by, at=at or timezone.now())
    record("item_version.sent_back", version, by=by, summary=str(version), details={"stage": str(stage)}, at=at)
    return version


@transaction.atomic
def retire_version(version: ItemVersion, *, reason: str, by: User, at: datetime | None = None) -> ItemVersion:
    """Take a live version out of use: no new paper draws it. Raises NotYourBank, NotApproved, CommentMissing."""
    version = _locked(version)
    if version.status not in ItemVersion.LIVE:
        raise NotApproved
    if not can_retire_version(by, version):
        raise NotYourBank
    if not reason.strip():
        raise CommentMissing(_("Say why this version is retired."))
    retire(version, by=by, reason=reason, at=at or timezone.now())
    return version


def retire(version: ItemVersion, *, by: User | None, reason: str, at: datetime) -> None:
    """The move itself, for those who have checked that it may be made; `by` nobody: a rule of the bank."""
    version.status, version.rests_until = Status.RETIRED, None
    version.save(update_fields=["status", "rests_until"])
    _find(version, Finding.RETIRED, reason, stage="", by=by, at=at)
    record("item_version.retired", version, by=by, summary=str(version), at=at)


def _locked(version: ItemVersion) -> ItemVersion:
    return ItemVersion.objects.select_for_update(of=("self",)).select_related("item").get(pk=version.pk)


def _under_review(version: ItemVersion, by: User, *stages: str) -> ItemVersion:
    version = _locked(version)
    if not can_review_items(by) or not Item.objects.visible_to(by).filter(pk=version.item_id).exists():
        raise NotYourBank
    if version.status not in stages:
        raise NotInReview
    if version.written_by_id == by.pk:
        raise AuthorCannotApprove
    return version


def _require_settled(version: ItemVersion) -> None:
    count = version.comments.filter(settled_at=None).count()
    if count:
        raise CommentsOpen(count=count)


def _require_complete(version: ItemVersion) -> None:
    missing = missing_parts(version)
    if missing:
        raise ItemIncomplete(" ".join(missing), problems=missing)


def _find(version: ItemVersion, finding: str, comment: str, *, stage: str, by: User | None, at: datetime) -> None:
    ItemReview.objects.create(
        version=version, stage=stage, reviewer=by, finding=finding, comment=comment.strip(), reviewed_at=at
    )
