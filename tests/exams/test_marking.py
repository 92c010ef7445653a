"""Answers that people mark: from the hand-in to the result, and everything that is refused on the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry, Role
from common.errors import InvalidInput, NotPermitted
from exams.actions.allocating import allocate_marking, hand_over_marks, set_marking_rule
from exams.actions.marking import hand_in_mark, open_marking, save_draft
from exams.actions.rehearsal import clean_rehearsal
from exams.actions.scoring import score_attempt, score_of
from exams.actions.sittings import assign_staff
from exams.errors import AwaitsMarking, MarkHandedIn, MarkIncomplete, MarkingRuleFixed, MayNotMark, SittingInvalid
from exams.integrity import no_work_is_forgotten, results_match_responses
from exams.models import Attempt, Mark, MarkingTask, Result, SittingStaff
from exams.queries.attempts import closed_unscored
from exams.tasks import score_attempt_task, sweep_exams_task
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator, make_approved, make_paper_of
from tests.factories.exams import make_registration
from tests.factories.marking import FULL, HALF, NOTHING, allocated, give, marked_sitting, wrote
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_partner
from tests.harness.triggers import lifted

pytestmark = pytest.mark.django_db


def task_of(attempt: Attempt) -> MarkingTask:
    return attempt.marking_tasks.get()


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


# --- Who may not mark whom ----------------------------------------------------------------------


def teach(teacher, person, *, ended_days_ago: int) -> None:
    today = timezone.now().date()
    cohort = CohortFactory(
        instructor=teacher, starts_on=today - timedelta(days=2000), ends_on=today - timedelta(days=ended_days_ago)
    )
    PlaceFactory(cohort=cohort, user=person)


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


# --- Arranging ----------------------------------------------------------------------------------


def test_the_rule_of_an_exam_changes_only_between_attempts():
    sitting = marked_sitting(marking="single")
    exam, adam = sitting.exam, administrator()

    changed = set_marking_rule(exam, marking="double", third_above_percent=30, by=adam)
    assert (changed.marking, changed.third_marker_above_percent) == ("double", 30)
    entry = AuditEntry.objects.get(act="exam.marking_rule_set")
    assert entry.details == {"marking": "double", "third_marker_above_percent": 30}

    wrote(sitting)
    set_marking_rule(exam, marking="double", third_above_percent=30, by=adam)
    with pytest.raises(MarkingRuleFixed):
        set_marking_rule(exam, marking="single", third_above_percent=30, by=adam)


@pytest.mark.parametrize(("marking", "percent"), [("triple", 10), ("double", 101), ("double", -1)])
def test_a_rule_that_makes_no_sense_is_refused(marking, percent):
    exam = marked_sitting().exam

    with pytest.raises(InvalidInput):
        set_marking_rule(exam, marking=marking, third_above_percent=percent, by=administrator())


def test_only_administrators_arrange():
    sitting = marked_sitting()
    wrote(sitting)
    mark = allocated(sitting)[0]
    examiner = mark.marker

    with pytest.raises(NotPermitted):
        allocate_marking(sitting, by=examiner)
    with pytest.raises(NotPermitted):
        set_marking_rule(sitting.exam, marking="single", third_above_percent=0, by=examiner)
    with pytest.raises(NotPermitted):
        hand_over_marks(sitting, giver=examiner, taker=examiner, reason="x", by=examiner)


def test_without_examiners_on_duty_nothing_is_given():
    sitting = marked_sitting(examiners=0)
    wrote(sitting)

    with pytest.raises(InvalidInput, match="No examiner is on duty"):
        allocate_marking(sitting, by=administrator())


def test_with_one_examiner_a_double_marking_waits_for_a_second():
    sitting = marked_sitting(examiners=1)
    task = task_of(wrote(sitting))

    outcome = allocate_marking(sitting, by=administrator())
    assert (outcome.given, outcome.left) == (1, (task.script,))
    assert task_of(task.attempt).status == "waiting"

    assign_staff(sitting, staff(Role.EXAMINER, "Second"), duty="examiner", by=administrator())
    assert allocate_marking(sitting, by=administrator()).given == 1
    assert task_of(task.attempt).status == "assigned"


def test_what_is_given_stays_when_more_comes_in():
    sitting = marked_sitting()
    wrote(sitting)
    before = allocated(sitting)
    wrote(sitting)

    after = allocated(sitting)

    assert [mark.marker for mark in after[:2]] == [mark.marker for mark in before]
    assert len(after) == 4
    assert AuditEntry.objects.filter(act="marking.allocated").count() == 2
    allocated(sitting)
    assert AuditEntry.objects.filter(act="marking.allocated").count() == 2


def test_examiners_may_join_when_the_sitting_is_closed_and_invigilators_may_not():
    sitting = marked_sitting(examiners=0, sitting={"status": "closed"})
    assign_staff(sitting, staff(Role.EXAMINER, "Late"), duty="examiner", by=administrator())

    with pytest.raises(SittingInvalid):
        assign_staff(sitting, staff(Role.INVIGILATOR, "Later"), duty="invigilator", by=administrator())
    assert sitting.staff.count() == 1


def test_handing_over_moves_what_is_open_without_its_draft():
    sitting = marked_sitting(marking="single", examiners=2)
    for _ in range(4):
        wrote(sitting)
    marks = allocated(sitting)
    giver = marks[0].marker
    taker = next(mark.marker for mark in marks if mark.marker != giver)
    theirs = [mark for mark in marks if mark.marker == giver]
    give(theirs[0])
    save_draft(theirs[1], points={"c1": "2"}, comment="draft", by=giver)

    outcome = hand_over_marks(sitting, giver=giver, taker=taker, reason="Ill", by=administrator())

    assert (outcome.given, outcome.left) == (1, ())
    moved = Mark.objects.get(pk=theirs[1].pk)
    assert (moved.marker, moved.points, moved.comment) == (taker, {}, "")
    assert Mark.objects.get(pk=theirs[0].pk).marker == giver
    entry = AuditEntry.objects.get(act="marking.handed_over")
    assert entry.details == {"from": giver.pk, "to": taker.pk, "marks": 1, "left": 0, "reason": "Ill"}


def test_what_the_other_may_not_mark_stays_and_is_named():
    sitting = marked_sitting(examiners=3)
    ada = UserFactory()
    wrote(sitting, ada)
    first, second = allocated(sitting)
    third = sitting.staff.exclude(user__in=[first.marker, second.marker]).get().user
    teach(third, ada, ended_days_ago=1)

    for taker in (second.marker, third):
        outcome = hand_over_marks(sitting, giver=first.marker, taker=taker, reason="Ill", by=administrator())
        assert (outcome.given, outcome.left) == (0, (first.task.script,))
    assert Mark.objects.get(pk=first.pk).marker == first.marker


def test_handing_over_needs_a_reason_and_another_examiner_on_duty():
    sitting = marked_sitting(examiners=2)
    wrote(sitting)
    first, second = allocated(sitting)
    stranger = staff(Role.EXAMINER, "Stranger")
    for taker, reason in ((second.marker, "  "), (first.marker, "Ill"), (stranger, "Ill")):
        with pytest.raises(InvalidInput):
            hand_over_marks(sitting, giver=first.marker, taker=taker, reason=reason, by=administrator())


def test_scripts_of_one_person_have_nothing_in_common():
    sitting = marked_sitting("essay", "essay")
    scripts = [task.script for task in wrote(sitting).marking_tasks.all()]

    assert len(set(scripts)) == 2
    assert all(len(script) == 8 and script.isdigit() for script in scripts)


def test_an_instructor_of_somebody_else_marks():
    """The rule is about this candidate, not about instructing."""
    home = make_partner()
    teacher = make_instructor(home)
    sitting = marked_sitting(marking="single", examiners=1)
    teach(sitting.staff.get().user, UserFactory(), ended_days_ago=0)
    teach(teacher, UserFactory(), ended_days_ago=0)
    wrote(sitting)

    assert allocate_marking(sitting, by=administrator()).given == 1
