"""How far the markers of an exam agree: read from double-marked answers, figured by exams.statistics.agreement.

Only the first two marks count, given without knowing each other. The third is asked for where they are apart, so it would
make agreement look worse than it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from exams.models import Exam, Mark
from exams.statistics.agreement import (
    LEAST_PAIRS,
    Estimate,
    Pairs,
    icc_one_way,
    icc_two_way,
    kappa_of,
    severity,
)


@dataclass(frozen=True)
class DoubleMark:
    """Two marks of one answer, each as a share of the item's points."""

    item: str
    version: int
    markers: tuple[int, int]
    shares: tuple[float, float]


@dataclass(frozen=True)
class Agreement:
    """Of one item or one marker. Below the least number of answers nothing is claimed and every figure is None.

    `is_one_way`: answers came before changing pairs of markers, so the correlation is ICC(1,1), otherwise ICC(2,1).
    `severity` is a marker's mean difference from the others in percent of the points; for an item it is None.
    """

    name: str
    answers: int
    kappa: Estimate | None = None
    correlation: Estimate | None = None
    is_one_way: bool = False
    severity: Estimate | None = None

    @property
    def is_claimed(self) -> bool:
        return self.answers >= LEAST_PAIRS


def double_marks(exam: Exam) -> list[DoubleMark]:
    """Every answer of real sittings that has both of its first marks; one query."""
    rows = Mark.objects.filter(
        task__attempt__registration__sitting__exam=exam,
        task__attempt__registration__sitting__is_rehearsal=False,
        task__is_double=True,
        round__in=(1, 2),
        marked_at__isnull=False,
    ).order_by("task", "round")
    by_task: dict[int, list[Mark]] = defaultdict(list)
    for mark in rows.select_related("task__version__item"):
        by_task[mark.task_id].append(mark)
    return [_double(*pair) for pair in by_task.values() if len(pair) == 2]


def _double(first: Mark, second: Mark) -> DoubleMark:
    version = first.task.version
    return DoubleMark(
        item=f"{version.item.code} v{version.number}",
        version=version.pk,
        markers=(first.marker_id, second.marker_id),
        shares=(float((first.total or 0) / version.points), float((second.total or 0) / version.points)),
    )


def agreement_by_item(marks: Iterable[DoubleMark]) -> list[Agreement]:
    by_item: dict[tuple[str, int], list[DoubleMark]] = defaultdict(list)
    for mark in marks:
        by_item[mark.item, mark.version].append(mark)
    return [_of_item(name, found) for (name, _version), found in sorted(by_item.items())]


def _of_item(name: str, marks: list[DoubleMark]) -> Agreement:
    if len(marks) < LEAST_PAIRS:
        return Agreement(name, len(marks))
    people = {frozenset(mark.markers) for mark in marks}
    if len(people) > 1:
        pairs: Pairs = [mark.shares for mark in marks]
        return Agreement(name, len(marks), kappa_of(pairs), icc_one_way(pairs), is_one_way=True)
    # The same two people throughout: each gets a column, whoever had which round.
    left = min(next(iter(people)))
    pairs = [mark.shares if mark.markers[0] == left else mark.shares[::-1] for mark in marks]
    return Agreement(name, len(marks), kappa_of(pairs), icc_two_way(pairs))


def agreement_by_marker(marks: Iterable[DoubleMark]) -> list[Agreement]:
    """Each marker against whoever else had the same answers, taken as one; one query for the names."""
    by_marker: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for mark in marks:
        first, second = mark.markers
        by_marker[first].append(mark.shares)
        by_marker[second].append(mark.shares[::-1])
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=by_marker)}
    return [_of_marker(names[pk], by_marker[pk]) for pk in sorted(by_marker, key=lambda pk: (names[pk], pk))]


def _of_marker(name: str, pairs: Pairs) -> Agreement:
    if len(pairs) < LEAST_PAIRS:
        return Agreement(name, len(pairs))
    stricter = severity([(100 * own, 100 * other) for own, other in pairs])
    return Agreement(name, len(pairs), kappa_of(pairs), icc_two_way(pairs), severity=stricter)
