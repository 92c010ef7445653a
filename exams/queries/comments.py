"""The comments of a version, as its page shows them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from exams.models import ItemComment, ItemVersion
from exams.rules.reviewing import can_settle


def thread_of(version: ItemVersion, user: User) -> list[dict[str, Any]]:
    """Every comment from the first on, and whether this person may settle it; one query."""
    comments = version.comments.select_related("author", "settled_by", "version")
    return [{"comment": each, "can_settle": each.is_open and can_settle(user, each)} for each in comments]


def open_comments(version: ItemVersion) -> QuerySet[ItemComment]:
    return version.comments.filter(settled_at=None).select_related("author")
