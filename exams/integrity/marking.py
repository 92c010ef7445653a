"""The invariants of marking over what is stored."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast

from accounts.models import AuditEntry
from common.integrity import Violation, invariant
from exams.item_types import key_of
from exams.marks.rubrics import rubric_of, total_of
from exams.marks.settling import settlement
from exams.models import Mark, MarkingTask

SETTLED = MarkingTask.Status.SETTLED


@invariant(1, "what was settled is what the marks say, by the rule of the exam")
def settled_points_follow_from_marks() -> Iterator[Violation]:
    for task in MarkingTask.objects.filter(status=SETTLED).prefetch_related("marks").iterator(500):
        totals = {mark.round: mark.total for mark in task.marks.all() if mark.total is not None}
        outcome = settlement(totals, is_double=task.is_double, third_above=task.third_above)
        if outcome is None or (outcome.points, outcome.way) != (task.points, task.way):
            yield Violation(f"answer to mark {task.pk}", "its points are not those of its marks")


@invariant(1, "a mark is what its rubric adds up to")
def marks_follow_their_rubric() -> Iterator[Violation]:
    handed_in = Mark.objects.filter(marked_at__isnull=False).select_related("task__version__item")
    known: dict[int, dict[str, set[str]]] = {}
    for mark in handed_in.iterator(500):
        version = mark.task.version
        if version.pk not in known:
            rubric = rubric_of(key_of(version))
            known[version.pk] = {criterion.id: {band.value for band in criterion.bands} for criterion in rubric}
        allowed = known[version.pk]
        fits = set(mark.points) == set(allowed) and all(mark.points[name] in allowed[name] for name in allowed)
        if not fits or total_of(mark.points) != mark.total:
            yield Violation(f"mark {mark.pk}", "its total is not that of its criteria, or they are not those of the rubric")


@invariant(1, "nobody marked themselves")
def markers_are_others() -> Iterator[Violation]:
    """Who taught or watched a candidate may have done so only afterwards, so stored rows cannot say it: triggers do, when a
    mark is given."""
    for mark in Mark.objects.filter(marker=F("task__attempt__registration__candidate")):
        yield Violation(f"mark {mark.pk}", "its marker is the candidate")


@invariant(11, "an answer stands where its marks have brought it")
def answers_stand_where_their_marks_do() -> Iterator[Violation]:
    """A wrong state would hide an answer from allocation for ever."""
    for task in MarkingTask.objects.exclude(status=SETTLED).prefetch_related("marks").iterator(500):
        marks = list(task.marks.all())
        totals = {mark.round: mark.total for mark in marks if mark.total is not None}
        rounds = {mark.round for mark in marks}
        due = settlement(totals, is_double=task.is_double, third_above=task.third_above) is not None
        apart = set(totals) >= {1, 2} and 3 not in rounds
        full = rounds >= set(range(1, task.wanted + 1))
        expected = MarkingTask.Status.APART if apart else MarkingTask.Status.ASSIGNED if full else MarkingTask.Status.WAITING
        if due or task.status != expected:
            yield Violation(f"answer to mark {task.pk}", f"it is {task.status}, and its marks say otherwise")


@invariant(13, "every mark that was handed in has its audit entry")
def marks_are_audited() -> Iterator[Violation]:
    entries = AuditEntry.objects.filter(
        act="mark.handed_in", thing=Mark._meta.label_lower, thing_id=Cast(OuterRef("pk"), CharField())
    )
    rehearsal = Q(task__attempt__registration__sitting__is_rehearsal=True)
    for pk in Mark.objects.filter(~Exists(entries), marked_at__isnull=False).exclude(rehearsal).values_list("pk", flat=True):
        yield Violation(f"mark {pk}", "handed in without an audit entry")
