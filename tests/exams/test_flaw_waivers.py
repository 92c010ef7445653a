"""Flaws are mended or waived before hand-in; a waiver holds for the words it was given for; an import only warns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry, Role
from common.errors import InvalidInput
from exams.actions.bank import save_content, write_version
from exams.actions.flaws import waive_flaw, withdraw_waiver
from exams.actions.importing import import_items
from exams.actions.reviews import submit_for_review
from exams.content import Choice, VersionContent, content_of
from exams.errors import CommentMissing, FlawsOpen, NotYourDraft, VersionFrozen
from exams.interchange.options import ImportOptions
from exams.models import FlawWaiver, ItemFlaw, ItemIndex, ItemVersion
from exams.queries.flaws import open_flaws
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import approve, cleo, content, make_draft, person, rita
from tests.factories.exams import BankFactory, CompetenceFactory

pytestmark = pytest.mark.django_db
RULE = "all_of_the_above"
WHY = "The SECRET reason: candidates know it from the standard"


def flawed(**changes: Any) -> VersionContent:
    said = content(**changes)
    last = Choice({"en": "All of the above", "zh-hans": "以上都是"})
    return replace(said, choices=(*said.choices[:2], last))


def flawed_draft() -> ItemVersion:
    return save_content(make_draft(), flawed(), by=cleo())


def test_a_flaw_stops_the_hand_in_and_says_where_it_is() -> None:
    version = flawed_draft()

    with pytest.raises(FlawsOpen) as refusal:
        submit_for_review(version, by=cleo())

    assert refusal.value.extra["rules"] == [RULE]
    assert [sentence.split(":")[0] for sentence in refusal.value.extra["problems"]] == ["English", "Chinese"]
    assert "Option 3" in refusal.value.extra["problems"][0]
    assert ItemVersion.objects.get().status == "draft"


def test_a_mended_flaw_stops_nothing() -> None:
    version = save_content(flawed_draft(), content(), by=cleo())
    assert submit_for_review(version, by=cleo()).status == "subject_review"


def test_a_reason_lets_it_pass_and_the_trail_has_the_rule_and_not_the_reason() -> None:
    version = flawed_draft()

    waive_flaw(version, RULE, reason=WHY, by=cleo())

    assert submit_for_review(version, by=cleo()).status == "subject_review"
    entry = AuditEntry.objects.get(act="item_version.flaw_waived")
    assert (entry.details, "SECRET" in f"{entry.summary}{entry.details}") == ({"rule": RULE}, False)
    waiver = FlawWaiver.objects.get()
    assert (waiver.reason, waiver.by) == (WHY, cleo())


def test_a_reason_is_needed_and_only_for_what_is_broken() -> None:
    version = flawed_draft()
    with pytest.raises(CommentMissing):
        waive_flaw(version, RULE, reason="  ", by=cleo())
    with pytest.raises(InvalidInput):
        waive_flaw(version, "longest_key", reason=WHY, by=cleo())
    with pytest.raises(NotYourDraft):
        waive_flaw(version, RULE, reason=WHY, by=person(Role.ITEM_WRITER, "Dora"))
    assert not FlawWaiver.objects.exists()


def test_the_database_wants_a_reason_and_one_waiver_a_rule() -> None:
    version = flawed_draft()
    waiver = waive_flaw(version, RULE, reason=WHY, by=cleo())
    with pytest.raises(IntegrityError), transaction.atomic():
        FlawWaiver.objects.filter(pk=waiver.pk).update(reason="")
    with pytest.raises(IntegrityError), transaction.atomic():
        FlawWaiver.objects.create(version=version, rule=RULE, reason="x", words_digest="", at=waiver.at)


def test_a_waiver_ends_with_the_words_it_was_given_for() -> None:
    version = flawed_draft()
    waive_flaw(version, RULE, reason=WHY, by=cleo())
    said = content_of(version)
    rationale = {code: replace(wording, rationale="<p>Other</p>") for code, wording in said.wordings.items()}
    assert open_flaws(save_content(version, replace(said, wordings=rationale), by=cleo())) == []

    stems = {code: replace(wording, stem="<p>Asked otherwise</p>") for code, wording in said.wordings.items()}
    version = save_content(version, replace(said, wordings=stems), by=cleo())

    assert {flaw.rule for flaw in open_flaws(version)} == {RULE}
    assert ItemIndex.objects.get(item=version.item).open_flaws == 2


def test_a_waiver_goes_on_to_a_new_version_until_its_words_change() -> None:
    first = flawed_draft()
    waive_flaw(first, RULE, reason=WHY, by=cleo())
    approve(submit_for_review(first, by=cleo()))

    second = write_version(first.item, by=cleo())

    assert open_flaws(second) == []
    said = content_of(second)
    other = Choice({"en": "Each of the above", "zh-hans": "上述都是"})
    changed = save_content(second, replace(said, choices=(*said.choices[:2], other)), by=cleo())
    assert {flaw.rule for flaw in open_flaws(changed)} == {RULE}


def test_a_reason_can_be_taken_back_while_the_draft_is_open() -> None:
    version = flawed_draft()
    waive_flaw(version, RULE, reason=WHY, by=cleo())
    withdraw_waiver(version, RULE, by=cleo())
    assert len(open_flaws(version)) == 2
    waive_flaw(version, RULE, reason=WHY, by=cleo())
    submit_for_review(version, by=cleo())
    with pytest.raises(VersionFrozen):
        withdraw_waiver(version, RULE, by=cleo())


def test_the_database_keeps_the_waivers_of_an_approved_version() -> None:
    version = flawed_draft()
    waive_flaw(version, RULE, reason=WHY, by=cleo())
    approve(submit_for_review(version, by=cleo()))
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        FlawWaiver.objects.all().update(reason="Another")
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        FlawWaiver.objects.all().delete()


GIFT = """::A::Which of these holds for the model in use?{=It is kept ~It is lost ~All of the above}

::B::Which of these holds for the model in use?{=It is kept ~It is lost ~It is sold}

::C::Something else altogether is asked here{=Yes, it is so ~No, it is not}
"""


def test_an_import_warns_of_flaws_and_of_items_that_read_alike_and_keeps_them() -> None:
    bank, options = BankFactory(), ImportOptions(competence=CompetenceFactory().code)

    report = import_items(bank, GIFT.encode(), format="gift", options=options, by=cleo())

    a, b, c = report.lines
    assert [line["status"] for line in report.lines] == ["kept"] * 3
    assert "stands for all others" in a["warnings"][0]
    assert "Reads much like A of this file" in b["warnings"][0]
    assert (c["warnings"], c["notes"]) == ([], [])
    assert list(ItemFlaw.objects.values_list("version__item__code", "rule")) == [("A", RULE)]
    assert dict(ItemIndex.objects.values_list("item__code", "open_flaws")) == {"A": 1, "B": 0, "C": 0}

    again = import_items(
        bank,
        b"::D::Which of these holds for the model in use?{=It is kept ~It is lost ~It is sold}",
        format="gift",
        options=options,
        by=cleo(),
        dry_run=True,
    )
    assert "Reads much like B of the bank: 100 % the same." in again.lines[0]["warnings"]


# --- Pages -------------------------------------------------------------------------------------------


def test_the_writer_reads_the_flaws_and_gives_a_reason_on_the_page() -> None:
    version = flawed_draft()
    client, url = signed_in(cleo()), reverse("item_versions:detail", args=[version.uuid])
    page = client.get(url).content.decode()
    assert "Option 3 stands for all others" in page and RULE in page

    answer = client.post(reverse("item_versions:submit", args=[version.uuid]), follow=True)
    assert "Mend these flaws, or say why they may stay:" in answer.content.decode()
    client.post(reverse("item_quality:waive", args=[version.uuid]), {"rule": RULE, "reason": WHY})

    assert WHY in client.get(url).content.decode()
    assert WHY in signed_in(rita()).get(url).content.decode()
    client.post(reverse("item_quality:unwaive", args=[version.uuid]), {"rule": RULE})
    assert not FlawWaiver.objects.exists()


def test_nobody_else_gives_reasons() -> None:
    version = flawed_draft()
    url = reverse("item_quality:waive", args=[version.uuid])
    for user in (rita(), staff(Role.ADMINISTRATOR, "Other"), staff(Role.AUDITOR, "Audrey")):
        assert signed_in(user).post(url, {"rule": RULE, "reason": WHY}).status_code == 404
    assert signed_in(UserFactory()).post(url, {"rule": RULE, "reason": WHY}).status_code in (302, 404)
    signed_in(person(Role.ITEM_WRITER, "Dora")).post(url, {"rule": RULE, "reason": WHY})
    assert not FlawWaiver.objects.exists()


def test_the_bank_page_counts_rules_and_tests_where_keys_stand() -> None:
    bank = BankFactory()
    for _ in range(15):
        make_draft(bank=bank)  # every key in the second of three places
    save_content(make_draft(bank=bank), flawed(), by=cleo())

    answer = signed_in(rita()).get(reverse("item_quality:bank", args=[bank.code]))

    counts = {rule["id"]: rule["items"] for rule in answer.context["rules"]}
    assert counts[RULE] == 1 and counts["longest_key"] == 0
    (row,) = answer.context["positions"]
    assert (row["found"].counts, row["found"].is_biased) == ((0, 16, 0), True)
    assert signed_in(rita()).get(reverse("item_quality:index")).context["banks"].get(pk=bank.pk).flawed == 1


def test_two_items_are_compared_and_set_apart_on_the_page() -> None:
    bank = BankFactory()
    one, two = make_draft(bank=bank), make_draft(bank=bank)
    elsewhere = make_draft(bank=BankFactory())
    client = signed_in(cleo())
    page = client.get(reverse("item_versions:detail", args=[one.uuid])).content.decode()
    beside = reverse("item_quality:beside", args=[one.uuid, two.uuid])
    assert beside in page and elsewhere.item.code not in page
    assert client.get(beside).context["pairs"][0]["percent"] == 100
    assert client.get(reverse("item_quality:beside", args=[one.uuid, elsewhere.uuid])).status_code == 404

    client.post(reverse("item_quality:set_apart", args=[one.uuid, two.uuid]))

    assert list(one.item.enemies.all()) == [two.item]
    assert "never on the same paper" in client.get(reverse("item_versions:detail", args=[one.uuid])).content.decode()


def test_the_page_of_a_version_costs_the_same_whatever_reads_like_it(django_assert_max_num_queries: Any) -> None:
    bank = BankFactory()
    one = make_draft(bank=bank)
    client, url = signed_in(cleo()), reverse("item_versions:detail", args=[one.uuid])
    make_draft(bank=bank)
    client.get(url)
    with django_assert_max_num_queries(60) as few:
        client.get(url)
    for _ in range(4):
        make_draft(bank=bank)
    with django_assert_max_num_queries(len(few)):
        assert len(client.get(url).context["quality"].similar) == 5
