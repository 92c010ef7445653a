"""What can be asked about marking. What a marker's page may show comes from `desk` functions, which know no candidate."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from exams.models import Attempt, ItemVersion, Mark, MarkingTask, Response, Sitting, Upload

SETTLED = MarkingTask.Status.SETTLED
# The scripts of exams/static/exams/js/answering/essay.js: Han, Hiragana, Katakana.
HAN = re.compile(r"[\u3005\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
WORD = re.compile(r"[^\W_](?:[\w'’.-]*[^\W_])?")

# --- For scoring and the sweeps -----------------------------------------------------------------


def settled_points(attempt: Attempt) -> dict[int, Decimal]:
    """What people settled, by position."""
    settled = attempt.marking_tasks.filter(status=SETTLED).values_list("position", "points")
    return {position: points for position, points in settled if points is not None}


def awaits_markers() -> Exists:
    """Of an attempt: that an answer of it is still to be settled."""
    return Exists(MarkingTask.objects.filter(attempt=OuterRef("pk")).exclude(status=SETTLED))


def unscored_since(before: datetime) -> QuerySet[Attempt]:
    """Attempts without a result that wait for no marker, and did not a moment ago either."""
    lately = Exists(MarkingTask.objects.filter(attempt=OuterRef("pk"), settled_at__gte=before))
    return Attempt.objects.filter(result=None).exclude(awaits_markers()).exclude(lately)


# --- At the marker's desk -----------------------------------------------------------------------


def desk_of(marker: User) -> QuerySet[Mark]:
    """A marker's pile: what is open first, item by item, in the order that was drawn."""
    marks = Mark.objects.visible_to(marker).select_related("task__version__item", "task__attempt__paper__exam")
    return marks.order_by(F("marked_at").asc(nulls_first=True), "task__version__item__code", "task__version", "place", "pk")


def desk_progress(marker: User) -> list[dict[str, Any]]:
    """Per item how many answers this marker has, and how many of them are handed in."""
    rows = (
        Mark.objects.visible_to(marker)
        .values("task__version", "task__version__item__code", "task__attempt__paper__exam__code")
        .annotate(given=Count("pk"), done=Count("pk", filter=Q(marked_at__isnull=False)))
        .order_by("task__attempt__paper__exam__code", "task__version__item__code", "task__version")
    )
    return [
        {
            "exam": row["task__attempt__paper__exam__code"],
            "item": row["task__version__item__code"],
            "given": row["given"],
            "done": row["done"],
        }
        for row in rows
    ]


def next_mark(marker: User, after: Mark) -> Mark | None:
    """The next open answer: to the same item if there is one."""
    pile = desk_of(marker).filter(marked_at=None).exclude(pk=after.pk)
    return pile.filter(task__version=after.task.version_id).first() or pile.first()


@dataclass(frozen=True)
class Answer:
    """What was answered, and nothing of who did: the text, or what is known of the file."""

    language: str
    text: str = ""
    ending: str = ""
    size: int = 0

    @property
    def words(self) -> int:
        """As the exam room counts them: a Chinese or Japanese character is a word, and so is a run of anything else."""
        return len(HAN.findall(self.text)) + len(WORD.findall(HAN.sub(" ", self.text)))


def answer_to(task: MarkingTask) -> Answer:
    """Without a stored answer there is no task; a file that went missing reads as one without an ending."""
    language = task.attempt.language
    body = _body(task)
    if "upload" not in body:
        return Answer(language, text=str(body.get("text", "")))
    upload = upload_of(task)
    if upload is None:
        return Answer(language)
    return Answer(language, ending=PurePath(upload.name).suffix.lower(), size=upload.size)


def upload_of(task: MarkingTask) -> Upload | None:
    """The file that the stored answer names, if it was sent at this very place."""
    named = str(_body(task).get("upload", ""))
    return Upload.objects.filter(uuid=named, attempt=task.attempt_id, position=task.position).first() if named else None


def _body(task: MarkingTask) -> dict[str, Any]:
    response = Response.objects.filter(attempt=task.attempt_id, position=task.position).first()
    return json.loads(response.body) if response and response.body else {}


# --- For those who arrange it -------------------------------------------------------------------


def sittings_with_marking() -> QuerySet[Sitting]:
    """Sittings that have answers for people, with how many of them stand where; what is unfinished first."""
    tasks = "registrations__attempts__marking_tasks"
    counts = {status: Count(tasks, filter=Q(**{f"{tasks}__status": status})) for status in MarkingTask.Status.values}
    sittings = Sitting.objects.filter(is_rehearsal=False, **{f"{tasks}__isnull": False}).select_related("exam")
    return sittings.annotate(all_answers=Count(tasks), **counts).order_by((F("all_answers") - F("settled")).desc(), "-opens_at")


def tasks_of(sitting: Sitting) -> QuerySet[MarkingTask]:
    return MarkingTask.objects.filter(attempt__registration__sitting=sitting)


def progress_by_item(sitting: Sitting) -> list[dict[str, Any]]:
    """Per item how many answers stand where, and how the settled ones came about."""
    counts = {status: Count("pk", filter=Q(status=status)) for status in MarkingTask.Status.values}
    ways = {f"by_{way}": Count("pk", filter=Q(way=way)) for way in MarkingTask.Way.values}
    rows = tasks_of(sitting).values("version__item__code", "version__number").annotate(all=Count("pk"), **counts, **ways)
    return [
        {**row, "item": f"{row['version__item__code']} v{row['version__number']}"}
        for row in rows.order_by("version__item__code", "version__number")
    ]


def progress_by_marker(sitting: Sitting, markers: Collection[User]) -> list[dict[str, Any]]:
    """Per marker, on duty or not any more, how many answers were given and handed in."""
    rows = (
        Mark.objects.filter(task__attempt__registration__sitting=sitting)
        .values("marker")
        .annotate(given=Count("pk"), done=Count("pk", filter=Q(marked_at__isnull=False)))
    )
    found = {row["marker"]: (row["given"], row["done"]) for row in rows}
    people = {person.pk: person for person in markers}
    people |= {person.pk: person for person in User.objects.filter(pk__in=set(found) - set(people))}
    progress = []
    for pk, person in sorted(people.items(), key=lambda each: (each[1].full_name, each[0])):
        given, done = found.get(pk, (0, 0))
        progress.append({"person": person, "given": given, "done": done, "open": given - done, "on_duty": person in markers})
    return progress


def version_of_desk(mark: Mark) -> ItemVersion:
    """The item with all that showing it and its rubric reads."""
    versions = ItemVersion.objects.select_related("item", "stimulus").prefetch_related(
        "wordings", "options__wordings", "stimulus__wordings"
    )
    return versions.get(pk=mark.task.version_id)
