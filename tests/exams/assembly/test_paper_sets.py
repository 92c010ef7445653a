"""Sets of papers as rows: asked for, assembled by a worker, sealed together."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from common.integrity import run_checks
from exams.actions import claims
from exams.actions.bank import set_enemies
from exams.actions.estimates import set_estimate
from exams.actions.gap_reports import renew_old_gap_reports, request_gap_report, work_out_gaps
from exams.actions.paper_sets import (
    assemble_paper_set,
    discard_paper_set,
    request_paper_set,
    retry_paper_set,
    seal_paper_set,
)
from exams.actions.papers import discard_paper, set_grid
from exams.actions.sealing import seal_paper
from exams.errors import BlueprintInvalid, CodeTaken, NotYourBank, PaperInUse, PaperSetNotValid, SealedTogether
from exams.models import GapReport, ItemEstimate, Paper, PaperItem, PaperSet, Stimulus
from exams.queries.assembling import exposure, pool_of
from exams.queries.paper_sets import findings_of, gap_sentences, gaps_of, news_since, stored_papers
from exams.tasks import assemble_paper_set_task, sweep_assembly
from tests.exams.assembly.rows import assembled, exam_with_bank, fill_bank, sealed
from tests.factories.bank import administrator, cleo
from tests.factories.exams import make_registration, make_sitting

pytestmark = pytest.mark.django_db
CELLS = {(1, "remember"): 8, (1, "apply"): 8, (2, "apply"): 8}
GRID = {(1, "remember"): 2, (1, "apply"): 2, (2, "apply"): 2}


@pytest.fixture
def exam():
    """Papers of four and two items on a grid, from a bank that has enough for two and a spare."""
    exam = exam_with_bank(CELLS, per_paper={1: 4, 2: 2}, pretest_items=1)
    set_grid(exam.blueprint, GRID, by=administrator())
    return exam


def test_two_papers_and_a_spare_are_assembled_and_sealed_with_one_digest(exam):
    paper_set = sealed(exam)

    papers = list(paper_set.papers.order_by("letter"))
    assert [(paper.code, paper.letter, paper.is_spare, paper.status) for paper in papers] == [
        ("2027-A", "A", False, "sealed"), ("2027-B", "B", False, "sealed"), ("2027-S", "S", True, "sealed"),
    ]  # fmt: skip
    for paper in papers:
        scored = paper.items.filter(is_scored=True).select_related("version__item")
        assert Counter((row.content_area, row.version.item.cognitive_level) for row in scored) == GRID
        assert paper.items.filter(is_scored=False).count() == 1
    items = PaperItem.objects.filter(paper__set=paper_set).values_list("version__item", flat=True)
    assert len(set(items)) == len(items) == 21
    assert (paper_set.status, len(paper_set.digest)) == ("sealed", 64)
    assert findings_of(paper_set) == []
    acts = AuditEntry.objects.filter(act__startswith="paper_set").order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["paper_set.requested", "paper_set.assembled", "paper_set.sealed"]
    assert seal_paper_set(paper_set, by=administrator()).digest == paper_set.digest


def test_the_same_bank_and_seed_give_the_same_papers_again(exam):
    first, second = assembled(exam, code="one"), assembled(exam, code="two")

    def positions(paper_set):
        rows = PaperItem.objects.filter(paper__set=paper_set)
        return list(rows.order_by("paper__letter", "position").values_list("position", "version", "is_scored"))

    assert positions(first) == positions(second)
    assert first.facts["pool"] == second.facts["pool"]


def test_a_bank_short_of_two_items_says_exactly_that():
    short = exam_with_bank({**CELLS, (1, "apply"): 4}, per_paper={1: 4, 2: 2})
    set_grid(short.blueprint, GRID, by=administrator())

    paper_set = assembled(short)

    assert paper_set.status == "infeasible"
    assert gap_sentences(gaps_of(paper_set.report)) == ["2 more approved items in area 1, apply"]
    assert not paper_set.papers.exists()
    fill_bank(short.blueprint.bank, {(1, "apply"): 2})
    again = retry_paper_set(paper_set, by=administrator())
    assert assemble_paper_set(again.pk).status == "done"


def test_a_limit_that_is_too_tight_is_named_with_what_would_do():
    tight = exam_with_bank({(1, "apply"): 2}, per_paper={1: 1})
    ItemEstimate.objects.filter(version__item__bank=tight.blueprint.bank, version__item__code="I-0001").update(
        borderline=Decimal("0.4")
    )
    ItemEstimate.objects.filter(version__item__bank=tight.blueprint.bank, version__item__code="I-0002").update(
        borderline=Decimal("0.6")
    )

    paper_set = assembled(tight, paper_count=2, has_spare=False)

    assert paper_set.status == "infeasible"
    assert paper_set.report["gaps"] == []
    assert paper_set.report["tight"] == {"borderline_spread": 2500}


def test_by_weight_all_papers_have_one_grid_near_the_mix():
    exam = exam_with_bank(CELLS, per_paper={1: 4, 2: 2}, cognitive_mix={"remember": 30, "apply": 70})

    paper_set = assembled(exam)

    grids = {
        paper.letter: Counter(paper.items.values_list("content_area", "version__item__cognitive_level").order_by())
        for paper in paper_set.papers.all()
    }
    assert len(grids) == 3
    assert grids["A"] == grids["B"] == grids["S"]
    assert findings_of(paper_set) == []


def test_cases_stay_whole_and_side_by_side(exam, without_triggers):
    bank = exam.blueprint.bank
    case = Stimulus.objects.create(bank=bank, code="CASE-1")
    members = list(bank.items.filter(content_area=1, cognitive_level="apply")[:2])

    with without_triggers("exams_itemversion"):
        case.versions.model.objects.filter(item__in=members).update(stimulus=case)
    found = 0
    for seed in range(4):
        paper_set = assembled(exam, code=f"s{seed}", seed=seed)
        assert findings_of(paper_set) == []
        for paper in paper_set.papers.all():
            at = list(paper.items.filter(version__stimulus=case).order_by("position").values_list("position", flat=True))
            assert at == [] or at == [at[0], at[0] + 1]
            found += bool(at)
    assert found


def test_a_set_is_refused_without_the_role_with_a_taken_code_or_a_broken_grid(exam):
    with pytest.raises(NotYourBank):
        request_paper_set(exam, code="x", paper_count=2, by=cleo())
    assembled(exam)
    with pytest.raises(CodeTaken):
        request_paper_set(exam, code="2027", paper_count=2, by=administrator())
    exam.blueprint.lines.filter(number=1).update(items=5)
    with pytest.raises(BlueprintInvalid, match=r"Area 1: the grid adds up to 4 items, the blueprint says 5"):
        request_paper_set(exam, code="y", paper_count=2, by=administrator())
    assert PaperSet.objects.count() == 1


def test_a_grid_that_does_not_add_up_is_refused(exam):
    with pytest.raises(BlueprintInvalid, match=r"Area 2: its levels add up to 3 items instead of 2\."):
        set_grid(exam.blueprint, {**GRID, (2, "apply"): 3}, by=administrator())
    with pytest.raises(BlueprintInvalid, match="does not have"):
        set_grid(exam.blueprint, {**GRID, (9, "apply"): 1}, by=administrator())


def test_papers_of_a_set_are_sealed_and_discarded_together(exam):
    paper_set = assembled(exam)
    paper = paper_set.papers.first()

    for act in (seal_paper, discard_paper):
        with pytest.raises(SealedTogether):
            act(paper, by=administrator())
    with pytest.raises(NotYourBank):
        seal_paper_set(paper_set, by=cleo())
    discard_paper_set(paper_set, by=administrator())
    assert not PaperSet.objects.exists()
    assert not Paper.objects.exists()

    kept = sealed(exam)
    with pytest.raises(PaperInUse):
        discard_paper_set(kept, by=administrator())


def test_what_the_validator_refuses_is_not_sealed(exam):
    paper_set = assembled(exam)
    first, second = paper_set.papers.order_by("letter")[:2]
    # Somebody moves an item of A onto B.
    row = first.items.filter(is_scored=True).first()
    kind = {"content_area": row.content_area, "version__item__cognitive_level": row.version.item.cognitive_level}
    there = second.items.filter(is_scored=True, **kind).first()
    PaperItem.objects.filter(pk=there.pk).update(version=row.version)

    with pytest.raises(PaperSetNotValid, match="Papers A and B have items in common: I-"):
        seal_paper_set(paper_set, by=administrator())
    assert set(Paper.objects.values_list("status", flat=True)) == {"draft"}


def test_the_database_keeps_a_sealed_set_as_it_is(exam):
    paper_set = sealed(exam)
    stored = PaperSet.objects.filter(pk=paper_set.pk)

    for change in ({"status": "done"}, {"seed": 1}, {"digest": "0" * 64}, {"facts": {}}, {"plan": {}}):
        with pytest.raises(IntegrityError), transaction.atomic():
            stored.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        paper_set.papers.update(is_spare=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.delete()


def test_the_integrity_check_reads_sealed_sets_again(exam, without_triggers):

    paper_set = sealed(exam)
    name = "sealed parallel papers keep the rules they were assembled under"
    assert problems(name) == []

    with without_triggers("exams_paperset"):
        plan = {**paper_set.plan, "pretest": 3}
        PaperSet.objects.filter(pk=paper_set.pk).update(plan=plan)

    found = problems(name)
    assert any("digest" in problem for problem in found)
    assert any("items on trial: 1 instead of 3" in problem for problem in found)


def problems(name):
    return [row["problem"] for check in run_checks() if check["check"] == name for row in check["rows"]]


# --- Later work -----------------------------------------------------------------------------------


def test_a_worker_that_dies_leaves_the_set_to_the_next_one(exam, django_capture_on_commit_callbacks):
    now = timezone.now()
    paper_set = request_paper_set(exam, code="x", paper_count=2, seed=1, by=administrator(), at=now)
    PaperSet.objects.filter(pk=paper_set.pk).update(
        status="solving", tries=1, claimed_until=now + timedelta(minutes=1), asked_at=now
    )

    assert assemble_paper_set(paper_set.pk, at=now) is None
    PaperSet.objects.filter(pk=paper_set.pk).update(claimed_until=now - timedelta(seconds=1))
    rung = []
    original, assemble_paper_set_task.apply_async = (
        assemble_paper_set_task.apply_async,
        lambda args, **_more: rung.append(args),
    )
    try:
        with django_capture_on_commit_callbacks(execute=True):
            sweep_assembly()
    finally:
        assemble_paper_set_task.apply_async = original
    assert rung == [(paper_set.pk,)]
    assert assemble_paper_set(paper_set.pk).status == "done"
    assert assemble_paper_set(paper_set.pk) is None
    assert paper_set.papers.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_claim_is_renewed_while_the_solver_thinks_and_no_longer(monkeypatch):
    exam = exam_with_bank({(1, "apply"): 2}, per_paper={1: 1})
    paper_set = request_paper_set(exam, code="x", paper_count=1, seed=1, by=administrator())
    rows = PaperSet.objects.filter(pk=paper_set.pk, tries=0)
    monkeypatch.setattr(claims, "RENEW_SECONDS", 0.05)

    with claims.kept_claim(rows):
        deadline = time.monotonic() + 20
        while rows.get().claimed_until is None and time.monotonic() < deadline:
            time.sleep(0.05)
    renewed = rows.get().claimed_until
    assert timedelta(seconds=30) < renewed - timezone.now() <= timedelta(seconds=60)
    time.sleep(0.3)
    assert rows.get().claimed_until == renewed


def test_a_worker_that_dies_every_time_is_said_so(exam):
    paper_set = request_paper_set(exam, code="x", paper_count=2, seed=1, by=administrator())
    PaperSet.objects.filter(pk=paper_set.pk).update(tries=3)

    assert assemble_paper_set(paper_set.pk) is None
    paper_set.refresh_from_db()
    assert (paper_set.status, paper_set.failure) == ("failed", "The worker ended every time before the papers were found.")


def test_a_set_thrown_away_while_it_is_solved_stays_away(exam, monkeypatch):
    from exams.assembly import apart

    paper_set = request_paper_set(exam, code="x", paper_count=2, seed=1, by=administrator())
    solve = apart.build_papers

    def meanwhile(*args, **kwargs):
        discard_paper_set(paper_set, by=administrator())
        return solve(*args, **kwargs)

    monkeypatch.setattr(apart, "build_papers", meanwhile)

    assert assemble_paper_set(paper_set.pk) is None
    assert not Paper.objects.exists()


# --- What is known of items -----------------------------------------------------------------------


def test_the_best_source_of_an_estimate_counts(exam):
    version = exam.blueprint.bank.items.first().versions.get()
    version.estimates.all().delete()

    def known():
        entry = next(entry for entry in pool_of(exam.blueprint) if entry.version == version.pk)
        return entry.borderline, entry.source, entry.information

    assert known() == (6000, "assumed", None)
    set_estimate(version, source="calibrated", discrimination=Decimal("1.5"), difficulty=Decimal(0), by=administrator())
    # At the item's own difficulty the chance is one half and the information a quarter of a squared.
    assert known() == (5000, "calibrated", 5625)
    set_estimate(version, source="observed", borderline=Decimal("0.7"), by=None)
    assert known() == (7000, "observed", 5625)
    set_estimate(version, source="judged", borderline=Decimal("0.65"), by=administrator())
    assert known() == (6500, "judged", 5625)


def test_items_that_many_have_seen_stay_out(exam):
    from exams.actions.delivery import start_attempt
    from exams.assembly.plan import Limits

    first = sealed(exam, code="one", paper_count=1, has_spare=False)
    start_attempt(make_registration(make_sitting(first.papers.get())))
    used = set(first.papers.get().items.values_list("version__item", flat=True))
    assert exposure(exam.blueprint.bank) == dict.fromkeys(used, 1)

    second = sealed(exam, code="two", paper_count=2, has_spare=False, limits=Limits(most_seen=0))

    assert not used & set(PaperItem.objects.filter(paper__set=second).values_list("version__item", flat=True))


def test_enemies_declared_after_sealing_are_told_but_break_nothing(exam):
    paper_set = sealed(exam)
    one, two = (row.version.item for row in paper_set.papers.get(letter="A").items.order_by("position")[:2])
    set_enemies(one, [two], by=cleo())
    paper_set = PaperSet.objects.get(pk=paper_set.pk)

    assert findings_of(paper_set) == []
    assert [news.split(":")[0] for news in news_since(paper_set, stored_papers(paper_set))] == ["Paper A"]


# --- What the bank lacks --------------------------------------------------------------------------


def test_the_gap_report_says_what_each_further_paper_would_take(exam):
    report = request_gap_report(exam.blueprint, paper_count=5, by=administrator())

    report = work_out_gaps(report.pk)

    said = [gap_sentences(gaps_of(row)) for row in report.report["rows"]]
    # Eight per cell: four papers of two. Of the fifth every cell is two short; the items on trial need five more.
    assert said[:3] == [[], [], []]
    assert [row["is_known"] and row["gaps_are_fewest"] for row in report.report["rows"]] == [True] * 5
    assert sum(gap["count"] for gap in report.report["rows"][3]["gaps"]) == 4
    assert sum(gap["count"] for gap in report.report["rows"][4]["gaps"]) == 11
    with pytest.raises(NotYourBank):
        request_gap_report(exam.blueprint, paper_count=2, by=cleo())


def test_a_gap_report_is_worked_out_anew_after_a_day(exam):
    report = work_out_gaps(request_gap_report(exam.blueprint, paper_count=1, by=administrator()).pk)

    assert renew_old_gap_reports() == 0
    assert renew_old_gap_reports(at=timezone.now() + timedelta(days=2)) == 1
    assert GapReport.objects.get(pk=report.pk).status == "waiting"
