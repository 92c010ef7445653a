"""Who may comment and settle, and when an item is due to be looked at again."""

from __future__ import annotations

import calendar
from datetime import date

from django.utils import timezone

from accounts.models import Role, User
from exams.models import Item, ItemComment, ItemVersion
from exams.rules.bank import can_administer_exams, can_see_bank

# What a form proposes; the writer may choose another day.
MONTHS_UNTIL_REVIEW = 24


def proposed_review(start: date | None = None) -> date:
    """The same day 24 months later, or the last of that month."""
    start = start or timezone.localdate()
    month = start.month - 1 + MONTHS_UNTIL_REVIEW
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def can_comment(user: User, item: Item) -> bool:
    return can_see_bank(user) and Item.objects.visible_to(user).filter(pk=item.pk).exists()


def can_settle(user: User, comment: ItemComment) -> bool:
    """Whoever wrote it, the writer of the version, or an administrator when both are gone."""
    return user.pk in (comment.author_id, comment.version.written_by_id) or can_administer_exams(user)


def can_rest_version(user: User, version: ItemVersion) -> bool:
    """Reviewers and administrators, as with retiring; what state it is in is the action's to say."""
    return user.has_role(Role.ITEM_REVIEWER, Role.ADMINISTRATOR) and can_comment(user, version.item)
