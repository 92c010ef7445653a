"""What people say about a version while it is on its way, and afterwards.

The text may quote the item, so the audit trail says only that there was a comment.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from exams.errors import CommentMissing, CommentSettled, NotYourBank, NotYourComment
from exams.models import ItemComment, ItemVersion
from exams.rules.reviewing import can_comment, can_settle


@transaction.atomic
def write_comment(version: ItemVersion, text: str, *, by: User, at: datetime | None = None) -> ItemComment:
    """A comment that stays open until it is settled; an open one holds the approval up. Raises NotYourBank, CommentMissing."""
    # Locked like an approval locks it: a comment comes before an approval, which it stops, or after it.
    version = ItemVersion.objects.select_for_update(of=("self",)).select_related("item").get(pk=version.pk)
    if not can_comment(by, version.item):
        raise NotYourBank
    if not text.strip():
        raise CommentMissing(_("Write what you noticed."))
    comment = ItemComment.objects.create(version=version, author=by, text=text.strip(), written_at=at or timezone.now())
    record("item_version.commented", version, by=by, summary=str(version), at=at)
    return comment


@transaction.atomic
def settle_comment(comment: ItemComment, *, by: User, at: datetime | None = None) -> ItemComment:
    """Say that it is dealt with. Raises NotYourBank, NotYourComment, CommentSettled."""
    comment = ItemComment.objects.select_for_update(of=("self",)).select_related("version__item").get(pk=comment.pk)
    if not can_comment(by, comment.version.item):
        raise NotYourBank
    if not can_settle(by, comment):
        raise NotYourComment
    if not comment.is_open:
        raise CommentSettled
    comment.settled_at, comment.settled_by = at or timezone.now(), by
    comment.save(update_fields=["settled_at", "settled_by"])
    record("item_version.comment_settled", comment.version, by=by, summary=str(comment.version), at=at)
    return comment
