"""What whoever watches a sitting sees: who is where, how long they have, and what they are entitled to, never why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import Role, User
from exams.effects import effects_of
from exams.models import Attempt, AttemptBreak, Registration, Sitting, SittingStaff
from exams.rules.deadlines import conditions_of

# Invigilators come in so long before the sitting and may look so long after it.
BEFORE, AFTER = timedelta(minutes=30), timedelta(minutes=60)


class Seat(NamedTuple):
    """One candidate's place. `word` is one of waiting, writing, break, paused, over, handed_in, timed_out, absent."""

    registration: Registration
    attempt: Attempt | None
    word: str
    left: timedelta | None
    answered: int
    added: timedelta
    effects: list[str]

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes, a part of one counted as one."""
        return None if self.left is None else -(-int(self.left.total_seconds()) // 60)

    @property
    def minutes_added(self) -> int:
        return round(self.added.total_seconds() / 60)

    @property
    def is_writing(self) -> bool:
        return self.word in ("writing", "break", "paused")


def sittings_to_watch(user: User) -> QuerySet[Sitting]:
    """Administrators watch all, others the sittings where they are on duty as invigilators. Rehearsals are left out."""
    sittings = Sitting.objects.filter(is_rehearsal=False).exclude(status=Sitting.Status.CANCELLED)
    if not user.has_role(Role.ADMINISTRATOR):
        duties = SittingStaff.objects.filter(user=user, duty=SittingStaff.Duty.INVIGILATOR)
        sittings = sittings.filter(pk__in=duties.values("sitting"))
    writing = Q(registrations__attempts__status__in=[Attempt.Status.OPEN, Attempt.Status.PAUSED])
    return (
        sittings.select_related("exam", "paper", "partner")
        .annotate(writing=Count("registrations__attempts", filter=writing, distinct=True))
        .order_by("-opens_at", "pk")
    )


def may_look(user: User, sitting: Sitting, *, at: datetime) -> bool:
    """Invigilators see a sitting from half an hour before it opens until an hour after it, and while anybody writes.

    For sittings of `sittings_to_watch`, which know how many write; no query.
    """
    if user.has_role(Role.ADMINISTRATOR):
        return True
    is_about_its_time = sitting.opens_at - BEFORE <= at <= sitting.closes_at + AFTER
    return is_about_its_time or bool(getattr(sitting, "writing", 0))


def seated(sitting: Sitting) -> QuerySet[Registration]:
    """Everybody with a place, by name. Four queries for however many."""
    attempts = Attempt.objects.annotate(answered=Count("responses", filter=Q(responses__body__isnull=False)))
    breaks = Prefetch("breaks", queryset=AttemptBreak.objects.filter(ended_at=None), to_attr="under_way")
    return (
        sitting.registrations.filter(status=Registration.Status.REGISTERED)
        .select_related("candidate")
        .prefetch_related("candidate__accommodations", Prefetch("attempts", queryset=attempts.prefetch_related(breaks)))
        .order_by("candidate__full_name", "pk")
    )


def seats_of(registrations: Iterable[Registration], sitting: Sitting, *, at: datetime) -> list[Seat]:
    return [_seat(registration, sitting, at) for registration in registrations]


def _seat(registration: Registration, sitting: Sitting, at: datetime) -> Seat:
    attempt = next(iter(registration.attempts.all()), None)
    moment = attempt.started_at if attempt else max(at, sitting.opens_at)
    effects = effects_of(conditions_of(registration.candidate, at=moment))
    if attempt is None:
        word = "absent" if sitting.status == Sitting.Status.CLOSED else "waiting"
        return Seat(registration, None, word, None, 0, timedelta(0), effects)
    word, left = _where(attempt, at)
    added = timedelta(seconds=attempt.added_seconds)
    return Seat(registration, attempt, word, left, getattr(attempt, "answered", 0), added, effects)


def _where(attempt: Attempt, at: datetime) -> tuple[str, timedelta | None]:
    """The attempt as its clock has it, whether or not anybody has written down yet what the clock decided."""
    if attempt.status == Attempt.Status.SUBMITTED:
        return "handed_in", None
    if attempt.status == Attempt.Status.TIMED_OUT:
        return "timed_out", None
    closes_at, word = attempt.closes_at, "writing"
    if attempt.status == Attempt.Status.PAUSED and attempt.paused_at:
        under_way = next(iter(getattr(attempt, "under_way", [])), None)
        word = "break" if under_way else "paused"
        if under_way is None or at < under_way.ends_by:
            return word, max(closes_at - attempt.paused_at, timedelta(0))
        closes_at, word = closes_at + (under_way.ends_by - attempt.paused_at), "writing"
    left = closes_at - at
    return (word, left) if left > timedelta(0) else ("over", timedelta(0))
