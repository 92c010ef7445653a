"""Who has seen an item, and what follows: rest, return and retirement by the rules of its bank."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from common.errors import InvalidInput
from exams.actions.delivery import start_attempt
from exams.actions.resting import apply_exposure_rules, end_rest, rest_version, set_exposure_rules
from exams.actions.sealing import seal_paper
from exams.errors import MoveNotPossible, NotYourBank, RuleInvalid
from exams.models import ItemBank, ItemReview, ItemVersion, Paper
from exams.queries.drawing import usable_versions
from exams.queries.exposure import NONE, Exposure, exposure_of
from exams.tasks import apply_exposure_rules_task
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator, cleo, make_approved, make_draft, make_paper_of, rita
from tests.factories.exams import make_registration, make_sitting

pytestmark = pytest.mark.django_db


def sealed_with(*versions: ItemVersion) -> Paper:
    return seal_paper(make_paper_of(list(versions)), by=administrator())


def shown_to(
    paper: Paper, count: int = 1, *, people: list[User] | None = None, at: datetime | None = None, **sitting: Any
) -> list[User]:
    """Candidates who begin an attempt at the paper."""
    people = people or [UserFactory() for _ in range(count)]
    place = make_sitting(paper, **sitting)
    for person in people:
        start_attempt(make_registration(place, person), at=at)
    return people


def fresh(version: ItemVersion) -> ItemVersion:
    return ItemVersion.objects.get(pk=version.pk)


def rules(version: ItemVersion, rest_after: int | None, rest_days: int | None, retire_after: int | None) -> ItemBank:
    numbers = {"rest_after": rest_after, "rest_days": rest_days, "retire_after": retire_after}
    return set_exposure_rules(version.item.bank, **numbers, by=administrator())


# --- Counting ------------------------------------------------------------------------------------


def test_a_candidate_counts_once_and_rehearsals_never() -> None:
    first = make_approved()
    second = make_approved("true_false", first.item.bank)
    both, one = sealed_with(first, second), sealed_with(first)
    people = shown_to(both, 2)
    shown_to(one, people=people[:1])
    shown_to(one, 1)
    shown_to(one, 3, is_rehearsal=True)
    make_registration(make_sitting(one))

    assert exposure_of([first.pk, second.pk]) == {first.pk: Exposure(3, 3), second.pk: Exposure(2, 2)}
    assert exposure_of([make_approved().pk]) == {}


def test_counting_is_one_question_however_many_versions(django_assert_num_queries: Any) -> None:
    first = make_approved()
    versions = [first, *(make_approved(bank=first.item.bank) for _ in range(3))]
    shown_to(sealed_with(*versions), 2)

    for some in (versions[:1], versions):
        with django_assert_num_queries(1):
            assert len(exposure_of([version.pk for version in some])) == len(some)


def test_since_the_last_rest_counts_who_began_after_it() -> None:
    version = make_approved()
    paper = sealed_with(version)
    now = timezone.now()
    shown_to(paper, 2, at=now - timedelta(minutes=40))
    rest_version(version, by=rita(), at=now - timedelta(minutes=30))
    shown_to(paper, 1, at=now - timedelta(minutes=20))
    end_rest(version, by=rita(), at=now - timedelta(minutes=10))
    shown_to(paper, 1, at=now)

    assert exposure_of([version.pk]) == {version.pk: Exposure(4, 1)}


# --- By hand -------------------------------------------------------------------------------------


def test_a_resting_version_is_not_drawn_but_stays_on_its_papers() -> None:
    version = make_approved()
    bank = version.item.bank
    other = make_approved(bank=bank)
    paper = sealed_with(version)
    until = timezone.now() + timedelta(days=3)

    version = rest_version(version, until=until, by=rita())

    assert (version.status, version.rests_until) == ("resting", until)
    assert list(usable_versions(bank)) == [other]
    assert shown_to(paper, 1)
    entry = AuditEntry.objects.get(act="item_version.rested")
    assert (entry.actor_id, entry.details) == (rita().pk, {"until": until.isoformat()})


@pytest.mark.parametrize("where", ["on no paper", "on a draft", "on a sealed paper", "on a retired paper"])
def test_after_its_rest_it_is_in_use_or_free(where: str) -> None:
    version = make_approved()
    if where == "on a draft":
        make_paper_of([version])
    if where.endswith(("sealed paper", "retired paper")):
        paper = sealed_with(version)
        Paper.objects.filter(pk=paper.pk).update(status="retired" if "retired" in where else "sealed")
    rest_version(fresh(version), by=administrator())

    version = end_rest(version, by=administrator())

    assert version.status == ("in_use" if where == "on a sealed paper" else "approved")
    assert version.rests_until is None and version.rested_at is not None


def test_who_may_let_a_version_rest_and_when() -> None:
    version = make_approved()
    for other in (cleo(), UserFactory(), staff(Role.AUDITOR, "Audrey")):
        with pytest.raises(NotYourBank):
            rest_version(version, by=other)
        with pytest.raises(NotYourBank):
            end_rest(version, by=other)
    with pytest.raises(MoveNotPossible):
        end_rest(version, by=rita())
    with pytest.raises(InvalidInput):
        rest_version(version, until=timezone.now(), by=rita())
    with pytest.raises(MoveNotPossible):
        rest_version(make_draft(), by=rita())
    rest_version(version, by=rita())
    with pytest.raises(MoveNotPossible):
        rest_version(version, by=rita())


def test_only_a_resting_version_has_an_end_of_rest() -> None:
    version = make_approved()
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.filter(pk=version.pk).update(rests_until=timezone.now())


# --- Rules ---------------------------------------------------------------------------------------


def test_an_administrator_sets_the_rules_and_the_trail_says_what_changed() -> None:
    version = make_approved()
    rules(version, 10, 30, 100)
    rules(version, 10, 30, 100)
    rules(version, None, None, 50)

    details = list(AuditEntry.objects.filter(act="item_bank.rules_set").order_by("sequence").values_list("details", flat=True))
    assert details == [
        {
            "before": {"rest_after": None, "rest_days": None, "retire_after": None},
            "after": {"rest_after": 10, "rest_days": 30, "retire_after": 100},
        },
        {
            "before": {"rest_after": 10, "rest_days": 30, "retire_after": 100},
            "after": {"rest_after": None, "rest_days": None, "retire_after": 50},
        },
    ]
    for other in (cleo(), rita(), UserFactory()):
        with pytest.raises(NotYourBank):
            set_exposure_rules(version.item.bank, rest_after=1, rest_days=1, retire_after=1, by=other)


@pytest.mark.parametrize("wrong", [(5, None, None), (None, 5, None), (0, 5, None), (5, 0, None), (None, None, 0), (-1, 2, 3)])
def test_half_a_rule_is_refused_by_action_and_database(wrong: tuple[Any, Any, Any]) -> None:
    version = make_approved()
    with pytest.raises(RuleInvalid):
        rules(version, *wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemBank.objects.update(rest_after=wrong[0], rest_days=wrong[1], retire_after=wrong[2])


def test_the_rules_let_versions_rest_return_and_retire() -> None:
    seen = make_approved()
    unseen = make_approved("true_false", seen.item.bank)
    paper = sealed_with(seen)
    rules(seen, 2, 30, 5)
    now = timezone.now()

    shown_to(paper, 1)
    assert apply_exposure_rules(at=now) == {"ended": 0, "rested": 0, "retired": 0}
    shown_to(paper, 1)
    assert apply_exposure_rules(at=now) == {"ended": 0, "rested": 1, "retired": 0}
    assert apply_exposure_rules(at=now) == {"ended": 0, "rested": 0, "retired": 0}
    assert (fresh(seen).status, fresh(seen).rests_until) == ("resting", now + timedelta(days=30))
    entry = AuditEntry.objects.get(act="item_version.rested")
    assert (entry.actor_id, entry.details) == (None, {"seen": 2, "until": (now + timedelta(days=30)).isoformat()})

    later = now + timedelta(days=30)
    assert apply_exposure_rules(at=later - timedelta(seconds=1))["ended"] == 0
    assert apply_exposure_rules(at=later) == {"ended": 1, "rested": 0, "retired": 0}
    assert (fresh(seen).status, fresh(seen).rested_at) == ("in_use", later)
    assert AuditEntry.objects.get(act="item_version.rest_ended").actor_id is None

    shown_to(paper, 3)
    assert apply_exposure_rules(at=later) == {"ended": 0, "rested": 0, "retired": 1}
    assert apply_exposure_rules(at=later) == {"ended": 0, "rested": 0, "retired": 0}
    assert (fresh(seen).status, fresh(unseen).status) == ("retired", "approved")
    review = ItemReview.objects.get(finding="retired")
    assert (review.reviewer, review.comment) == (None, "seen by 5 candidates")


def test_a_version_retires_from_its_rest_too() -> None:
    version = make_approved()
    paper = sealed_with(version)
    rest_version(version, by=rita())
    rules(version, None, None, 2)
    shown_to(paper, 2)

    assert apply_exposure_rules()["retired"] == 1
    assert (fresh(version).status, fresh(version).rests_until) == ("retired", None)


def test_a_rest_by_hand_ends_on_its_day_without_any_rule_and_an_open_one_never() -> None:
    first = make_approved()
    second = make_approved(bank=first.item.bank)
    now = timezone.now()
    rest_version(first, until=now + timedelta(days=1), by=rita(), at=now)
    rest_version(second, by=rita(), at=now)

    assert apply_exposure_rules(at=now + timedelta(days=400)) == {"ended": 1, "rested": 0, "retired": 0}
    assert (fresh(first).status, fresh(second).status) == ("approved", "resting")


def test_other_banks_keep_their_own_rules() -> None:
    strict, mild = make_approved(), make_approved()
    shown_to(sealed_with(strict), 2)
    shown_to(sealed_with(mild), 2)
    rules(strict, None, None, 2)

    assert apply_exposure_rules() == {"ended": 0, "rested": 0, "retired": 1}
    assert (fresh(strict).status, fresh(mild).status) == ("retired", "in_use")


def test_the_sweep_asks_no_more_for_more_versions_that_stay(django_assert_num_queries: Any) -> None:
    first = make_approved()
    rules(first, 10, 10, 20)
    shown_to(sealed_with(first), 1)
    with django_assert_num_queries(3):
        apply_exposure_rules()
    shown_to(sealed_with(*(make_approved(bank=first.item.bank) for _ in range(3))), 2)
    with django_assert_num_queries(3):
        apply_exposure_rules()


def test_the_hourly_task_applies_them(settings: Any) -> None:
    version = make_approved()
    shown_to(sealed_with(version), 1)
    rules(version, 1, 7, None)

    apply_exposure_rules_task()

    assert fresh(version).status == "resting"
    beat = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == apply_exposure_rules_task.name]
    assert [entry["schedule"] for entry in beat] == [3600]


# --- Pages ---------------------------------------------------------------------------------------


def test_the_item_page_shows_who_has_seen_it_and_until_when_it_rests() -> None:
    version = make_approved()
    shown_to(sealed_with(version), 3)
    until = timezone.make_aware(datetime(2040, 5, 6))
    rest_version(version, until=until, by=rita())

    item = signed_in(cleo()).get(reverse("item_bank:detail", args=[version.item.uuid]))
    assert item.context["versions"][0].exposure == Exposure(3, 3)
    assert "until 6 May 2040" in item.content.decode() or "until May 6, 2040" in item.content.decode()
    page = signed_in(cleo()).get(reverse("item_versions:detail", args=[version.uuid]))
    assert (page.context["exposure"], page.context["can_rest"]) == (Exposure(3, 3), False)
    assert "End the rest" not in page.content.decode()
    draft = signed_in(cleo()).get(reverse("item_versions:detail", args=[make_draft(bank=version.item.bank).uuid]))
    assert draft.context["exposure"] == NONE and "Seen by candidates" not in draft.content.decode()


def test_a_rest_begins_and_ends_from_the_page() -> None:
    version = make_approved()
    client = signed_in(rita())
    rest, end = (reverse(f"item_versions:{name}", args=[version.uuid]) for name in ("rest", "end_rest"))

    answer = client.post(rest, {"until": "soon"}, follow=True)
    assert "Choose a day." in answer.content.decode() and fresh(version).status == "approved"
    client.post(rest, {"until": "2040-01-01"})
    assert (fresh(version).status, fresh(version).rests_until.year) == ("resting", 2039 if rita().time_zone != "UTC" else 2040)  # type: ignore[union-attr]
    assert "End the rest" in client.get(reverse("item_versions:detail", args=[version.uuid])).content.decode()
    client.post(end)
    assert fresh(version).status == "approved"


def test_an_administrator_edits_the_rules_on_the_banks_page() -> None:
    bank = make_approved().item.bank
    page, edit = (reverse(f"item_banks:{name}", args=[bank.code]) for name in ("detail", "rules"))
    client = signed_in(administrator())

    refused = client.post(edit, {"rest_after": "20", "rest_days": "", "retire_after": "x"})
    assert set(refused.context["form"].errors) == {"retire_after"}
    refused = client.post(edit, {"rest_after": "20", "rest_days": ""})
    assert set(refused.context["form"].errors) == {"rest_days"}
    client.post(edit, {"rest_after": "20", "rest_days": "90", "retire_after": ""})
    bank.refresh_from_db()
    assert (bank.rest_after, bank.rest_days, bank.retire_after) == (20, 90, None)
    assert "after 20 candidates since the last rest, for 90 days" in client.get(page).content.decode()
    assert reverse("item_banks:rules", args=[bank.code]) not in signed_in(cleo()).get(page).content.decode()


def test_nobody_rests_a_frozen_version_behind_the_actions() -> None:
    version = make_approved()
    ItemVersion.objects.filter(pk=version.pk).update(status="retired")
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemVersion.objects.filter(pk=version.pk).update(status="resting")
