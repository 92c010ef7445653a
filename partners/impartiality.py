"""Who taught whom, and that this keeps them from judging for 24 months.

Marking and certification decisions ask here; the triggers of both packages say the same again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from partners.models import CohortPlace

LOOK_BACK_MONTHS = 24


def months_before(moment: datetime, months: int) -> date:
    """The same day so many months earlier, as both databases count it: a day past the end of that month runs over."""
    total = moment.year * 12 + moment.month - 1 - months
    first = date(total // 12, total % 12 + 1, 1)
    try:
        return first.replace(day=moment.day)
    except ValueError:
        # Only 29 February: PostgreSQL says the 28th, SQLite 1 March; the stricter is the earlier day.
        return first.replace(day=28)


def taught_among(teachers: Iterable[int], people: Iterable[int], *, at: datetime | None = None) -> set[tuple[int, int]]:
    """(teacher, person) wherever the teacher instructed a cohort of that person that ended within the look-back or still
    runs; one query."""
    since = months_before(at or timezone.now(), LOOK_BACK_MONTHS)
    places = CohortPlace.objects.filter(user__in=people, cohort__instructor__in=teachers, cohort__ends_on__gte=since)
    return set(places.values_list("cohort__instructor", "user"))


def taught(teacher: int, person: int, *, at: datetime | None = None) -> bool:
    """Whether this very teacher did, by their ids."""
    return bool(taught_among([teacher], [person], at=at))
