"""The spare takes a paper's place: two people, and nobody has started."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from exams.actions.delivery import start_attempt
from exams.actions.papers import set_grid
from exams.actions.sittings import cancel_sitting
from exams.actions.spares import confirm_spare_swap, propose_spare_swap, spare_for, withdraw_spare_swap
from exams.errors import NotYourBank, SecondPersonNeeded, SittingStarted, SwapNotPossible
from exams.models import Paper, Sitting, SpareSwap
from tests.exams.assembly.rows import exam_with_bank, sealed, second_administrator
from tests.exams.test_crossing import together
from tests.factories.bank import administrator, cleo
from tests.factories.exams import make_paper, make_registration, make_sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting() -> Sitting:
    """A sitting of paper A; its set has a spare."""
    exam = exam_with_bank({(1, "apply"): 6}, per_paper={1: 2})
    set_grid(exam.blueprint, {(1, "apply"): 2}, by=administrator())
    return make_sitting(sealed(exam).papers.get(letter="A"))


def test_one_proposes_another_confirms(sitting):
    swap = propose_spare_swap(sitting, reason="Paper A was seen in a chat group", by=administrator())
    assert Sitting.objects.get().paper.letter == "A"

    with pytest.raises(SecondPersonNeeded):
        confirm_spare_swap(swap, by=administrator())
    with pytest.raises(NotYourBank):
        confirm_spare_swap(swap, by=cleo())
    confirm_spare_swap(swap, by=second_administrator())
    confirm_spare_swap(swap, by=second_administrator())

    assert Sitting.objects.get().paper.letter == "S"
    attempt = start_attempt(make_registration(sitting))
    assert attempt.paper.letter == "S"
    acts = AuditEntry.objects.filter(act__startswith="spare_swap").order_by("sequence").values_list("act", "actor_name")
    assert list(acts) == [("spare_swap.proposed", "Adam"), ("spare_swap.confirmed", "Second Adam")]


def test_nobody_swaps_what_somebody_has_started(sitting):
    swap = propose_spare_swap(sitting, reason="Seen", by=administrator())
    start_attempt(make_registration(sitting))

    with pytest.raises(SittingStarted):
        confirm_spare_swap(swap, by=second_administrator())
    withdraw_spare_swap(swap, by=administrator())
    with pytest.raises(SittingStarted):
        propose_spare_swap(sitting, reason="Seen", by=administrator())
    assert Sitting.objects.get().paper.letter == "A"
    # Nor does anybody who goes past the action.
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.update(paper=spare_for(sitting))


def test_a_start_that_waited_for_the_swap_gets_the_new_paper(sitting):
    """The registration was read before the swap; what counts is the sitting as it is once its lock is had."""
    registration = make_registration(sitting)
    assert registration.sitting.paper.letter == "A"
    swap = propose_spare_swap(sitting, reason="Seen", by=administrator())
    confirm_spare_swap(swap, by=second_administrator())

    assert start_attempt(registration).paper.letter == "S"


def test_the_database_wants_two_people_and_one_open_swap(sitting):
    swap = propose_spare_swap(sitting, reason="Seen", by=administrator())
    stored = SpareSwap.objects.filter(pk=swap.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        stored.update(status="confirmed", decided_by=administrator(), decided_at=timezone.now())
    with pytest.raises(SwapNotPossible, match="already proposed"):
        propose_spare_swap(sitting, reason="Again", by=second_administrator())
    with pytest.raises(IntegrityError), transaction.atomic():
        SpareSwap.objects.create(
            sitting=sitting, paper_before=swap.paper_before, paper_after=swap.paper_after, reason="x",
            proposed_by=administrator(), proposed_at=timezone.now(),
        )  # fmt: skip
    withdraw_spare_swap(swap, by=second_administrator())
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.update(status="proposed")
    with pytest.raises(SwapNotPossible, match="withdrawn"):
        confirm_spare_swap(swap, by=second_administrator())


def test_a_swap_needs_a_reason_a_spare_and_a_sitting_to_come(sitting):
    with pytest.raises(SwapNotPossible, match="Say why"):
        propose_spare_swap(sitting, reason=" ", by=administrator())
    with pytest.raises(NotYourBank):
        propose_spare_swap(sitting, reason="Seen", by=cleo())
    with pytest.raises(SwapNotPossible, match="no sealed spare"):
        propose_spare_swap(make_sitting(make_paper()), reason="Seen", by=administrator())
    swap = propose_spare_swap(sitting, reason="Seen", by=administrator())
    Paper.objects.filter(pk=swap.paper_after_id).update(status="retired")
    with pytest.raises(SwapNotPossible, match="has changed"):
        confirm_spare_swap(swap, by=second_administrator())
    cancel_sitting(sitting, reason="Moved", by=administrator())
    with pytest.raises(SwapNotPossible, match="over or was cancelled"):
        confirm_spare_swap(swap, by=second_administrator())


def test_whoever_chose_a_language_keeps_it(sitting):
    swap = propose_spare_swap(sitting, reason="Seen", by=administrator())
    make_registration(sitting, language="zh-hans")
    confirm_spare_swap(swap, by=second_administrator())
    assert Sitting.objects.get().paper.letter == "S"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_swaps_and_starts_that_meet_leave_one_paper() -> None:
    """Thirty pairs at the same moment: whoever came first, the attempt and its sitting have the same paper."""
    exam = exam_with_bank({(1, "apply"): 6}, per_paper={1: 2})
    paper = sealed(exam).papers.get(letter="A")
    proposer, second = administrator(), second_administrator()
    won = Counter()
    for _number in range(30):
        sitting = make_sitting(paper)
        registration = make_registration(sitting)
        swap = propose_spare_swap(sitting, reason="Seen", by=proposer)

        def confirm(swap: SpareSwap = swap) -> bool:
            try:
                confirm_spare_swap(swap, by=second)
            except SittingStarted:
                return False
            return True

        attempt, is_swapped = together(partial(start_attempt, registration), confirm)

        letter = Sitting.objects.select_related("paper").get(pk=sitting.pk).paper.letter
        assert (attempt.paper.letter, letter) == (("S", "S") if is_swapped else ("A", "A"))
        won[is_swapped] += 1
    assert sum(won.values()) == 30
