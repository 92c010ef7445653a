"""What a candidate sees of their own exams, and where they may register."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from accounts.models import User
from exams.clock import server_now
from exams.models import Attempt, Paper, Registration, Result, Sitting
from exams.rules.deadlines import Times, conditions_of, extra_time, times_for
from exams.rules.practice import PRACTICE
from exams.saving import shapes_of
from partners.models import CohortPlace

# No sitting is longer than its blueprint may be.
LONGEST_MINUTES = 600


class Standing(NamedTuple):
    """A registration in one word, for lists: waiting, open, started, paused, marking, released, missed, cancelled."""

    word: str
    attempt: Attempt | None = None
    result: Result | None = None


def own_registrations(user: User) -> QuerySet[Registration]:
    """A candidate's registrations with all that a list shows, newest sitting first."""
    return (
        Registration.objects.visible_to(user)
        .exclude(sitting__code=PRACTICE)
        .select_related("sitting__exam", "sitting__paper", "place__cohort__partner")
        .prefetch_related("attempts__result", "sitting__paper__renderings", "candidate__accommodations")
        .order_by("-sitting__opens_at", "-pk")
    )


def standing_of(registration: Registration, *, at: datetime | None = None) -> Standing:
    """Costs no query when the registration came from `own_registrations`."""
    at = at or server_now()
    attempt = next(iter(registration.attempts.all()), None)
    if attempt is not None:
        return _standing_of_attempt(attempt, at)
    sitting = registration.sitting
    if registration.status == Registration.Status.CANCELLED or sitting.status == Sitting.Status.CANCELLED:
        return Standing("cancelled")
    times = times_for(registration.candidate, sitting, at=at)
    if sitting.status == Sitting.Status.CLOSED or at >= times.start_by:
        return Standing("missed")
    return Standing("waiting" if at < times.opens_at else "open")


def own_times(registration: Registration, *, at: datetime | None = None) -> Times:
    """This candidate's times in their sitting, entitlements included, starting now or when it opens."""
    return times_for(registration.candidate, registration.sitting, at=at or server_now())


def parts_of(registration: Registration) -> int:
    """How many parts the paper has that are opened one after the other; 0 without section rules. Read once per process."""
    paper, language = registration.sitting.paper, registration.language
    if language not in dict(paper.languages):
        return 0
    return len(shapes_of(str(paper.uuid), language).plan)


def _standing_of_attempt(attempt: Attempt, at: datetime) -> Standing:
    """An attempt whose time is over reads as closed, whether or not anybody has closed its row yet."""
    if attempt.status == Attempt.Status.PAUSED:
        return Standing("paused", attempt)
    if attempt.is_open and at <= attempt.accept_until:
        return Standing("started", attempt)
    result = getattr(attempt, "result", None)
    if result is not None and result.status == Result.Status.RELEASED:
        return Standing("released", attempt, result)
    return Standing("marking", attempt)


def open_sittings(user: User, *, at: datetime | None = None) -> QuerySet[Sitting]:
    """Sittings this person may register for: open to all, or of a partner in whose cohort they have a place."""
    at = at or server_now()
    partners = CohortPlace.objects.filter(user=user, status=CohortPlace.Status.ACTIVE).values("cohort__partner")
    taken = Count("registrations", filter=Q(registrations__status=Registration.Status.REGISTERED))
    conditions = conditions_of(user, at=at)
    mine = Registration.objects.filter(sitting=OuterRef("pk"), candidate=user, status=Registration.Status.REGISTERED)
    return (
        Sitting.objects.filter(status=Sitting.Status.PLANNED, is_rehearsal=False, paper__status=Paper.Status.SEALED)
        .filter(Q(closes_at__gt=at) | Q(pk__in=_open_longer(conditions.extra_time_percent, at)))
        .filter(Q(partner=None) | Q(partner__in=partners))
        .annotate(taken=taken, is_mine=Exists(mine))
        .annotate(places_left=Greatest(F("capacity") - F("taken"), 0))
        .select_related("exam", "partner", "paper")
        .prefetch_related("paper__renderings")
        .order_by("opens_at", "pk")
    )


def _open_longer(percent: int, at: datetime) -> list[int]:
    """Sittings whose end has passed, but not for somebody with that much extra time. A query only if there is any."""
    if not percent:
        return []
    past = Sitting.objects.filter(closes_at__lte=at, closes_at__gt=at - extra_time(LONGEST_MINUTES, percent))
    rows = past.values_list("pk", "closes_at", "minutes")
    return [pk for pk, closes_at, minutes in rows if closes_at + extra_time(minutes, percent) > at]
