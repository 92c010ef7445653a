"""A study from opening to decision: blind first, complete, decided by two, before anybody has seen a result."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from common.errors import InvalidInput, NotPermitted
from exams.actions.cut_studies import (
    JudgeLimits,
    add_judge,
    begin_round,
    confirm_cut,
    excuse_judge,
    open_study,
    propose_cut,
    rate_items,
    send_back_proposal,
)
from exams.errors import CutLocked, RatingsMissing, SecondPersonNeeded, StudyElsewhere
from exams.models import Attempt, CutDecision, CutRating, CutStudy, ItemEstimate, Result
from exams.queries.cut_studies import figures, ratable_items
from tests.factories.accounts import UserFactory, staff
from tests.factories.exams import make_paper, make_registration, make_sitting
from tests.factories.results import release_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair():
    return staff(Role.ADMINISTRATOR, "Chair")


@pytest.fixture
def officer():
    return staff(Role.CERTIFICATION_OFFICER, "Officer")


@pytest.fixture
def judges():
    return [staff(Role.EXAMINER, "Judge One"), staff(Role.ITEM_REVIEWER, "Judge Two")]


@pytest.fixture
def study(chair, judges):
    study = open_study(make_paper(), borderline="Just able.", borderline_zh="刚好达到。", by=chair)
    for judge in judges:
        add_judge(study, judge, by=chair)
    return study


def rate_all(study, judge, percent):
    rate_items(study, {item.position: percent for item in ratable_items(study.paper)}, by=judge)


def proposed(study, chair, judges, percent="55"):
    for _number in (1, 2):
        begin_round(study, by=chair)
        study.refresh_from_db()
        for judge, said in zip(judges, (50, 60), strict=True):
            rate_all(study, judge, said)
    return propose_cut(study, percent=Decimal(percent), reason="Both rounds agree.", by=chair)


def test_the_whole_way(study, chair, officer, judges):
    study = proposed(study, chair, judges)

    decision = confirm_cut(study, by=officer)

    study.refresh_from_db()
    assert (study.status, decision.cut_percent) == ("decided", Decimal("55.00"))
    assert figures(study, 2).percent == pytest.approx(55)
    # What the judges said of each item is what later papers are balanced by.
    judged = ItemEstimate.objects.filter(source="judged", version__paper_items__in=ratable_items(study.paper))
    assert [estimate.borderline for estimate in judged] == [Decimal("0.5500")] * len(ratable_items(study.paper))
    acts = set(AuditEntry.objects.filter(act__startswith="cut_study").values_list("act", flat=True))
    assert acts == {
        "cut_study.opened",
        "cut_study.judge_added",
        "cut_study.round_began",
        "cut_study.proposed",
        "cut_study.decided",
    }


def test_only_one_study_runs_and_only_of_a_sealed_paper(study, chair):
    with pytest.raises(StudyElsewhere):
        open_study(study.paper, borderline="x", borderline_zh="x", by=chair)
    with pytest.raises(InvalidInput, match="seal the paper"):
        open_study(make_paper(sealed=False), borderline="x", borderline_zh="x", by=chair)
    with pytest.raises(InvalidInput, match="both languages"):
        open_study(make_paper(), borderline="x", borderline_zh=" ", by=chair)


def test_only_administrators_run_a_study(study, officer, judges):
    for act in (
        lambda: open_study(make_paper(), borderline="x", borderline_zh="x", by=officer),
        lambda: add_judge(study, judges[0], by=judges[0]),
        lambda: begin_round(study, by=officer),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_judge_has_a_judges_role_and_joins_before_it_begins(study, chair, judges):
    with pytest.raises(InvalidInput):
        add_judge(study, UserFactory(), by=chair)
    begin_round(study, by=chair)
    with pytest.raises(RatingsMissing):
        add_judge(study, staff(Role.EXAMINER, "Late"), by=chair)


def test_round_2_waits_for_everybody_who_counts(study, chair, judges):
    begin_round(study, by=chair)
    rate_all(study, judges[0], 50)

    with pytest.raises(RatingsMissing, match="Judge Two"):
        begin_round(study, by=chair)

    third = study.judges.get(user=judges[1])
    with pytest.raises(InvalidInput):
        excuse_judge(third, reason=" ", by=chair)
    excuse_judge(third, reason="Fell ill", by=chair)
    with pytest.raises(RatingsMissing, match="two judges"):
        begin_round(study, by=chair)


def test_ratings_are_percentages_of_this_papers_scored_items(study, chair, judges):
    with pytest.raises(RatingsMissing, match="No round"):
        rate_items(study, {1: 50}, by=judges[0])
    begin_round(study, by=chair)
    for wrong in ({1: 101}, {1: -1}, {999: 50}):
        with pytest.raises(InvalidInput):
            rate_items(study, wrong, by=judges[0])
    with pytest.raises(NotPermitted):
        rate_items(study, {1: 50}, by=chair)
    unscored = study.paper.items.filter(is_scored=False).values_list("position", flat=True).first()
    with pytest.raises(InvalidInput):
        rate_items(study, {unscored: 50}, by=judges[0])


def test_limits_are_kept_in_order(study, chair, judges):
    begin_round(study, by=chair)

    with pytest.raises(InvalidInput, match="lowest acceptable"):
        rate_items(study, {}, by=judges[0], limits=JudgeLimits(70, 50, 10, 20, 60, 60))
    rate_items(study, {}, by=judges[0], limits=JudgeLimits(50, 70, 10, 20, 60, 65))

    assert study.judges.get(user=judges[0]).expected_passes == 65


def test_the_first_round_closes_in_the_database_too(study, chair, judges):
    proposed(study, chair, judges)

    with pytest.raises(IntegrityError), transaction.atomic():
        CutRating.objects.filter(round=1).update(percent=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CutRating.objects.filter(round=2).update(percent=1)


def test_nobody_confirms_what_they_proposed(study, chair, judges):
    study = proposed(study, chair, judges)

    with pytest.raises(SecondPersonNeeded):
        confirm_cut(study, by=chair)
    with pytest.raises(NotPermitted):
        confirm_cut(study, by=judges[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        CutDecision.objects.create(
            paper=study.paper,
            study=study,
            cut_percent=55,
            reason="x",
            proposed_by=chair,
            confirmed_by=chair,
            decided_at=timezone.now(),
        )


def test_a_proposal_goes_back_with_a_reason(study, chair, officer, judges):
    study = proposed(study, chair, judges)

    with pytest.raises(InvalidInput):
        send_back_proposal(study, reason="", by=officer)
    assert send_back_proposal(study, reason="Too few judges from industry.", by=officer).status == "round_2"


def test_held_results_are_judged_by_the_decided_cut_at_once(study, chair, officer, judges):
    result = held(study.paper, raw=2, most=4)
    study = proposed(study, chair, judges, percent="50")

    confirm_cut(study, by=officer)

    result.refresh_from_db()
    assert (result.cut_score, result.outcome, result.scaled_score, result.is_provisional) == (2, "passed", 500, False)


def test_a_cut_is_locked_once_a_result_is_visible(study, chair, officer, judges):
    study = proposed(study, chair, judges)
    release_result(held(study.paper, raw=2, most=4), by=officer)

    with pytest.raises(CutLocked):
        confirm_cut(study, by=officer)


def test_a_decision_never_changes(study, chair, officer, judges):
    decision = confirm_cut(proposed(study, chair, judges), by=officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        CutDecision.objects.filter(pk=decision.pk).update(cut_percent=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        CutDecision.objects.filter(pk=decision.pk).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        CutStudy.objects.filter(pk=study.pk).update(status="round_2")
    with pytest.raises(CutLocked):
        open_study(study.paper, borderline="x", borderline_zh="x", by=chair)


def held(paper, *, raw, most):
    """A held result of this paper, as scoring would have stored it."""
    now = timezone.now()
    attempt = Attempt.objects.create(
        registration=make_registration(make_sitting(paper), UserFactory()),
        paper=paper,
        language="en",
        status="submitted",
        lease="l",
        started_at=now,
        closes_at=now,
        accept_until=now,
        submitted_at=now,
        receipt={"digest": "0" * 64},
    )
    return Result.objects.create(
        attempt=attempt,
        raw_score=raw,
        max_score=most,
        cut_score=Decimal("2.4"),
        scaled_score=450,
        outcome="failed",
        scored_at=now,
    )


def test_a_result_scored_while_the_cut_was_decided_is_judged_at_its_release(study, chair, officer, judges):
    confirm_cut(proposed(study, chair, judges, percent="50"), by=officer)
    late = held(study.paper, raw=2, most=4)

    assert release_result(late, by=officer).outcome == "passed"


# --- Pages ---------------------------------------------------------------------------------------


def open_as(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_judge_sees_their_own_study_and_no_other(client, study, judges, chair):
    begin_round(study, by=chair)
    page = open_as(client, judges[0]).get(reverse("cut_studies:rate", args=[study.uuid]))
    assert page.status_code == 200

    stranger = open_as(client, staff(Role.EXAMINER, "Stranger"))
    assert stranger.get(reverse("cut_studies:rate", args=[study.uuid])).status_code == 404
    assert stranger.get(reverse("cut_studies:detail", args=[study.uuid])).status_code == 404
    assert str(study).encode() not in stranger.get(reverse("cut_studies:index")).content


def test_round_1_is_blind_for_the_board_and_for_other_judges(client, study, judges, chair):
    begin_round(study, by=chair)
    rate_all(study, judges[0], 73)

    board = open_as(client, chair).get(reverse("cut_studies:detail", args=[study.uuid])).content.decode()
    assert not re.search(r"\b73\b", re.sub(re.escape(str(study.uuid)), "", board))
    other = open_as(client, judges[1]).get(reverse("cut_studies:rate", args=[study.uuid]))
    assert b'value="73"' not in other.content and b"mean 73" not in other.content


def test_a_judge_rates_by_form_and_round_2_shows_the_discussion(client, study, judges, chair):
    begin_round(study, by=chair)
    fields = {f"p{item.position}": "40" for item in ratable_items(study.paper)}
    for judge in judges:
        answer = open_as(client, judge).post(reverse("cut_studies:rate", args=[study.uuid]), fields)
        assert answer.status_code == 302
    open_as(client, chair).post(reverse("cut_studies:begin", args=[study.uuid]))

    page = open_as(client, judges[0]).get(reverse("cut_studies:rate", args=[study.uuid])).content.decode()
    assert "Judges in round 1: mean 40, from 40 to 40." in page and "You said 40." in page


def test_the_board_page_shows_figures_and_takes_the_decision(client, study, chair, officer, judges):
    proposed(study, chair, judges)

    page = open_as(client, officer).get(reverse("cut_studies:detail", args=[study.uuid])).content.decode()
    assert "Confirm this cut" in page and "Mean cut" in page
    assert (
        "Confirm this cut" not in open_as(client, chair).get(reverse("cut_studies:detail", args=[study.uuid])).content.decode()
    )

    open_as(client, officer).post(reverse("cut_studies:confirm", args=[study.uuid]))
    assert CutDecision.objects.get(paper=study.paper).confirmed_by == officer


def test_query_counts_do_not_grow_with_judges(client, study, chair, judges, django_assert_max_num_queries):
    proposed(study, chair, judges)
    open_as(client, chair)
    with django_assert_max_num_queries(60):
        client.get(reverse("cut_studies:detail", args=[study.uuid]))
