"""Who may, in the item bank and in exam administration."""

from __future__ import annotations

from accounts.models import Role, User
from exams.models import ItemVersion


def can_see_bank(user: User) -> bool:
    return user.has_role(Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR)


def can_write_items(user: User) -> bool:
    return user.has_role(Role.ITEM_WRITER)


def can_review_items(user: User) -> bool:
    return user.has_role(Role.ITEM_REVIEWER)


def can_administer_exams(user: User) -> bool:
    return user.has_role(Role.ADMINISTRATOR)


def can_edit_version(user: User, version: ItemVersion) -> bool:
    """A draft belongs to its writer: were several people to write it, who may approve it would be unclear."""
    return can_write_items(user) and version.status == ItemVersion.Status.DRAFT and version.written_by_id == user.pk


def can_discard_version(user: User, version: ItemVersion) -> bool:
    """Its writer, or an administrator when the writer has left."""
    own = can_write_items(user) and version.written_by_id == user.pk
    return version.status == ItemVersion.Status.DRAFT and (own or can_administer_exams(user))


def can_decide_on_version(user: User, version: ItemVersion) -> bool:
    return version.status in version.IN_REVIEW and can_review_items(user) and version.written_by_id != user.pk


def can_retire_version(user: User, version: ItemVersion) -> bool:
    return version.status in ItemVersion.LIVE and user.has_role(Role.ITEM_REVIEWER, Role.ADMINISTRATOR)


def can_see_keys(user: User) -> bool:
    """Which option is right, and how options were chosen: whoever may open the bank anyway, and nobody else."""
    return can_see_bank(user)


def can_ask_for_report(user: User) -> bool:
    return can_administer_exams(user)
