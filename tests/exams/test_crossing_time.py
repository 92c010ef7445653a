"""Added time, breaks, starts and saves that meet: on PostgreSQL, with real connections."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from exams.actions.added_time import add_time_to_all, take_time_back
from exams.actions.breaks import end_break, take_break
from exams.actions.delivery import close_overdue, start_attempt
from exams.models import AddedTime, Attempt, AttemptBreak, Response, Sitting
from tests.exams.test_crossing import free_saves, together
from tests.factories.bank import administrator
from tests.factories.exams import make_paper, make_registration, make_sitting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)
__all__ = ["free_saves"]


def test_whoever_starts_while_time_is_added_to_all_is_cut_by_no_old_end():
    """The sitting ends before anybody's hour: each exam ends with the sitting as it is after the grant, never before."""
    paper, officer = make_paper(), administrator()
    for _round in range(8):
        closes_at = timezone.now().replace(microsecond=0) + 30 * MINUTE
        sitting = make_sitting(paper, closes_at=closes_at)
        registrations = [make_registration(sitting) for _seat in range(6)]
        starts = [partial(start_attempt, registration) for registration in registrations]
        grant = partial(add_time_to_all, sitting, minutes=10, category="technical", by=officer)
        together(*starts[:3], grant, *starts[3:])

        ends = Attempt.objects.filter(registration__sitting=sitting).values_list("closes_at", flat=True)
        assert list(ends) == [closes_at + 10 * MINUTE] * 6
        assert Sitting.objects.get(pk=sitting.pk).closes_at == closes_at + 10 * MINUTE


def test_two_grants_and_an_undoing_at_once_all_count():
    officer, sitting = administrator(), make_sitting(closes_at=timezone.now() + timedelta(hours=3))
    attempts = [start_attempt(make_registration(sitting)) for _seat in range(3)]
    first = add_time_to_all(sitting, minutes=5, category="other", by=officer)
    give = partial(add_time_to_all, sitting, minutes=7, category="other", by=officer)
    together(give, partial(take_time_back, first, by=officer), give)

    for attempt in attempts:
        stored = Attempt.objects.get(pk=attempt.pk)
        assert stored.closes_at == attempt.closes_at + 14 * MINUTE
        assert stored.added_seconds == sum(AddedTime.objects.filter(attempt=stored).values_list("seconds", flat=True)) == 840


def test_an_answer_that_meets_a_break_is_stored_before_it_or_refused(free_saves, make_desk):
    for number in range(20):
        desk = make_desk(make_registration(make_sitting(break_minutes=10)))
        desk.start()
        attempt = Attempt.objects.get(uuid=desk.uuid)
        save = partial(desk.save, 3, 1, {"value": str(number)})
        answer, _taken = together(save, partial(take_break, attempt, lease=attempt.lease))

        stored = Response.objects.filter(attempt=attempt).exists()
        assert (answer.status_code, stored) in ((200, True), (409, False))
        assert Attempt.objects.get(pk=attempt.pk).status == "paused"


def test_a_break_ended_by_the_candidate_and_the_sweep_at_once_ends_once():
    for _round in range(10):
        attempt = start_attempt(make_registration(make_sitting(break_minutes=1)))
        began = timezone.now() - 2 * MINUTE
        take_break(attempt, lease=attempt.lease, at=began)
        together(partial(end_break, attempt, lease=attempt.lease), close_overdue)

        stored = Attempt.objects.get(pk=attempt.pk)
        assert (stored.status, stored.closes_at) == ("open", attempt.closes_at + MINUTE)
        assert AttemptBreak.objects.get(attempt=attempt).ended_at == began + MINUTE
