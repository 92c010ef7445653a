"""From stored answers to a result."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.utils import timezone

from exams.actions.delivery import start_attempt, submit_attempt
from exams.actions.scoring import scaled, score_attempt
from exams.errors import AttemptStillOpen
from exams.models import Option, PaperItem, Response, Result
from exams.signals import attempt_scored
from tests.factories.exams import make_paper, make_registration, make_sitting

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


def right_answer(item: PaperItem):
    keys = list(Option.objects.filter(version=item.version, is_key=True).values_list("token", flat=True))
    return {
        "single_choice": lambda: {"choice": keys[0]},
        "multiple_response": lambda: {"choices": sorted(keys)},
        "numeric": lambda: {"value": "3.14"},
        "short_text": lambda: {"text": "SecretWord"},
    }[item.version.item.type]()


def sit(answered, paper=None):
    """A closed attempt that answered these positions rightly."""
    attempt = start_attempt(make_registration(make_sitting(paper or make_paper())))
    for item in attempt.paper.items.filter(position__in=answered):
        Response.objects.create(
            attempt=attempt, position=item.position, seq=1, body=json.dumps(right_answer(item)), saved_at=timezone.now()
        )
    return submit_attempt(attempt, lease=attempt.lease)


def test_score_attempt_adds_scored_items_by_area_and_leaves_pretest_out():
    result = score_attempt(sit([1, 2, 3, 5]).pk)

    assert (result.raw_score, result.max_score, result.cut_score) == (3, 4, Decimal("2.4"))
    assert (result.outcome, result.scaled_score, result.is_provisional) == ("passed", 613, True)
    assert [(area["number"], area["raw"], area["max"], area["percent"]) for area in result.areas] == [
        (1, "2", "2", 100),
        (2, "1", "2", 50),
    ]
    assert result.positions["5"] == {"points": "1", "max": "1", "scored": False}
    assert result.status == "held"


def test_score_attempt_twice_is_one_result_and_one_piece_of_news(django_capture_on_commit_callbacks):
    attempt = sit([1])
    heard = []

    def hear(result_id, **_facts):
        heard.append(result_id)

    attempt_scored.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        first, second = score_attempt(attempt.pk), score_attempt(attempt.pk)
    attempt_scored.disconnect(hear)

    assert list(Result.objects.all()) == [first] == [second]
    assert heard == [first.pk]


def test_an_open_attempt_is_not_scored():
    attempt = start_attempt(make_registration())

    with pytest.raises(AttemptStillOpen):
        score_attempt(attempt.pk)


def test_nothing_answered_is_200_and_everything_800():
    assert score_attempt(sit([]).pk).scaled_score == 200
    assert score_attempt(sit([1, 2, 3, 4, 5]).pk).scaled_score == 800


def test_the_floor_of_an_area_fails_a_candidate_above_the_cut():
    paper = make_paper(cut_percent=Decimal(50))
    blueprint = paper.exam.blueprint
    blueprint.area_floor_percent = 40
    blueprint.save()

    assert score_attempt(sit([1, 2], paper).pk).outcome == "failed"
    assert score_attempt(sit([1, 3], paper).pk).outcome == "passed"


@pytest.mark.parametrize(
    ("raw", "points"),
    [("0", 200), ("12", 350), ("23.999", 499), ("24", 500), ("24.001", 500), ("32", 650), ("40", 800)],
)
def test_the_scale_bends_at_the_cut(raw, points):
    assert scaled(Decimal(raw), Decimal(24), Decimal(40)) == points


def test_a_cut_at_nothing_or_at_everything_does_not_divide_by_zero():
    assert scaled(Decimal(0), Decimal(0), Decimal(0)) == 800
    assert scaled(Decimal(40), Decimal(40), Decimal(40)) == 800
    assert scaled(Decimal(39), Decimal(40), Decimal(40)) == 493
