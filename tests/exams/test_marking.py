"""Answers that people mark: from the hand-in to the result, and what is refused at the desk."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from common.errors import NotPermitted
from exams.actions.marking import hand_in_mark, open_marking, save_draft
from exams.actions.rehearsal import clean_rehearsal
from exams.actions.scoring import score_attempt, score_of
from exams.errors import AwaitsMarking, MarkHandedIn, MarkIncomplete, MayNotMark
from exams.integrity.attempts import no_work_is_forgotten, results_match_responses
from exams.models import Attempt, Mark, MarkingTask, Result
from exams.queries.attempts import closed_unscored
from exams.tasks import score_attempt_task, sweep_exams_task
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator, make_approved, make_paper_of
from tests.factories.exams import make_registration
from tests.factories.marking import FULL, HALF, NOTHING, allocated, give, marked_sitting, task_of, wrote
from tests.harness.triggers import lifted

pytestmark = pytest.mark.django_db


def refuses(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


# --- From the hand-in to the result -------------------------------------------------------------


def test_an_essay_is_marked_by_two_then_by_a_third_then_scored():
    sitting = marked_sitting(percent=25)
    attempt = wrote(sitting)
    task = task_of(attempt)
    assert (task.status, task.is_double, task.third_above) == ("waiting", True, 1)

    first, second = allocated(sitting)
    assert give(first, FULL).status == "assigned"
    assert not Result.objects.exists()
    assert give(second, HALF).status == "apart"

    third = allocated(sitting)[2]
    assert third.round == 3
    assert len({first.marker, second.marker, third.marker}) == 3
    settled = give(third, NOTHING)

    assert (settled.status, settled.points, settled.way) == ("settled", 0, "third")
    score_attempt_task(attempt.pk)
    result = Result.objects.get(attempt=attempt)
    assert result.positions["2"] == {"points": "0", "max": "4", "scored": True}
    assert list(results_match_responses()) == []


def test_two_marks_within_the_difference_settle_on_their_mean():
    sitting = marked_sitting(percent=50)
    attempt = wrote(sitting)
    first, second = allocated(sitting)

    give(first, FULL)
    task = give(second, HALF)

    assert (task.status, task.points, task.way) == ("settled", Decimal(3), "mean")
    assert score_attempt(attempt.pk).positions["2"]["points"] == "3"
    assert score_of(attempt)["positions"]["2"]["points"] == "3"


def test_one_marker_settles_alone_where_the_exam_says_so():
    sitting = marked_sitting(marking="single")
    wrote(sitting)
    (mark,) = allocated(sitting)

    task = give(mark, HALF)

    assert (task.status, task.points, task.way) == ("settled", 2, "single")


def test_the_last_mark_rings_for_the_score(monkeypatch):
    rung = []
    monkeypatch.setattr("exams.actions.marking.ring", lambda task, *args: rung.append((task.name, *args)))
    sitting = marked_sitting("essay", "essay", marking="single")
    attempt = wrote(sitting)
    first, second = allocated(sitting)

    give(first)
    assert rung == []
    give(second)

    assert rung == [(score_attempt_task.name, attempt.pk)]


def test_what_was_left_empty_earns_nothing_without_a_marker():
    sitting = marked_sitting("essay", "essay")

    attempt = wrote(sitting, p2="")
    nobody = wrote(sitting, p2="", p3="  ")

    assert [task.position for task in attempt.marking_tasks.all()] == [3]
    assert nobody.result.positions["2"]["points"] == nobody.result.positions["3"]["points"] == "0"


def test_answers_on_trial_ask_nobody():
    from exams.actions.sealing import seal_paper
    from tests.factories.exams import make_sitting

    first = make_approved("true_false")
    paper = make_paper_of([first, make_approved("essay", first.item.bank)], trial=("essay",))
    attempt = wrote(make_sitting(seal_paper(paper, by=UserFactory())))

    assert not MarkingTask.objects.exists()
    assert attempt.result.positions["2"]["points"] is None


def test_opening_twice_adds_nothing_and_an_open_or_scored_attempt_has_none():
    sitting = marked_sitting(marking="single")
    attempt = wrote(sitting)
    (mark,) = allocated(sitting)

    assert open_marking(attempt.pk) == []
    give(mark)
    score_attempt(attempt.pk)
    assert open_marking(attempt.pk) == []
    from exams.actions.delivery import start_attempt

    assert open_marking(start_attempt(make_registration(sitting)).pk) == []


def test_no_half_result_is_made_while_a_mark_is_missing():
    sitting = marked_sitting("essay", "essay", marking="single")
    attempt = wrote(sitting)
    give(allocated(sitting)[0])

    with pytest.raises(AwaitsMarking) as waits:
        score_attempt(attempt.pk)

    assert waits.value.extra["positions"] == [3]


def test_an_attempt_keeps_the_rule_it_came_in_under():
    sitting = marked_sitting(marking="single")
    task = task_of(wrote(sitting))
    refuses(lambda: MarkingTask.objects.filter(pk=task.pk).update(is_double=True))
    refuses(lambda: MarkingTask.objects.filter(pk=task.pk).update(third_above=4))


# --- Nothing is forgotten -----------------------------------------------------------------------


def late(attempt: Attempt, **fields) -> None:
    then = timezone.now() - timedelta(hours=1)
    from exams.actions.delivery import receipt_of

    with lifted("exams_attempt"):
        Attempt.objects.filter(pk=attempt.pk).update(submitted_at=then, receipt=receipt_of(attempt, then), **fields)


def test_what_waits_for_markers_is_neither_rung_for_nor_forgotten():
    sitting = marked_sitting(marking="single")
    attempt = wrote(sitting)
    late(attempt)

    assert closed_unscored() == []
    assert list(no_work_is_forgotten()) == []


def test_the_sweep_scores_what_is_marked_and_opens_what_was_never_opened(eager_tasks, django_capture_on_commit_callbacks):
    sitting = marked_sitting(marking="single")
    attempt = wrote(sitting)
    give(allocated(sitting)[0])
    late(attempt)
    other = wrote(sitting)
    MarkingTask.objects.filter(attempt=other)
    with lifted("exams_markingtask"):
        MarkingTask.objects.filter(attempt=other).delete()
    late(other)

    assert set(closed_unscored()) == {attempt.pk, other.pk}
    with django_capture_on_commit_callbacks(execute=True):
        sweep_exams_task()

    assert Result.objects.filter(attempt=attempt).exists()
    assert other.marking_tasks.count() == 1


def test_a_marked_attempt_that_nobody_scores_is_forgotten():
    sitting = marked_sitting(marking="single")
    attempt = wrote(sitting)
    task = give(allocated(sitting)[0])
    late(attempt)
    assert list(no_work_is_forgotten()) == []

    with lifted("exams_markingtask"):
        MarkingTask.objects.filter(pk=task.pk).update(settled_at=timezone.now() - timedelta(minutes=30))

    assert [violation.row for violation in no_work_is_forgotten()] == [f"attempt {attempt.pk}"]


def test_a_rehearsal_with_marks_leaves_no_trace():
    sitting = marked_sitting(marking="single", sitting={"is_rehearsal": True})
    wrote(sitting, UserFactory(is_synthetic=True))
    give(allocated(sitting)[0])

    clean_rehearsal(sitting)

    assert (MarkingTask.objects.count(), Mark.objects.count()) == (0, 0)


# --- At the desk --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "points",
    [{}, {"c1": "2"}, {"c1": "1", "c2": "2"}, {"c1": "2", "c2": "3"}, {**FULL, "c3": "2"}, {"c1": "2.0", "c2": "2"}],
)
def test_only_a_full_set_of_bands_can_be_handed_in(points):
    sitting = marked_sitting()
    wrote(sitting)
    mark = allocated(sitting)[0]

    with pytest.raises(MarkIncomplete):
        give(mark, points)

    assert Mark.objects.get(pk=mark.pk).marked_at is None


def test_a_draft_may_have_gaps_and_nothing_that_the_rubric_does_not_know():
    sitting = marked_sitting()
    wrote(sitting)
    mark = allocated(sitting)[0]

    save_draft(mark, points={"c2": "0"}, comment=" unsure ", by=mark.marker)

    stored = Mark.objects.get(pk=mark.pk)
    assert (stored.points, stored.comment, stored.total, stored.marked_at) == ({"c2": "0"}, "unsure", None, None)
    with pytest.raises(MarkIncomplete):
        save_draft(mark, points={"c9": "0"}, comment="", by=mark.marker)


def test_handed_in_is_for_good_and_twice_the_same_changes_nothing():
    sitting = marked_sitting()
    wrote(sitting)
    mark = allocated(sitting)[0]
    give(mark, HALF, comment="Names one.")
    stored = Mark.objects.get(pk=mark.pk)
    entries = AuditEntry.objects.filter(act="mark.handed_in").count()

    give(mark, HALF)

    assert Mark.objects.get(pk=mark.pk).marked_at == stored.marked_at
    assert AuditEntry.objects.filter(act="mark.handed_in").count() == entries == 1
    with pytest.raises(MarkHandedIn):
        give(mark, FULL)
    with pytest.raises(MarkHandedIn):
        save_draft(mark, points=FULL, comment="", by=mark.marker)
    refuses(lambda: Mark.objects.filter(pk=mark.pk).update(total=4))
    refuses(lambda: Mark.objects.filter(pk=mark.pk).update(comment="x"))
    refuses(lambda: Mark.objects.filter(pk=mark.pk).delete())


def test_the_trail_says_who_marked_which_script_and_not_how():
    sitting = marked_sitting()
    wrote(sitting)
    mark = allocated(sitting)[0]

    give(mark, HALF, comment="SECRET REMARK")

    entry = AuditEntry.objects.get(act="mark.handed_in")
    assert (entry.actor_id, entry.details) == (mark.marker_id, {"script": mark.task.script, "round": 1})


def test_a_mark_is_its_markers_alone():
    sitting = marked_sitting()
    wrote(sitting)
    first, second = allocated(sitting)

    for act in (hand_in_mark, save_draft):
        with pytest.raises(NotPermitted):
            act(first, points=FULL, comment="", by=second.marker)
        with pytest.raises(NotPermitted):
            act(first, points=FULL, comment="", by=administrator())
    assert list(Mark.objects.visible_to(second.marker)) == [second]


def test_who_is_no_examiner_any_more_marks_nothing():
    sitting = marked_sitting()
    wrote(sitting)
    mark = allocated(sitting)[0]
    mark.marker.groups.clear()
    marker = type(mark.marker).objects.get(pk=mark.marker_id)

    with pytest.raises(MayNotMark):
        hand_in_mark(mark, points=FULL, comment="", by=marker)
