"""Arranging marking: the rule of an exam, giving answers out, handing them over."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry, Role
from common.errors import InvalidInput, NotPermitted
from exams.actions.allocating import allocate_marking, hand_over_marks, set_marking_rule
from exams.actions.marking import save_draft
from exams.actions.sittings import assign_staff
from exams.errors import MarkingRuleFixed, SittingInvalid
from exams.models import Mark
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator
from tests.factories.marking import allocated, give, marked_sitting, task_of, teach, wrote
from tests.factories.partners import make_instructor, make_partner

pytestmark = pytest.mark.django_db


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
