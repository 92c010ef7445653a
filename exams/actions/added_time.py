"""Time added while an exam runs: to one candidate or to all of a sitting, and taken back.

Locks in the order of all of exams: sitting, registrations, attempts. Deadlines move in the transaction that writes
the grant, so a save sees either both or neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.actions.audit import record
from accounts.models import User
from common.errors import NotPermitted
from exams.actions.delivery import locked_and_settled
from exams.actions.section_clocks import move_sections
from exams.clock import server_now
from exams.errors import AttemptClosed, IllegalMove, SittingCancelled, TimeNotGrantable
from exams.models import AddedTime, Attempt, Sitting, TimeGrant
from exams.rules.permissions import can_invigilate

MOST_MINUTES = 240


@transaction.atomic
def add_time(
    attempt: Attempt, *, minutes: int, category: str, note: str = "", by: User, at: datetime | None = None
) -> TimeGrant:
    """More time for one candidate. Raises NotPermitted, AttemptClosed, TimeNotGrantable."""
    at = at or server_now()
    attempt = locked_and_settled(attempt, at)
    sitting = attempt.registration.sitting
    _check(sitting, minutes, category, note, by)
    if not attempt.is_open:
        raise AttemptClosed
    grant = _grant(sitting, timedelta(minutes=minutes), category=category, note=note, by=by, at=at)
    _move([attempt], grant, {attempt.pk: grant.seconds})
    record("attempt.time_added", attempt, by=by, at=at, summary=str(attempt), details=_details(grant))
    return grant


@transaction.atomic
def add_time_to_all(
    sitting: Sitting, *, minutes: int, category: str, note: str = "", by: User, at: datetime | None = None
) -> TimeGrant:
    """More time for everybody who is writing; the sitting's end moves along, so that it cuts nobody who starts later.

    Raises NotPermitted, SittingCancelled, IllegalMove for a sitting that is closed, TimeNotGrantable.
    """
    at = at or server_now()
    sitting, attempts = _lock_all(sitting)
    _check(sitting, minutes, category, note, by)
    _refuse_unless_running(sitting, at)
    added = timedelta(minutes=minutes)
    grant = _grant(sitting, added, category=category, note=note, by=by, at=at, is_for_all=True)
    sitting.closes_at += added
    sitting.save(update_fields=["closes_at"])
    writing = [attempt for attempt in attempts if not _is_over(attempt, at)]
    _move(writing, grant, dict.fromkeys((attempt.pk for attempt in writing), grant.seconds))
    details = {**_details(grant), "attempts": len(writing)}
    record("sitting.time_added", sitting, by=by, at=at, summary=sitting.code, partner=sitting.partner, details=details)
    return grant


@transaction.atomic
def take_time_back(grant: TimeGrant, *, by: User, at: datetime | None = None) -> TimeGrant:
    """Undo a grant with a negative one: what has already been used stays, so no deadline falls before now.

    Raises NotPermitted, TimeNotGrantable when it is undone already or nothing of it is left.
    """
    at = at or server_now()
    sitting, attempts = _lock_all(grant.sitting)
    grant = TimeGrant.objects.select_for_update().get(pk=grant.pk)
    if not can_invigilate(by, sitting):
        raise NotPermitted
    if grant.undoes_id or TimeGrant.objects.filter(undoes=grant).exists():
        raise TimeNotGrantable
    given = dict(grant.parts.values_list("attempt_id", "seconds"))
    taken = {each.pk: -_still_there(each, given[each.pk], at) for each in attempts if each.pk in given}
    taken = {pk: seconds for pk, seconds in taken.items() if seconds}
    moved = _sitting_back(sitting, grant, at)
    if not taken and not moved:
        raise TimeNotGrantable
    seconds = -moved if grant.is_for_all else sum(taken.values())
    undoing = TimeGrant.objects.create(
        sitting=sitting, is_for_all=grant.is_for_all, seconds=seconds, category=grant.category, granted_by=by,
        granted_at=at, undoes=grant,
    )  # fmt: skip
    _move([each for each in attempts if each.pk in taken], undoing, taken)
    details = {**_details(undoing), "undoes": grant.pk, "attempts": len(taken)}
    record("sitting.time_taken_back", sitting, by=by, at=at, summary=sitting.code, partner=sitting.partner, details=details)
    return undoing


def _lock_all(sitting: Sitting) -> tuple[Sitting, list[Attempt]]:
    """The sitting, everybody's place in it, so that nobody starts meanwhile by the old end, and who is writing."""
    sitting = Sitting.objects.select_for_update().get(pk=sitting.pk)
    list(sitting.registrations.select_for_update().order_by("pk").values_list("pk", flat=True))
    writing = Attempt.objects.filter(registration__sitting=sitting, status__in=[Attempt.Status.OPEN, Attempt.Status.PAUSED])
    return sitting, list(writing.select_for_update(of=("self",)).order_by("pk"))


def _check(sitting: Sitting, minutes: int, category: str, note: str, by: User) -> None:
    if not can_invigilate(by, sitting):
        raise NotPermitted
    if not 0 < minutes <= MOST_MINUTES or category not in TimeGrant.Category.values or len(note) > 240:
        raise TimeNotGrantable


def _refuse_unless_running(sitting: Sitting, at: datetime) -> None:
    if sitting.status == Sitting.Status.CANCELLED:
        raise SittingCancelled
    if sitting.status == Sitting.Status.CLOSED or at < sitting.opens_at:
        raise IllegalMove


def _grant(
    sitting: Sitting, added: timedelta, *, category: str, note: str, by: User, at: datetime, is_for_all: bool = False
) -> TimeGrant:
    return TimeGrant.objects.create(
        sitting=sitting, is_for_all=is_for_all, seconds=int(added.total_seconds()), category=category,
        note=note.strip(), granted_by=by, granted_at=at,
    )  # fmt: skip


def _move(attempts: Iterable[Attempt], grant: TimeGrant, seconds: dict[int, int]) -> None:
    moved = list(attempts)
    for attempt in moved:
        by = timedelta(seconds=seconds[attempt.pk])
        attempt.closes_at, attempt.accept_until = attempt.closes_at + by, attempt.accept_until + by
        attempt.added_seconds += seconds[attempt.pk]
    Attempt.objects.bulk_update(moved, ["closes_at", "accept_until", "added_seconds"], batch_size=100)
    move_sections({each.pk: seconds[each.pk] for each in moved}, at=grant.granted_at)
    AddedTime.objects.bulk_create(AddedTime(grant=grant, attempt=each, seconds=seconds[each.pk]) for each in moved)


def _is_over(attempt: Attempt, at: datetime) -> bool:
    return attempt.status == Attempt.Status.OPEN and at > attempt.accept_until


def _still_there(attempt: Attempt, given: int, at: datetime) -> int:
    """How many of these seconds lie ahead of the attempt's clock, which stands in a pause."""
    now = attempt.paused_at or at
    return max(0, min(given, int((attempt.closes_at - now).total_seconds())))


def _sitting_back(sitting: Sitting, grant: TimeGrant, at: datetime) -> int:
    """Move the sitting's end back by what is ahead of now; returns the seconds."""
    if not grant.is_for_all or sitting.status != Sitting.Status.PLANNED:
        return 0
    back = max(0, min(grant.seconds, int((sitting.closes_at - at).total_seconds())))
    if back:
        sitting.closes_at -= timedelta(seconds=back)
        sitting.save(update_fields=["closes_at"])
    return back


def _details(grant: TimeGrant) -> dict[str, object]:
    """Never the note: it may tell of a person's health."""
    return {"seconds": grant.seconds, "category": grant.category}
