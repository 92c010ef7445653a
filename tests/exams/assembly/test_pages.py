"""Parallel papers in the back office, as an administrator walks them."""

from __future__ import annotations

import html
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams.actions.gap_reports import work_out_gaps
from exams.actions.paper_sets import assemble_paper_set
from exams.actions.papers import set_grid
from exams.models import GapReport, ItemEstimate, PaperSet, Sitting, SpareSwap
from tests.exams.assembly.rows import assembled, exam_with_bank, fill_bank, sealed, second_administrator
from tests.exams.back_office import signed_in
from tests.factories.bank import administrator
from tests.factories.exams import make_sitting

pytestmark = pytest.mark.django_db
GRID = {(1, "apply"): 2, (2, "apply"): 1}


@pytest.fixture
def exam():
    exam = exam_with_bank({(1, "apply"): 6, (2, "apply"): 3}, per_paper={1: 2, 2: 1})
    set_grid(exam.blueprint, GRID, by=administrator())
    return exam


@pytest.fixture
def desk():
    return signed_in(administrator())


def text(answer):
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def asked(exam, **changes):
    return {
        "exam": exam.pk, "code": "2027-1", "paper_count": 2, "has_spare": "on", "borderline_spread": "0.5",
        "minutes_spread": "3.0", "most_common": 0, "most_key_percent": 100, "most_seen": "", "target": "",
        "information_spread_percent": 10, "ability": 0, "seed": 5, **changes,
    }  # fmt: skip


def test_from_the_request_to_the_seal(exam, desk):
    answer = desk.post(reverse("paper_sets:add"), asked(exam))
    paper_set = PaperSet.objects.get()
    page = reverse("paper_sets:detail", args=[paper_set.uuid])
    assert answer.url == page
    assert "Waiting for a worker." in text(desk.get(page))

    assemble_paper_set(paper_set.pk)

    done = text(desk.get(page))
    assert "all rules kept" in done
    assert "Seal all papers" in done
    sealed_page = text(desk.post(reverse("paper_sets:seal", args=[paper_set.uuid]), follow=True))
    paper_set.refresh_from_db()
    assert paper_set.digest in sealed_page
    paper = paper_set.papers.get(letter="S")
    assert "The whole set" in text(desk.get(reverse("papers:detail", args=[paper.uuid])))


def test_one_paper_of_a_set_cannot_be_sealed_alone(exam, desk):
    paper = assembled(exam).papers.get(letter="A")

    answer = text(desk.post(reverse("papers:seal", args=[paper.uuid]), follow=True))

    assert "sealed and discarded together" in answer
    paper.refresh_from_db()
    assert paper.status == "draft"


def test_what_is_missing_is_said_in_words_in_both_languages(exam, desk):
    paper_set = assembled(exam, paper_count=4)

    assert "5 more approved items in area 1, apply" not in text(desk.get(reverse("paper_sets:index")))
    page = text(desk.get(reverse("paper_sets:detail", args=[paper_set.uuid])))
    assert "4 more approved items in area 1, apply" in page
    assert "2 more approved items in area 2, apply" in page
    fill_bank(exam.blueprint.bank, {(1, "apply"): 4, (2, "apply"): 2})
    desk.post(reverse("paper_sets:retry", args=[paper_set.uuid]))
    assert assemble_paper_set(paper_set.pk).status == "done"
    desk.post(reverse("paper_sets:discard", args=[paper_set.uuid]))
    assert not PaperSet.objects.exists()


def test_a_form_that_does_not_fit_says_so_and_opens_the_limits(exam, desk):
    page = text(desk.post(reverse("paper_sets:add"), asked(exam, most_key_percent=7, paper_count=9)))

    assert "greater than or equal to 25" in page
    assert '<details class="bank-more" open>' in page
    assert not PaperSet.objects.exists()


def test_the_list_costs_the_same_for_one_set_and_for_three(exam, desk):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            text(desk.get(reverse("paper_sets:index")))
        return len(seen)

    assert "No papers have been assembled yet." in text(desk.get(reverse("paper_sets:index")))
    assembled(exam, code="1")
    one = queries()
    assembled(exam, code="2")
    assembled(exam, code="3")
    assert queries() == one


def test_the_page_of_a_set_costs_the_same_for_more_papers(desk):
    def queries(count):
        exam = exam_with_bank({(1, "apply"): 10}, per_paper={1: 1 + count})
        paper_set = assembled(exam, paper_count=count, has_spare=False)
        assert paper_set.status == "done"
        with CaptureQueriesContext(connection) as seen:
            text(desk.get(reverse("paper_sets:detail", args=[paper_set.uuid])))
        return len(seen)

    queries(1)
    assert queries(2) == queries(1)


def test_the_grid_is_laid_down_shown_and_taken_away(exam, desk):
    page = reverse("blueprints:grid", args=[exam.blueprint.code])
    detail = reverse("blueprints:detail", args=[exam.blueprint.code])

    wrong = text(desk.post(page, {"cell_1_apply": 1, "cell_2_apply": 1}))
    assert "Area 1: its levels add up to 1 items instead of 2." in wrong
    assert desk.post(page, {"cell_1_apply": 1, "cell_1_remember": 1, "cell_2_apply": 1}).url == detail
    assert "Change the grid" in text(desk.get(detail))
    exam.blueprint.lines.filter(number=2).update(items=2)
    assert "Area 2: the grid adds up to 1 items, the blueprint says 2." in text(desk.get(detail))
    desk.post(page, {"clear": "1"})
    assert "This blueprint has no grid" in text(desk.get(detail))


def test_the_gap_report_is_asked_for_and_read(exam, desk):
    page = reverse("paper_sets:gaps", args=[exam.blueprint.code])
    assert "Nobody has asked for this blueprint yet." in text(desk.get(page))

    desk.post(page, {"paper_count": 4})
    assert "Waiting for a worker." in text(desk.get(page))
    work_out_gaps(GapReport.objects.get().pk)

    answer = text(desk.get(page))
    assert "2 more approved items in area 1, apply" in answer
    assert "1 more approved item in area 2, apply" in answer


def test_estimates_are_pasted_all_or_none(exam, desk):
    page = reverse("paper_sets:estimates", args=[exam.blueprint.code])
    ItemEstimate.objects.all().delete()

    wrong = text(desk.post(page, {"source": "judged", "lines": "I-0001 0.65\nNOPE 0.5\nI-0002 much\nI-0003"}))
    assert "Line 2: the bank has no approved item NOPE." in wrong
    assert "Line 3: “much” is not a number." in wrong
    assert "Line 4: after the code comes one number, or three." in wrong
    too_much = text(desk.post(page, {"source": "judged", "lines": "I-0001 0.65\nI-0002 1.5"}))
    assert "between 0 and 1" in too_much
    assert not ItemEstimate.objects.exists()

    desk.post(page, {"source": "calibrated", "lines": "I-0001 0.65\nI-0002\t-\t1.20\t-0.35\n\n"})
    stored = ItemEstimate.objects.order_by("pk").values_list("borderline", "discrimination", "difficulty")
    assert list(stored) == [(Decimal("0.65"), None, None), (None, Decimal("1.2"), Decimal("-0.35"))]


def test_the_spare_is_proposed_by_one_and_confirmed_by_another(exam, desk):
    sitting = make_sitting(sealed(exam).papers.get(letter="A"))
    page = reverse("paper_sets:swap", args=[sitting.uuid])
    assert "Paper and spare" in text(desk.get(reverse("sittings:detail", args=[sitting.uuid])))

    desk.post(page, {"reason": "Seen in a chat group"})
    swap = SpareSwap.objects.get()
    mine = text(desk.get(page))
    assert "You proposed this" in mine
    assert "Confirm the swap" not in mine
    refused = text(desk.post(reverse("paper_sets:confirm_swap", args=[swap.uuid]), follow=True))
    assert "A second person has to confirm it" in refused
    assert Sitting.objects.get().paper.letter == "A"

    other = signed_in(second_administrator())
    assert "Confirm the swap" in text(other.get(page))
    assert "The spare has taken the paper's place." in text(
        other.post(reverse("paper_sets:confirm_swap", args=[swap.uuid]), follow=True)
    )
    assert Sitting.objects.get().paper.letter == "S"


def test_no_page_of_a_set_shows_what_an_item_asks_or_its_key(exam, desk):
    paper_set = sealed(exam)

    page = text(desk.get(reverse("paper_sets:detail", args=[paper_set.uuid])))

    assert "I-0001 en" not in page
    assert "Because." not in page
