"""The list of items: every way of asking, as a table to take away, and what finds items without being the truth."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Role
from exams.actions.bank import discard_draft, save_content, write_version
from exams.actions.indexing import index_missing
from exams.content import Choice, content_of
from exams.integrity import quality as integrity_quality
from exams.models import Item, ItemFlaw, ItemIndex, ItemVersion, SimilarityBand, Translation
from exams.queries.item_list import ids_matching
from exams.tasks import sweep_exams_task
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import cleo, content, make_approved, make_draft, make_item
from tests.factories.exams import BankFactory, make_paper
from tests.harness.environment import ON_POSTGRES

pytestmark = pytest.mark.django_db


def listed(client: Client, **query: Any) -> list[str]:
    return [row["item"].code for row in client.get(reverse("item_bank:index"), query).context["rows"]]


def flawed_draft(**fields: Any) -> ItemVersion:
    said = content()
    last = Choice({"en": "None of the above", "zh-hans": "以上都不是"})
    return save_content(make_draft(**fields), replace(said, choices=(*said.choices[:2], last)), by=cleo())


def test_flaws_are_a_filter_open_ones_none_and_by_rule() -> None:
    bank = BankFactory()
    make_draft(bank=bank, code="CLEAN")
    flawed_draft(bank=bank, code="FLAWED")
    client = signed_in(cleo())

    assert listed(client, flaws="open") == ["FLAWED"]
    assert listed(client, flaws="none") == ["CLEAN"]
    assert listed(client, flaws="none_of_the_above") == ["FLAWED"]
    assert listed(client, flaws="longest_key") == []
    assert "2 open flaws" in client.get(reverse("item_bank:index")).content.decode()


def test_a_search_finds_words_of_options_chinese_and_codes_however_they_are_written() -> None:
    bank = BankFactory()
    one = make_draft(bank=bank, code="AB-1")
    said = content_of(one)
    words = {"en": replace(said.wordings["en"], stem="<p>What is <strong>Evasion</strong>?</p>")}
    words["zh-hans"] = replace(said.wordings["zh-hans"], stem="<p>什么是规避攻击？</p>")
    save_content(one, replace(said, wordings=words), by=cleo())
    make_draft(bank=bank, code="AB-2")
    client = signed_in(cleo())

    for query in ("evasion", "EVASION what", "规避攻击", "ab-1", "AB-1", "option evasion"):
        assert listed(client, q=query) == ["AB-1"], query
    assert listed(client, q="STEM") == ["AB-2"]
    assert listed(client, q="%") == listed(client, q=" ") == ["AB-1", "AB-2"]
    assert listed(client, q="100%_") == []


def test_a_stale_language_is_not_complete() -> None:
    version = make_draft()
    said = content_of(version)
    english = replace(said.wordings["en"], stem="<p>ASKED OTHERWISE</p>")
    save_content(version, replace(said, wordings={**said.wordings, "en": english}), by=cleo())
    client = signed_in(cleo())

    assert listed(client, languages="complete") == []
    assert listed(client, languages="missing-zh-hans") == ["Q-001"]
    assert listed(client, languages="missing-en") == []


@pytest.mark.parametrize("order", ["", "newest", "area", "type", "level", "nonsense"])
def test_every_order_lists_everything_once(order: str) -> None:
    bank = BankFactory()
    for number, type in enumerate(("numeric", "single_choice", "short_text")):
        make_draft(type, bank, area=3 - number, level=("apply", "analyse", "remember")[number])
    assert sorted(listed(signed_in(cleo()), order=order)) == ["Q-001", "Q-002", "Q-003"]


def test_orders_are_what_they_say() -> None:
    bank = BankFactory()
    make_draft("single_choice", bank, area=2, level="apply")
    make_draft("numeric", bank, area=1, level="remember")
    client = signed_in(cleo())
    assert listed(client, order="area") == listed(client, order="type") == ["Q-002", "Q-001"]
    assert listed(client, order="level") == ["Q-001", "Q-002"]


def test_the_status_is_that_of_the_newest_version() -> None:
    live = make_approved()
    write_version(live.item, by=cleo())
    client = signed_in(cleo())
    assert listed(client, status="draft") == ["Q-001"]
    assert listed(client, status="approved") == []


def test_queries_do_not_grow_with_the_page(django_assert_max_num_queries: Any) -> None:
    client, bank = signed_in(cleo()), flawed_draft().item.bank
    for query in ({"q": "stem"}, {"flaws": "open"}, {"languages": "missing-en"}, {"status": "draft"}, {"order": "newest"}):
        listed(client, **query)
        with django_assert_max_num_queries(25) as few:
            listed(client, **query)
        for _ in range(3):
            flawed_draft(bank=bank)
        with django_assert_max_num_queries(len(few)):
            listed(client, **query)


# --- As a table --------------------------------------------------------------------------------------


def test_the_table_has_what_the_filter_shows_and_neither_words_nor_keys() -> None:
    bank = BankFactory()
    flawed_draft(bank=bank, code="A-1", area=2)
    make_draft("numeric", bank, code="=CMD", area=1)
    client = signed_in(cleo())

    answer = client.get(reverse("item_bank:table", args=["csv"]), {"order": "area"})

    text = answer.content.decode("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(text)))
    assert [row[head.index("Code")] for row in rows] == ["'=CMD", "A-1"]
    assert rows[1][head.index("Open flaws")] == "2" and rows[1][head.index("Status")] == "draft"
    assert not [word for word in ("STEM", "OPTION", "RATIONALE", "REFERENCE", "None of the above") if word in text]
    assert "no-store" in answer["Cache-Control"]

    sheet = load_workbook(io.BytesIO(client.get(reverse("item_bank:table", args=["xlsx"]), {"q": "a-1"}).content)).active
    assert [cell.value for cell in list(sheet.columns)[1]] == ["Code", "A-1"]


def test_the_table_is_for_people_of_the_bank_and_has_two_forms() -> None:
    make_draft()
    url = reverse("item_bank:table", args=["csv"])
    assert signed_in(staff(Role.INVIGILATOR, "Dan")).get(url).status_code == 404
    assert signed_in(UserFactory()).get(url).status_code in (302, 404)
    assert signed_in(cleo()).get(reverse("item_bank:table", args=["pdf"])).status_code == 404


# --- What finds items is never the truth -------------------------------------------------------------


def test_items_without_an_index_row_are_listed_and_indexed_by_the_sweep() -> None:
    bank = BankFactory()
    make_draft(bank=bank)
    make_item(bank=bank, code="EMPTY")
    ItemIndex.objects.all().delete()
    SimilarityBand.objects.all().delete()
    client = signed_in(cleo())
    assert listed(client) == ["EMPTY", "Q-001"]
    assert listed(client, q="stem") == []

    sweep_exams_task()

    assert listed(client, q="stem") == ["Q-001"]
    assert listed(client, q="empty") == ["EMPTY"]
    assert SimilarityBand.objects.exists()
    assert index_missing() == 0


def test_a_discarded_draft_is_found_no_more() -> None:
    version = flawed_draft()
    discard_draft(version, by=cleo())
    assert list(ids_matching(cleo(), {"q": "stem"})) == []
    assert (ItemFlaw.objects.count(), ItemIndex.objects.get().open_flaws) == (0, 0)
    assert Item.objects.count() == 1


# --- Integrity ---------------------------------------------------------------------------------------


def test_integrity_names_a_version_whose_digest_is_not_that_of_its_words() -> None:
    version = make_draft()
    assert list(integrity_quality.source_digests_match()) == []
    ItemVersion.objects.filter(pk=version.pk).update(source_digest="0" * 64)
    assert [violation.row for violation in integrity_quality.source_digests_match()] == [f"item version {version.pk}"]


def test_integrity_names_a_paper_sealed_in_a_language_that_was_behind() -> None:
    paper = make_paper()
    on_it = paper.items.get(position=1).version
    assert list(integrity_quality.sealed_languages_were_fresh()) == []
    # The fault: only without its guard can such a row come to be.
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER exams_translation_added" + (" ON exams_translation" if ON_POSTGRES else ""))

    Translation.objects.create(version=on_it, language="zh-hans", source_digest="1" * 64, how="written", at=timezone.now())
    assert [violation.row for violation in integrity_quality.sealed_languages_were_fresh()] == [f"paper {paper.pk}"]
