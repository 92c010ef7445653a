"""Arranging marking: the rule of an exam, who marks what, and handing a pile on."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput, NotPermitted
from exams.clock import server_now
from exams.errors import MarkingRuleFixed
from exams.marks.spreading import Script, spread
from exams.models import Attempt, Exam, Mark, MarkingTask, Sitting
from exams.rules.marking import barred_pairs, can_arrange_marking, markers_of

Status = MarkingTask.Status
# So many script numbers a sentence names; then it counts.
NAMED_AT_MOST = 12


@dataclass(frozen=True)
class Allocation:
    """How many marks were given to somebody, and the script numbers that nobody may have."""

    given: int
    left: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What is left, in words for an administrator; empty when nothing is."""
        if not self.left:
            return ""
        named = ", ".join(self.left[:NAMED_AT_MOST]) + (" …" if len(self.left) > NAMED_AT_MOST else "")
        return _(
            "Nobody on duty may mark %(number)s of the answers: everybody has marked them already, taught the candidate, or "
            "watched the sitting. Put another examiner on duty for %(scripts)s."
        ) % {"number": len(self.left), "scripts": named}


@transaction.atomic
def set_marking_rule(exam: Exam, *, marking: str, third_above_percent: int, by: User, at: datetime | None = None) -> Exam:
    """One marker or two, and from what difference on a third one decides. Answers that came in keep the rule they came
    under, so it cannot change while one is written or marked. Raises NotPermitted, InvalidInput, MarkingRuleFixed."""
    if not can_arrange_marking(by):
        raise NotPermitted
    exam = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    if marking not in Exam.Marking.values or not 0 <= third_above_percent <= 100:
        raise InvalidInput(_("Answers are marked by one person or by two, and a difference is between 0 and 100 percent."))
    if (exam.marking, exam.third_marker_above_percent) == (marking, third_above_percent):
        return exam
    earnest = Attempt.objects.filter(registration__sitting__exam=exam, registration__sitting__is_rehearsal=False)
    if earnest.filter(result__isnull=True).exists():
        raise MarkingRuleFixed
    exam.marking, exam.third_marker_above_percent = marking, third_above_percent
    exam.save(update_fields=["marking", "third_marker_above_percent"])
    details = {"marking": marking, "third_marker_above_percent": third_above_percent}
    record("exam.marking_rule_set", exam, by=by, summary=exam.code, details=details, at=at)
    return exam


@transaction.atomic
def allocate_marking(sitting: Sitting, *, by: User, at: datetime | None = None, seed: int | None = None) -> Allocation:
    """Give every answer of the sitting that wants a marker to one of the examiners on duty. Again and again as answers
    come in: what is given stays. Raises NotPermitted, InvalidInput when no examiner is on duty."""
    if not can_arrange_marking(by):
        raise NotPermitted
    moment = at or server_now()
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    markers = [marker.pk for marker in markers_of(sitting)]
    if not markers:
        raise InvalidInput(_("No examiner is on duty who could mark. Put one on duty first; invigilators never mark."))
    tasks = _wanting(sitting)
    scripts = [_script(task) for task in tasks]
    loads, reads = _work_so_far(sitting)
    found = spread(
        scripts,
        markers,
        barred=barred_pairs(markers, {script.person for script in scripts}, at=moment),
        loads=loads,
        reads=reads,
        seed=secrets.randbits(32) if seed is None else seed,
    )
    Mark.objects.bulk_create(
        Mark(task_id=task, marker_id=marker, round=number, place=secrets.randbelow(2**31), assigned_at=moment)
        for task, number, marker in found.named
    )
    _mark_as_assigned(tasks, found.named)
    names = {task.pk: task.script for task in tasks}
    outcome = Allocation(len(found.named), tuple(sorted(names[task] for task in found.left)))
    if outcome.given or outcome.left:
        details = {"given": outcome.given, "left": len(outcome.left), "markers": markers}
        record("marking.allocated", sitting, by=by, summary=sitting.code, partner=sitting.partner, details=details, at=moment)
    return outcome


def _wanting(sitting: Sitting) -> list[MarkingTask]:
    tasks = MarkingTask.objects.select_for_update(of=("self",)).filter(
        attempt__registration__sitting=sitting, status__in=[Status.WAITING, Status.APART]
    )
    return list(tasks.select_related("attempt__registration").prefetch_related("marks").order_by("pk"))


def _script(task: MarkingTask) -> Script:
    marks = list(task.marks.all())
    wanted = {3} if task.status == Status.APART else set(range(1, task.wanted + 1))
    return Script(
        id=task.pk,
        item=task.version_id,
        person=task.attempt.registration.candidate_id,
        rounds=tuple(sorted(wanted - {mark.round for mark in marks})),
        has=frozenset(mark.marker_id for mark in marks),
    )


def _work_so_far(sitting: Sitting) -> tuple[dict[int, int], set[tuple[int, int]]]:
    loads: dict[int, int] = {}
    reads: set[tuple[int, int]] = set()
    given = Mark.objects.filter(task__attempt__registration__sitting=sitting)
    for marker, item in given.values_list("marker", "task__version"):
        loads[marker] = loads.get(marker, 0) + 1
        reads.add((marker, item))
    return loads, reads


def _mark_as_assigned(tasks: Collection[MarkingTask], named: list[tuple[int, int, int]]) -> None:
    """An answer with one of two markers named still waits for the other."""
    given: dict[int, int] = {}
    for task, _number, _marker in named:
        given[task] = given.get(task, 0) + 1
    full = [
        task.pk
        for task in tasks
        if len(task.marks.all()) + given.get(task.pk, 0) >= (3 if task.status == Status.APART else task.wanted)
    ]
    MarkingTask.objects.filter(pk__in=full).update(status=Status.ASSIGNED)


@transaction.atomic
def hand_over_marks(
    sitting: Sitting, *, giver: User, taker: User, reason: str, by: User, at: datetime | None = None
) -> Allocation:
    """Give one marker's unmarked answers of a sitting to another examiner on duty; drafts are thrown away, what is handed
    in stays. What the other may not mark stays where it is, and is named. Raises NotPermitted, InvalidInput."""
    if not can_arrange_marking(by):
        raise NotPermitted
    moment = at or server_now()
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    if not reason.strip():
        raise InvalidInput(_("Say why these answers go to somebody else."))
    if taker.pk == giver.pk or taker.pk not in {marker.pk for marker in markers_of(sitting)}:
        raise InvalidInput(_("Answers can go to another examiner on duty in this sitting only."))
    tasks = MarkingTask.objects.select_for_update(of=("self",)).filter(
        attempt__registration__sitting=sitting, marks__marker=giver, marks__marked_at=None
    )
    tasks_by_pk = {task.pk: task for task in tasks.select_related("attempt__registration").order_by("pk")}
    open_marks = list(Mark.objects.filter(task__in=tasks_by_pk, marker=giver, marked_at=None).order_by("pk"))
    theirs = set(Mark.objects.filter(task__in=tasks_by_pk, marker=taker).values_list("task", flat=True))
    people = {pk: task.attempt.registration.candidate_id for pk, task in tasks_by_pk.items()}
    barred = barred_pairs([taker.pk], set(people.values()), at=moment)
    left = [mark for mark in open_marks if mark.task_id in theirs or (taker.pk, people[mark.task_id]) in barred]
    moved = [mark.pk for mark in open_marks if mark not in left]
    Mark.objects.filter(pk__in=moved).update(marker=taker, points={}, comment="", assigned_at=moment)
    details = {"from": giver.pk, "to": taker.pk, "marks": len(moved), "left": len(left), "reason": reason.strip()}
    record("marking.handed_over", sitting, by=by, summary=sitting.code, partner=sitting.partner, details=details, at=moment)
    return Allocation(len(moved), tuple(sorted(tasks_by_pk[mark.task_id].script for mark in left)))
