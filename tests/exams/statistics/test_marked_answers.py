"""Reports on papers with answers that people mark: what they settled counts, what nobody marks on trial is left out."""

from __future__ import annotations

import pytest

from exams.actions.reporting import build_report, request_report
from exams.actions.scoring import score_attempt
from exams.actions.sealing import seal_paper
from exams.queries.statistics import answers_of
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator, make_approved, make_paper_of
from tests.factories.exams import make_sitting
from tests.factories.marking import HALF, allocated, give, marked_sitting, wrote

pytestmark = pytest.mark.django_db


def test_settled_points_are_reported_as_partial_credit():
    sitting = marked_sitting(marking="single")
    attempts = [wrote(sitting) for _ in range(3)]
    for mark in allocated(sitting):
        give(mark, HALF)
    for attempt in attempts:
        score_attempt(attempt.pk)

    found = answers_of(sitting.paper)

    assert found.points.tolist() == [[0, 2]] * 3
    assert build_report(request_report(sitting.paper, by=administrator()).pk).status == "ready"


def test_an_essay_on_trial_is_left_out_because_nobody_marks_it():
    first = make_approved("true_false")
    paper = make_paper_of([first, make_approved("essay", first.item.bank)], trial=("essay",))
    wrote(make_sitting(seal_paper(paper, by=UserFactory())))

    assert [item["position"] for item in answers_of(paper).items] == [1]
    assert build_report(request_report(paper, by=administrator()).pk).status == "ready"
