"""Who may release results, correct keys, and decide appeals."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Role, User
from exams.models import BoardEntry, BoardRecord, Mark, Registration, Result, ResultAppeal, SittingStaff

# From the release, or from a correction of the result, on.
APPEAL_WITHIN = timedelta(days=30)
ANSWER_WITHIN = timedelta(days=30)


def is_on_board(user: User) -> bool:
    """Certification officers and administrators draw up records, sign them, and commit re-marks."""
    return user.has_role(Role.CERTIFICATION_OFFICER, Role.ADMINISTRATOR)


def can_propose_remark(user: User) -> bool:
    """Naming another key means seeing the key: administrators may open the bank."""
    return user.has_role(Role.ADMINISTRATOR)


def is_candidate_under(user: User, record: BoardRecord) -> bool:
    return BoardEntry.objects.filter(record=record, result__attempt__registration__candidate=user).exists()


def was_examined_with(user: User, version_id: int) -> bool:
    """Whether this person has an attempt at a paper that has the version."""
    sat = Registration.objects.filter(candidate=user, attempts__paper__items__version=version_id)
    return sat.exists()


def appeal_until(result: Result) -> datetime | None:
    """When the time to appeal ends: counted from the release, or from the last correction; None while held."""
    if result.released_at is None:
        return None
    corrected = result.changes.filter(remark__status="committed").order_by("-remark__decided_at")
    moment = corrected.values_list("remark__decided_at", flat=True).first()
    return max(result.released_at, moment or result.released_at) + APPEAL_WITHIN


def took_part(user: User, result: Result) -> bool:
    """Released or signed the result, marked one of its answers, or had a duty at the sitting. A trigger says the same."""
    if result.released_by_id == user.pk:
        return True
    entry = BoardEntry.objects.filter(result=result).select_related("record").first()
    if entry is not None and user.pk in (entry.record.first_by_id, entry.record.second_by_id):
        return True
    if Mark.objects.filter(marker=user, task__attempt=result.attempt_id).exists():
        return True
    return SittingStaff.objects.filter(user=user, sitting__registrations__attempts__result=result).exists()


def can_review_appeal(user: User, appeal: ResultAppeal) -> bool:
    return is_on_board(user) and user.pk != appeal.appellant_id and not took_part(user, appeal.result)
