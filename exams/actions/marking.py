"""An answer on its way from the candidate to its points: waiting, marked by one, two or three people, settled.

Locks are taken in one order: sitting (allocating), answer, mark, audit trail. A mark is stored before its answer is
settled, in one transaction, so that no answer has points which no mark gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.actions.audit import record
from accounts.models import User
from common.errors import NotPermitted
from common.events import ring
from exams.actions.scoring import points_of
from exams.actions.sealing import paper_items
from exams.clock import server_now
from exams.errors import MarkHandedIn, MayNotMark
from exams.item_types import key_of
from exams.marks.rubrics import judged, rubric_of, total_of
from exams.marks.settling import allowed_difference, are_apart, settlement
from exams.models import Attempt, Exam, Mark, MarkingTask, PaperItem, Result
from exams.models.marking import script_number
from exams.rules.marking import can_mark

Status = MarkingTask.Status
MOST_COMMENT = 4_000


@transaction.atomic
def open_marking(attempt_id: int, *, at: datetime | None = None) -> list[MarkingTask]:
    """Write down which answers of a closed attempt wait for a person, with the rule of the exam as it is now. Asked again
    it adds what is missing, which is nothing; an open or scored attempt has none."""
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("paper__exam").get(pk=attempt_id)
    if attempt.is_open or Result.objects.filter(attempt=attempt).exists():
        return []
    known = set(attempt.marking_tasks.values_list("position", flat=True))
    exam, moment = attempt.paper.exam, at or server_now()
    return [
        MarkingTask.objects.create(
            attempt=attempt,
            position=item.position,
            version=item.version,
            script=_free_number(),
            is_double=exam.marking == Exam.Marking.DOUBLE,
            third_above=allowed_difference(item.version.points, exam.third_marker_above_percent),
            opened_at=moment,
        )
        for item in answers_for_people(attempt)
        if item.position not in known
    ]


def answers_for_people(attempt: Attempt) -> list[PaperItem]:
    """The scored positions whose stored answer a type cannot score by itself. What was left empty is not among them."""
    bodies = dict(attempt.responses.values_list("position", "body"))
    items = [item for item in paper_items(attempt.paper) if item.is_scored]
    return [item for item in items if points_of(item, bodies.get(item.position)) is None]


def _free_number() -> str:
    """Two drawing the same at once meet the constraint, and the sweep tries again."""
    number = script_number()
    while MarkingTask.objects.filter(script=number).exists():
        number = script_number()
    return number


@transaction.atomic
def save_draft(mark: Mark, *, points: Mapping[str, str], comment: str, by: User, at: datetime | None = None) -> Mark:
    """Keep what a marker has so far; gaps are fine. Raises NotPermitted, MayNotMark, MarkHandedIn, MarkIncomplete (for
    points that the rubric does not know)."""
    _task, mark = _at_desk(mark, by, at)
    if mark.marked_at is not None:
        raise MarkHandedIn
    mark.points = judged(rubric_of(key_of(mark.task.version)), points, complete=False)
    mark.comment = comment.strip()[:MOST_COMMENT]
    mark.save(update_fields=["points", "comment"])
    return mark


@transaction.atomic
def hand_in_mark(mark: Mark, *, points: Mapping[str, str], comment: str, by: User, at: datetime | None = None) -> Mark:
    """Judge an answer for good, and settle it when this was the last mark it needed. The same sent twice changes nothing.

    Raises NotPermitted, MayNotMark, MarkHandedIn (other points than before), MarkIncomplete.
    """
    moment = at or server_now()
    task, mark = _at_desk(mark, by, moment)
    said = judged(rubric_of(key_of(mark.task.version)), points, complete=True)
    if mark.marked_at is not None:
        if said != mark.points:
            raise MarkHandedIn
        return mark
    mark.points, mark.comment = said, comment.strip()[:MOST_COMMENT]
    mark.total, mark.marked_at = total_of(said), moment
    mark.save(update_fields=["points", "comment", "total", "marked_at"])
    record("mark.handed_in", mark, by=by, at=moment, summary=task.script, details={"script": task.script, "round": mark.round})
    _settle(task, moment)
    return mark


def _at_desk(mark: Mark, by: User, at: datetime | None) -> tuple[MarkingTask, Mark]:
    """The answer and this person's mark of it, both locked."""
    task = MarkingTask.objects.select_for_update(of=("self",)).select_related("attempt__registration").get(pk=mark.task_id)
    marks = Mark.objects.select_for_update(of=("self",)).select_related("task__version__item")
    found = marks.filter(pk=mark.pk, marker=by).first()
    if found is None:
        raise NotPermitted
    if not can_mark(by, task, at=at):
        raise MayNotMark
    return task, found


def _settle(task: MarkingTask, at: datetime) -> None:
    from exams.tasks import score_attempt_task

    marks = list(task.marks.all())
    totals = {mark.round: mark.total for mark in marks if mark.total is not None}
    outcome = settlement(totals, is_double=task.is_double, third_above=task.third_above)
    if outcome is None:
        third_named = any(mark.round == 3 for mark in marks)
        if task.is_double and are_apart(totals, third_above=task.third_above) and not third_named:
            task.status = Status.APART
            task.save(update_fields=["status"])
        return
    task.status, task.points, task.way, task.settled_at = Status.SETTLED, outcome.points, outcome.way, at
    task.save(update_fields=["status", "points", "way", "settled_at"])
    if not MarkingTask.objects.filter(attempt=task.attempt_id).exclude(status=Status.SETTLED).exists():
        ring(score_attempt_task, task.attempt_id)


@transaction.atomic
def open_answer_file(mark: Mark, *, by: User, at: datetime | None = None) -> None:
    """Write down that a marker opened the file of an answer; the caller hands it out. Raises NotPermitted."""
    if mark.marker_id != by.pk:
        raise NotPermitted
    record("mark.file_opened", mark, by=by, summary=mark.task.script, details={"script": mark.task.script}, at=at)
