"""Drawing papers."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from exams.actions.bank import set_enemies
from exams.actions.papers import Area, BlueprintPlan, create_exam, define_blueprint, discard_paper, draw_paper, retire_paper
from exams.actions.sealing import seal_paper
from exams.actions.sittings import (
    cancel_sitting,
)
from exams.assembly.drawing import Candidate, Line, draw_items, largest_remainder
from exams.errors import (
    BlueprintInvalid,
    CodeTaken,
    NotYourBank,
    PaperInUse,
    TooFewItems,
)
from exams.models import Exam, ItemVersion, OptionWording, Paper
from exams.queries.drawing import usable_versions
from tests.factories.bank import administrator, cleo, make_approved, make_blueprint, make_draft, make_exam
from tests.factories.exams import BankFactory, go_live, make_paper, make_sitting

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.get_default_timezone())


def candidates(*stock: tuple[int, str, int]) -> list[Candidate]:
    """(area, level, how many) as candidates with rising codes."""
    rows = [(area, level) for area, level, count in stock for _ in range(count)]
    return [Candidate(number, number, f"Q{number:03}", area, level) for number, (area, level) in enumerate(rows, 1)]


def draw(pool: list[Candidate], lines: list[Line], **more: Any) -> Any:
    return draw_items(pool, lines, **{"pretest_items": 0, "cognitive_mix": {}, "enemies": (), "seed": 1, **more})


# --- The numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (16, {"remember": 30, "understand": 45, "apply": 25}, {"remember": 5, "understand": 7, "apply": 4}),
        (2, {"remember": 30, "understand": 45, "apply": 25}, {"remember": 1, "understand": 1, "apply": 0}),
        (3, {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}),
        (1, {"a": 1, "b": 1}, {"a": 1, "b": 0}),
        (0, {"a": 5}, {"a": 0}),
    ],
)
def test_largest_remainders(total: int, weights: dict[str, float], shares: dict[str, int]) -> None:
    assert largest_remainder(total, weights) == shares


def test_counts_are_exact_and_the_mix_is_met_where_the_bank_allows() -> None:
    pool = candidates((1, "remember", 9), (1, "apply", 9), (2, "remember", 1), (2, "apply", 9))

    found = draw(pool, [Line(1, 4, 50), Line(2, 4, 50)], cognitive_mix={"remember": 50, "apply": 50})

    assert Counter((each.area, each.cognitive_level) for each in found.scored) == {
        (1, "remember"): 2, (1, "apply"): 2, (2, "remember"): 1, (2, "apply"): 3,
    }  # fmt: skip
    assert found.off_mix == 1


def test_pretest_items_are_shared_out_by_weight_and_never_scored_too() -> None:
    found = draw(candidates((1, "apply", 8), (2, "apply", 8)), [Line(1, 3, 75), Line(2, 1, 25)], pretest_items=4)

    assert Counter(each.area for each in found.pretest) == {1: 3, 2: 1}
    assert not set(found.scored) & set(found.pretest)


def test_an_area_without_spare_items_leaves_its_pretest_share_to_others() -> None:
    found = draw(candidates((1, "apply", 3), (2, "apply", 8)), [Line(1, 3, 75), Line(2, 1, 25)], pretest_items=4)

    assert Counter(each.area for each in found.pretest) == {2: 4}


@pytest.mark.parametrize("seed", range(25))
def test_enemies_never_meet_whatever_the_seed(seed: int) -> None:
    pool = candidates((1, "apply", 8), (2, "apply", 6))
    enemies = [frozenset({1, 9}), frozenset({2, 10}), frozenset({3, 11}), frozenset({4, 5})]

    found = draw(pool, [Line(1, 4, 50), Line(2, 3, 50)], enemies=enemies, pretest_items=1, seed=seed)

    drawn = {each.item_id for each in (*found.scored, *found.pretest)}
    assert len(drawn) == 8
    assert not [pair for pair in enemies if pair <= drawn]


def test_the_few_ways_around_enemies_are_found() -> None:
    pool = candidates((1, "apply", 4), (2, "apply", 2))
    enemies = [frozenset({1, 5}), frozenset({2, 5}), frozenset({3, 6})]

    for seed in range(20):
        found = draw(pool, [Line(1, 2, 50), Line(2, 1, 50)], enemies=enemies, seed=seed)
        assert not [pair for pair in enemies if pair <= {each.item_id for each in found.scored}]


def best_by_trying_everything(pool: list[Candidate], lines: list[Line], mix: dict[str, int], enemies: Any) -> int | None:
    """How far off the mix the best paper is, by looking at every paper; None when there is none."""
    quotas = {line.area: largest_remainder(line.items, mix) for line in lines}
    best = None
    for chosen in itertools.product(
        *(itertools.combinations([each for each in pool if each.area == line.area], line.items) for line in lines)
    ):
        drawn = [each for part in chosen for each in part]
        if any(pair <= {each.item_id for each in drawn} for pair in enemies):
            continue
        have = Counter((each.area, each.cognitive_level) for each in drawn)
        off = sum(max(count - have[area, level], 0) for area, quota in quotas.items() for level, count in quota.items())
        best = off if best is None else min(best, off)
    return best


@pytest.mark.parametrize("seed", range(60))
def test_no_paper_is_missed_and_none_is_nearer_the_mix(seed: int) -> None:
    chance = Random(seed)
    pool = [Candidate(n, n, f"Q{n:02}", chance.choice((1, 2)), chance.choice(("remember", "apply"))) for n in range(9)]
    lines, mix = [Line(1, 2, 50), Line(2, 2, 50)], {"remember": 50, "apply": 50}
    enemies = [frozenset(chance.sample(range(9), 2)) for _ in range(chance.randint(0, 14))]
    best = best_by_trying_everything(pool, lines, mix, enemies)

    try:
        found = draw(pool, lines, cognitive_mix=mix, enemies=enemies, seed=seed).off_mix
    except TooFewItems:
        found = None

    assert found == best


def test_enemies_that_leave_no_way_are_said_to_be_the_cause() -> None:
    pool = candidates((1, "apply", 2), (2, "apply", 1))

    with pytest.raises(TooFewItems, match="must not share a paper"):
        draw(pool, [Line(1, 2, 50), Line(2, 1, 50)], enemies=[frozenset({1, 3})])


def test_a_shortage_names_every_gap() -> None:
    pool = candidates((1, "apply", 3), (6, "apply", 1))

    with pytest.raises(TooFewItems) as refusal:
        draw(pool, [Line(1, 4, 50), Line(6, 3, 50)])

    assert refusal.value.extra["shortages"] == [
        "1 more approved item is needed in area 1.",
        "2 more approved items are needed in area 6.",
    ]
    with pytest.raises(TooFewItems, match="2 more approved items are needed as pretest items"):
        draw(pool, [Line(1, 3, 50), Line(6, 1, 50)], pretest_items=2)


def test_a_seed_repeats_its_draw_whatever_order_the_bank_comes_in() -> None:
    pool, lines = candidates((1, "apply", 30), (2, "apply", 30)), [Line(1, 5, 50), Line(2, 5, 50)]

    assert draw(pool, lines, seed=7) == draw(pool[::-1], lines, seed=7)
    assert len({tuple(each.code for each in draw(pool, lines, seed=seed).scored) for seed in range(10)}) == 10


# --- Papers --------------------------------------------------------------------------------------

db = pytest.mark.django_db


def stocked_exam(areas: dict[int, int], *, spare: int = 1, **fields: Any) -> Exam:
    bank = BankFactory()
    for area, count in areas.items():
        for _ in range(count + spare):
            make_approved(bank=bank, area=area)
    return make_exam(make_blueprint(areas, bank=bank, **fields))


@db
def test_a_paper_keeps_areas_together_and_is_the_same_for_the_same_seed() -> None:
    exam = stocked_exam({1: 3, 2: 2}, pretest_items=1)

    first = draw_paper(exam, code="A", seed=5, by=administrator())
    second = draw_paper(exam, code="B", seed=5, by=administrator())

    def positions(paper: Paper) -> list[tuple[int, int, int, bool]]:
        return list(paper.items.order_by("position").values_list("position", "version", "content_area", "is_scored"))

    assert positions(first) == positions(second)
    assert [area for _position, _version, area, _scored in positions(first)] == [1, 1, 1, 1, 2, 2]
    assert sum(not is_scored for *_rest, is_scored in positions(first)) == 1
    assert (first.status, first.minutes, first.cut_percent, first.seed) == ("draft", 60, Decimal(60), 5)
    assert AuditEntry.objects.filter(act="paper.drawn").count() == 2
    assert seal_paper(first, by=administrator()).status == "sealed"


@db
def test_only_approved_versions_in_every_language_are_drawn() -> None:
    bank = BankFactory()
    live, draft = make_approved(bank=bank), make_draft(bank=bank)
    mute = make_draft(bank=bank)
    OptionWording.objects.filter(option__version=mute, language="zh-hans").first().delete()  # type: ignore[union-attr]
    go_live(ItemVersion.objects.filter(pk=mute.pk), by=administrator())
    resting = make_approved(bank=bank)
    ItemVersion.objects.filter(pk=resting.pk).update(status="resting")

    assert list(usable_versions(bank)) == [live]
    assert draft not in usable_versions(bank)


@db
def test_a_drawn_paper_keeps_enemies_apart() -> None:
    exam = stocked_exam({1: 2, 2: 2})
    one, two = exam.blueprint.bank.items.get(code="Q-001"), exam.blueprint.bank.items.get(code="Q-004")
    set_enemies(one, [two], by=cleo())

    for seed in range(8):
        paper = draw_paper(exam, code=f"P{seed}", seed=seed, by=administrator())
        assert not {one.pk, two.pk} <= set(paper.items.values_list("version__item", flat=True))


@db
def test_drawing_needs_an_administrator_a_new_code_and_enough_items() -> None:
    exam = stocked_exam({1: 1})
    draw_paper(exam, code="A", by=administrator())

    with pytest.raises(CodeTaken):
        draw_paper(exam, code="A", by=administrator())
    with pytest.raises(NotYourBank):
        draw_paper(exam, code="B", by=cleo())
    with pytest.raises(TooFewItems, match=r"2 more approved items are needed in area 6\."):
        draw_paper(make_exam(make_blueprint({6: 2})), code="A", by=administrator())
    assert Paper.objects.count() == 1


@db
def test_a_draft_is_discarded_and_a_sealed_paper_retired() -> None:
    draft, sealed = make_paper(sealed=False), make_paper()
    sitting = make_sitting(sealed)

    discard_paper(draft, by=administrator())
    with pytest.raises(PaperInUse):
        discard_paper(sealed, by=administrator())
    with pytest.raises(PaperInUse):
        retire_paper(sealed, by=administrator())
    cancel_sitting(sitting, reason="Moved", by=administrator())

    assert retire_paper(sealed, by=administrator()).status == "retired"
    assert list(Paper.objects.all()) == [sealed]


PLAN = BlueprintPlan(scored_items=3, pretest_items=0, minutes=60, cut_percent=Decimal(60), cognitive_mix={"apply": 100})
AREAS = [Area(1, "One", "一", 60, 2), Area(2, "Two", "二", 40, 1)]


@db
def test_a_blueprint_is_made_and_changed_by_code() -> None:
    bank = BankFactory()
    define_blueprint("BP-T", bank=bank, plan=PLAN, areas=AREAS, by=administrator())
    blueprint = define_blueprint("BP-T", bank=bank, plan=PLAN, areas=[Area(1, "All", "全部", 100, 3)], by=administrator())

    assert list(blueprint.lines.values_list("number", "title", "items")) == [(1, "All", 3)]
    assert list(AuditEntry.objects.filter(act__startswith="blueprint").order_by("sequence").values_list("act", flat=True)) == [
        "blueprint.created", "blueprint.changed",
    ]  # fmt: skip


@db
@pytest.mark.parametrize(
    ("areas", "sentence"),
    [
        ([], "at least one"),
        ([Area(1, "", "", 60, 2), Area(1, "", "", 40, 1)], "same number"),
        ([Area(1, "", "", 60, 3)], "60 percent instead of 100"),
        ([Area(1, "", "", 100, 2)], "2 items, the blueprint says 3"),
    ],
)
def test_a_blueprint_that_does_not_add_up_is_refused(areas: list[Area], sentence: str) -> None:
    with pytest.raises(BlueprintInvalid, match=sentence):
        define_blueprint("BP-T", bank=BankFactory(), plan=PLAN, areas=areas, by=administrator())


@db
def test_an_exam_has_its_code_alone() -> None:
    blueprint = make_blueprint({1: 1})
    words = {"title": "T", "title_zh": "题", "blueprint": blueprint, "track": None, "level": None}
    create_exam("E-1", **words, by=administrator())

    with pytest.raises(CodeTaken):
        create_exam("E-1", **words, by=administrator())
    with pytest.raises(NotYourBank):
        create_exam("E-2", **words, by=cleo())
