"""Who may not mark whom, and what the database keeps of marks whoever writes them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Role
from exams.actions.allocating import allocate_marking
from exams.actions.marking import save_draft
from exams.errors import MayNotMark
from exams.models import Mark, MarkingTask, SittingStaff
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator
from tests.factories.marking import FULL, allocated, give, marked_sitting, task_of, teach, wrote
from tests.harness.triggers import lifted

pytestmark = pytest.mark.django_db


def refuses(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


@pytest.mark.parametrize(("ended_days_ago", "barred"), [(-100, True), (0, True), (700, True), (735, False)])
def test_nobody_is_given_a_person_they_taught_within_two_years(ended_days_ago, barred):
    sitting = marked_sitting(marking="single", examiners=1)
    marker = sitting.staff.get().user
    ada = UserFactory()
    teach(marker, ada, ended_days_ago=ended_days_ago)
    task = task_of(wrote(sitting, ada))

    outcome = allocate_marking(sitting, by=administrator())

    assert (outcome.given, outcome.left) == ((0, (task.script,)) if barred else (1, ()))
    assert (task.script in outcome.sentence) is barred
    act = lambda: Mark.objects.create(task=task, marker=marker, round=1, place=1, assigned_at=timezone.now())  # noqa: E731
    if barred:
        refuses(act)


def test_who_becomes_the_instructor_afterwards_cannot_hand_in():
    sitting = marked_sitting(marking="single", examiners=1)
    ada = UserFactory()
    wrote(sitting, ada)
    (mark,) = allocated(sitting)
    teach(mark.marker, ada, ended_days_ago=-1)

    with pytest.raises(MayNotMark) as refused:
        give(mark)
    with pytest.raises(MayNotMark):
        save_draft(mark, points=FULL, comment="", by=mark.marker)
    refuses(lambda: Mark.objects.filter(pk=mark.pk).update(points=FULL, total=4, marked_at=timezone.now()))
    # Why is not said: it would say whose answer it is.
    assert "taught" not in str(refused.value.text)


def test_nobody_marks_their_own_answer_or_one_they_watched():
    sitting = marked_sitting(marking="single", examiners=1)
    ada = UserFactory(roles=(Role.EXAMINER,))
    task = task_of(wrote(sitting, ada))
    watcher = staff(Role.EXAMINER, "Dan")
    for duty in ("invigilator", "examiner"):
        SittingStaff.objects.create(sitting=sitting, user=watcher, duty=duty)
    SittingStaff.objects.create(sitting=sitting, user=ada, duty="examiner")

    for seed in range(5):
        (mark,) = allocated(sitting, seed)
        assert mark.marker not in (ada, watcher)
        with lifted("exams_mark"):
            mark.delete()
        MarkingTask.objects.update(status="waiting")
    for person in (ada, watcher):
        refuses(
            lambda person=person: Mark.objects.create(task=task, marker=person, round=1, place=1, assigned_at=timezone.now())
        )


# --- What the database keeps --------------------------------------------------------------------


def test_constraints_of_marks():
    sitting = marked_sitting(examiners=2)
    wrote(sitting)
    first, second = allocated(sitting)
    other = staff(Role.EXAMINER, "Another")
    new = {"task": first.task, "place": 1, "assigned_at": timezone.now()}

    refuses(lambda: Mark.objects.create(**new, marker=first.marker, round=3))
    refuses(lambda: Mark.objects.create(**new, marker=other, round=2))
    refuses(lambda: Mark.objects.create(**new, marker=other, round=4))
    refuses(lambda: Mark.objects.filter(pk=first.pk).update(marker=second.marker))
    refuses(lambda: Mark.objects.filter(pk=first.pk).update(marked_at=timezone.now()))
    refuses(lambda: Mark.objects.filter(pk=first.pk).update(total=3))
    refuses(lambda: Mark.objects.filter(pk=first.pk).update(round=3))


def test_constraints_of_answers_to_mark():
    sitting = marked_sitting(marking="single")
    attempt, other = wrote(sitting), wrote(sitting)
    task, second = task_of(attempt), task_of(other)
    tasks = MarkingTask.objects.filter(pk=task.pk)

    refuses(lambda: tasks.update(status="settled"))
    refuses(lambda: tasks.update(points=3))
    refuses(lambda: tasks.update(status="apart"))
    refuses(lambda: tasks.update(status="settled", points=3, way="mean", settled_at=timezone.now()))
    refuses(lambda: tasks.update(status="settled", way="single", settled_at=timezone.now()))
    refuses(lambda: tasks.update(status="settled", points=-1, way="single", settled_at=timezone.now()))
    refuses(lambda: tasks.update(script=second.script))
    refuses(tasks.delete)
    give(allocated(sitting)[0])
    settled = MarkingTask.objects.filter(status="settled")
    refuses(lambda: settled.update(points=1))
    refuses(lambda: settled.update(status="waiting", points=None, way="", settled_at=None))
    refuses(
        lambda: Mark.objects.create(
            task=settled.get(), marker=staff(Role.EXAMINER, "Late"), round=2, place=1, assigned_at=timezone.now()
        )
    )
