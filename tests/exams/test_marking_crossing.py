"""Marks and allocations that meet: on PostgreSQL, with real connections."""

from __future__ import annotations

from functools import partial

import pytest

from exams.actions.allocating import allocate_marking
from exams.models import Mark, MarkingTask
from tests.exams.test_crossing import together
from tests.factories.bank import administrator
from tests.factories.marking import HALF, allocated, give, marked_sitting, wrote

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_last_marks_at_the_same_moment_settle_every_answer():
    sitting = marked_sitting(percent=50)
    for _ in range(20):
        wrote(sitting)
    pairs: dict[int, list[Mark]] = {}
    for mark in allocated(sitting):
        pairs.setdefault(mark.task_id, []).append(mark)

    for first, second in pairs.values():
        together(partial(give, first, HALF), partial(give, second, HALF))

    assert set(MarkingTask.objects.values_list("status", "points", "way")) == {("settled", 2, "mean")}


def test_two_administrators_who_allocate_at_the_same_moment_give_everything_once():
    sitting, adam = marked_sitting(), administrator()
    for _ in range(10):
        wrote(sitting)

    outcomes = together(*[partial(allocate_marking, sitting, by=adam)] * 3)

    assert sorted(outcome.given for outcome in outcomes) == [0, 0, 20]
    assert not MarkingTask.objects.exclude(status="assigned").exists()
