"""Overlap groups: of one group a paper has at most one item."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import AuditEntry, Role
from common.errors import InvalidInput
from exams.actions import overlaps
from exams.actions.bank import set_enemies
from exams.actions.overlaps import change_overlap_group, create_overlap_group, remove_overlap_group
from exams.actions.papers import draw_paper
from exams.actions.sealing import seal_paper
from exams.assembly import drawing
from exams.errors import CodeTaken, NotYourBank, PaperNotSealable, TooFewItems
from exams.models import Item, OverlapGroup
from exams.queries.assembling import plan_of, pool_of
from exams.queries.drawing import enemy_pairs
from exams.queries.paper_sets import findings_of, gap_sentences, gaps_of, news_since
from tests.exams.assembly.rows import assembled, exam_with_bank
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator, cleo, make_approved, make_blueprint, make_exam, make_item, make_paper_of, rita
from tests.factories.exams import BankFactory

pytestmark = pytest.mark.django_db


def grouped(items: list[Item], code: str = "OG-1") -> OverlapGroup:
    return create_overlap_group(items[0].bank, code=code, name="Logging", items=items, by=cleo())


def some_items(count: int) -> list[Item]:
    first = make_item()
    return [first, *(make_item(bank=first.bank) for _ in range(count - 1))]


def test_a_group_is_made_changed_and_removed_on_the_record() -> None:
    first, second, third = some_items(3)
    group = grouped([first, second])

    change_overlap_group(group, name="Logging", items=[first, second], by=cleo())
    change_overlap_group(group, name="Records", items=[second, third], by=cleo())
    group.refresh_from_db()
    assert (group.name, sorted(group.items.all(), key=str)) == ("Records", [second, third])
    remove_overlap_group(group, by=cleo())

    assert not OverlapGroup.objects.exists() and Item.objects.count() == 3
    entries = AuditEntry.objects.filter(act__startswith="overlap_group.").order_by("sequence")
    assert [(entry.act, entry.details) for entry in entries] == [
        ("overlap_group.created", {"bank": first.bank.code, "items": [first.code, second.code]}),
        ("overlap_group.changed", {"before": [first.code, second.code], "after": [second.code, third.code]}),
        ("overlap_group.removed", {"items": [second.code, third.code]}),
    ]


def test_only_writers_group_items_of_one_bank_under_a_free_code(monkeypatch: pytest.MonkeyPatch) -> None:
    item, elsewhere = make_item(), make_item(bank=BankFactory())
    group = grouped([item])

    for other in (rita(), administrator(), UserFactory(), staff(Role.AUDITOR, "Audrey")):
        with pytest.raises(NotYourBank):
            create_overlap_group(item.bank, code="OG-2", name="x", by=other)
        with pytest.raises(NotYourBank):
            change_overlap_group(group, name="x", items=[], by=other)
        with pytest.raises(NotYourBank):
            remove_overlap_group(group, by=other)
    with pytest.raises(CodeTaken):
        grouped([item])
    with pytest.raises(InvalidInput, match="same bank"):
        change_overlap_group(group, name="x", items=[item, elsewhere], by=cleo())
    monkeypatch.setattr(overlaps, "MOST_ITEMS", 1)
    with pytest.raises(InvalidInput, match="at most 1"):
        change_overlap_group(group, name="x", items=[item, make_item(bank=item.bank)], by=cleo())
    with pytest.raises(DatabaseError), transaction.atomic():
        group.items.add(elsewhere)
    assert OverlapGroup.objects.get().name == "Logging"


def test_groups_are_pairs_beside_the_enemies(django_assert_num_queries: Any) -> None:
    items = some_items(5)
    set_enemies(items[3], [items[4]], by=cleo())
    grouped(items[:3])
    expected = {frozenset({one.pk, two.pk}) for one, two in [*combinations(items[:3], 2), (items[3], items[4])]}

    with django_assert_num_queries(2):
        assert enemy_pairs(items[0].bank) == expected
    grouped(items[2:4], "OG-2")
    with django_assert_num_queries(2):
        assert enemy_pairs(items[0].bank) == expected | {frozenset({items[2].pk, items[3].pk})}
    assert enemy_pairs(BankFactory()) == frozenset()


def test_a_drawn_paper_has_at_most_one_of_a_group() -> None:
    first = make_approved()
    versions = [first, *(make_approved(bank=first.item.bank) for _ in range(5))]
    exam = make_exam(make_blueprint({1: 3}, bank=first.item.bank))
    members = {version.item_id for version in versions[:4]}
    grouped([version.item for version in versions[:4]])

    for seed in range(8):
        paper = draw_paper(exam, code=f"P{seed}", seed=seed, by=administrator())
        assert len(members & set(paper.items.values_list("version__item", flat=True))) == 1
    grouped([version.item for version in versions[3:]], "OG-2")
    with pytest.raises(TooFewItems):
        draw_paper(exam, code="X", seed=1, by=administrator())


def test_a_paper_drawn_before_the_group_is_not_sealed_with_two_of_it() -> None:
    first = make_approved()
    second = make_approved(bank=first.item.bank)
    paper = make_paper_of([first, second])
    group = grouped([first.item, second.item])

    with pytest.raises(PaperNotSealable, match="Items Q-001 and Q-002 must not stand on one paper"):
        seal_paper(paper, by=administrator())
    remove_overlap_group(group, by=cleo())
    assert seal_paper(paper, by=administrator()).status == "sealed"


def test_assembled_papers_keep_to_it_and_the_validator_knows() -> None:
    exam = exam_with_bank({(1, "apply"): 8}, per_paper={1: 3})
    members = list(exam.blueprint.bank.items.order_by("code")[:4])
    grouped(members)

    paper_set = assembled(exam, has_spare=False)

    assert (paper_set.status, findings_of(paper_set)) == ("done", [])
    for paper in paper_set.papers.all():
        assert paper.items.filter(version__item__in=members).count() <= 1
    on_first = list(paper_set.papers.order_by("letter")[0].items.values_list("version__item", flat=True))
    grouped(list(Item.objects.filter(pk__in=on_first)), "OG-2")
    from exams.queries.paper_sets import stored_papers

    assert len(news_since(paper_set, stored_papers(paper_set))) == 3


def test_the_gap_report_asks_for_what_the_group_takes_away() -> None:
    exam = exam_with_bank({(1, "apply"): 4}, per_paper={1: 4}, cognitive_mix={"apply": 100})
    grouped(list(exam.blueprint.bank.items.all()))
    assert len(pool_of(exam.blueprint)) == 4 and plan_of(exam.blueprint, letters=("A",), limits=_limits()).areas == {1: 4}

    paper_set = assembled(exam, paper_count=1, has_spare=False)

    assert paper_set.status == "infeasible"
    assert gap_sentences(gaps_of(paper_set.report)) == ["3 more approved items in area 1, apply"]


def _limits() -> Any:
    from exams.assembly.plan import Limits

    return Limits()


def test_a_writer_makes_and_changes_a_group_on_its_pages() -> None:
    first, second = some_items(2)
    client = signed_in(cleo())
    new = {"choice": first.bank.pk, "code": "OG-1", "name": "Logging"}

    refused = client.post(reverse("overlap_groups:add"), new | {"codes": f"{first.code} NOPE"})
    assert refused.context["form"].errors == {"codes": ["This bank has no item NOPE."]}
    answer = client.post(reverse("overlap_groups:add"), new | {"codes": f"{first.code}\n{second.code}"})
    group = OverlapGroup.objects.get()
    assert answer.url == reverse("overlap_groups:detail", args=[group.uuid])
    edit = reverse("overlap_groups:edit", args=[group.uuid])
    assert client.get(edit).context["form"].initial["codes"] == f"{first.code}\n{second.code}"
    client.post(edit, {"name": "Records", "codes": first.code})
    group.refresh_from_db()
    assert (group.name, list(group.items.all())) == ("Records", [first])
    listed = client.get(reverse("overlap_groups:index"), {"bank": first.bank.code}).content.decode()
    assert "1 group" in listed and "Records" in listed
    assert "Records" in client.get(reverse("item_bank:detail", args=[first.uuid])).content.decode()
    assert "Edit" not in signed_in(rita()).get(answer.url).content.decode().split("<main", 1)[-1]
    client.post(reverse("overlap_groups:remove", args=[group.uuid]))
    assert not OverlapGroup.objects.exists()


def test_a_group_of_nearly_the_whole_bank_is_still_drawn_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MOST_WAYS", 50)
    pool = [drawing.Candidate(number, number, f"I-{number:03}", 1, "apply") for number in range(40)]
    group = [frozenset(pair) for pair in combinations(range(32), 2)]
    plan: dict[str, Any] = {"pretest_items": 0, "cognitive_mix": {}, "enemies": group, "seed": 5}

    draw = drawing.draw_items(pool, [drawing.Line(1, 9, 100)], **plan)

    chosen = {each.item_id for each in draw.scored}
    assert len(chosen) == 9 and len(chosen & set(range(32))) == 1
    with pytest.raises(TooFewItems):
        drawing.draw_items(pool, [drawing.Line(1, 10, 100)], **plan)
