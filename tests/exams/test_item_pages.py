"""The item bank's pages: the list, the editor, the review."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.roles import grant_role
from accounts.models import Role
from exams.actions.bank import save_content, write_version
from exams.actions.reviews import submit_for_review
from exams.content import content_of
from exams.models import Item, ItemVersion
from tests.exams.back_office import signed_in
from tests.factories.bank import (
    cleo,
    content,
    make_approved,
    make_draft,
    person,
    rita,
)

pytestmark = pytest.mark.django_db

WRITER, REVIEWER, ADMINISTRATOR = Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR
BANK = {WRITER, REVIEWER, ADMINISTRATOR}


def listed(client: Client, **query: Any) -> list[str]:
    answer = client.get(reverse("item_bank:index"), query)
    return [row["item"].code for row in answer.context["rows"]]


def test_the_list_narrows_by_everything_it_offers() -> None:
    one = make_approved(area=1, level="remember")
    two = make_draft("numeric", one.item.bank, area=2, languages=("en",))
    client = signed_in(cleo())

    assert listed(client) == ["Q-001", "Q-002"]
    assert listed(client, order="newest") == ["Q-002", "Q-001"]
    for query in ({"area": 2}, {"type": "numeric"}, {"level": "apply"}, {"status": "draft"}, {"languages": "missing-zh-hans"}):
        assert listed(client, **query) == ["Q-002"], query
    assert listed(client, languages="complete") == ["Q-001"]
    assert listed(client, bank=one.item.bank_id, competence=two.item.competence_id) == ["Q-001", "Q-002"]
    assert listed(client, q="stem ZH-hans") == ["Q-001"]
    assert listed(client, q="q-002") == ["Q-002"]
    assert listed(client, q="nothing like it") == []
    assert listed(client, area="x", status="y") == ["Q-001", "Q-002"]


def test_the_list_costs_the_same_for_one_and_for_many(django_assert_max_num_queries: Any) -> None:
    client, bank = signed_in(cleo()), make_approved().item.bank
    listed(client)
    with django_assert_max_num_queries(25) as few:
        listed(client)
    for _ in range(5):
        make_approved(bank=bank)
    with django_assert_max_num_queries(len(few)):
        assert len(listed(client)) == 6


def test_the_list_comes_in_pages() -> None:
    bank = make_draft().item.bank
    Item.objects.bulk_create(
        Item(bank=bank, code=f"Z-{number:03}", type="numeric", competence_id=Item.objects.first().competence_id)  # type: ignore[union-attr]
        for number in range(30)
    )
    client = signed_in(cleo())

    assert len(listed(client)) == 25
    assert listed(client, p=2) == [f"Z-{number:03}" for number in range(24, 30)]


# --- Writing -------------------------------------------------------------------------------------


def rich(text: str) -> str:
    """What the editor sends for one paragraph."""
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})


def words(**more: Any) -> dict[str, Any]:
    posted: dict[str, Any] = {"points": 1, "minutes": "1.5"}
    for language in ("en", "zh-hans"):
        posted |= {
            f"stem_{language}": rich(f"Asked in {language}"),
            f"rationale_{language}": rich(f"Because in {language}"),
            f"reference_{language}": "Lesson 1",
        }
    return posted | more


def options(*texts: str) -> dict[str, str]:
    return {f"option_{row}_{code}": f"{text} {code}" for row, text in enumerate(texts) for code in ("en", "zh-hans")}


EDITORS: dict[str, tuple[dict[str, Any], Callable[[ItemVersion], Any], Any]] = {
    "single_choice": (
        {**options("**A**", "B"), "keys": ["1"]},
        lambda version: [(choice.texts["en"], choice.is_key) for choice in content_of(version).choices],
        [("<strong>A</strong> en", False), ("B en", True)],
    ),
    "multiple_response": (
        {**options("A", "B", "C"), "keys": ["0", "2"], "scoring_rule": "partial_credit", "keep_option_order": "on"},
        lambda version: (version.scoring_rule, version.keep_option_order, [o.is_key for o in content_of(version).choices]),
        ("partial_credit", True, [True, False, True]),
    ),
    "numeric": (
        {"value": "0.04", "tolerance": "0.005", "unit_en": "%", "unit_zh-hans": "%"},
        lambda version: (version.key, version.wordings.get(language="en").unit),
        ({"value": "0.04", "tolerance": "0.005"}, "%"),
    ),
    "short_text": (
        {"accepted_en": "inference\n model inference \n\n", "accepted_zh-hans": "推理"},
        lambda version: version.key,
        {"accepted": {"en": ["inference", "model inference"], "zh-hans": ["推理"]}},
    ),
}


@pytest.mark.parametrize("type", EDITORS)
def test_an_item_of_every_type_is_written_and_handed_in_through_the_editor(type: str) -> None:
    posted, read, expected = EDITORS[type]
    seed = make_draft()
    client = signed_in(cleo())
    place = {"bank": seed.item.bank_id, "competence": seed.item.competence_id, "content_area": 1, "cognitive_level": "apply"}
    place |= {"no_edition": "on", "review_by": "2040-01-01"}

    answer = client.post(reverse("item_bank:add"), {"code": "N-1", "type": type, **place})
    version = ItemVersion.objects.get(item__code="N-1")
    assert answer.url == reverse("item_versions:edit", args=[version.uuid])
    answer = client.post(answer.url, words(**posted, submit=""))

    version.refresh_from_db()
    assert (answer.url, version.status) == (reverse("item_versions:detail", args=[version.uuid]), "subject_review")
    assert read(version) == expected
    assert version.wordings.get(language="zh-hans").stem == "<p>Asked in zh-hans</p>"


def test_saving_what_was_opened_changes_nothing() -> None:
    version = save_content(make_draft("multiple_response"), content("multiple_response"), by=cleo())
    client, url = signed_in(cleo()), reverse("item_versions:edit", args=[version.uuid])
    form = client.get(url).context["form"]
    posted: dict[str, Any] = {}
    for field in form:
        value = field.field.widget.format_value(field.value()) if field.name[:4] in ("stem", "rati") else field.value()
        posted[field.name] = "" if value is None else value
    posted.pop("keep_option_order")

    client.post(url, posted)

    assert content_of(ItemVersion.objects.get(pk=version.pk)) == content("multiple_response").cleaned()


def test_an_incomplete_draft_is_kept_and_the_page_says_what_is_missing() -> None:
    version = write_version(make_draft().item.bank.items.create(
        code="N-2", type="single_choice", competence=Item.objects.first().competence, cognitive_level="apply"  # type: ignore[union-attr]
    ), by=cleo())  # fmt: skip
    client = signed_in(cleo())

    answer = client.post(reverse("item_versions:edit", args=[version.uuid]), words(**options("A", "B"), submit=""), follow=True)

    assert "Mark exactly one option as the key." in answer.content.decode()
    assert content_of(version).choices[0].texts["en"] == "A en"
    assert ItemVersion.objects.get(pk=version.pk).status == "draft"


def test_a_number_that_is_none_is_refused_at_the_field() -> None:
    version = make_draft("numeric")

    answer = signed_in(cleo()).post(reverse("item_versions:edit", args=[version.uuid]), words(value="3,14", tolerance="NaN"))

    assert set(answer.context["form"].errors) == {"value", "tolerance"}


def test_a_table_is_edited_as_html_so_that_nothing_is_lost() -> None:
    version = make_draft()
    table = "<table><tbody><tr><td>1</td></tr></tbody></table>"
    version.wordings.filter(language="en").update(stem=table)

    form = signed_in(cleo()).get(reverse("item_versions:edit", args=[version.uuid])).context["form"]

    assert "bank-source" in str(form["stem_en"]) and "&lt;table&gt;" in str(form["stem_en"])
    assert "bank-source" not in str(form["rationale_en"])


def test_another_writer_reads_a_draft_but_does_not_open_it() -> None:
    version = make_draft()
    client = signed_in(person(WRITER, "Dora"))

    assert client.get(reverse("item_versions:edit", args=[version.uuid])).url == reverse(
        "item_versions:detail", args=[version.uuid]
    )
    client.post(reverse("item_versions:submit", args=[version.uuid]))
    client.post(reverse("item_versions:discard", args=[version.uuid]))
    assert ItemVersion.objects.get().status == "draft"


# --- Reviewing -----------------------------------------------------------------------------------


def test_a_reviewer_sends_back_and_approves_from_the_page() -> None:
    version = submit_for_review(make_draft(), by=cleo())
    page = reverse("item_versions:detail", args=[version.uuid])
    client = signed_in(rita())

    assert "Your decision" in client.get(page).content.decode()
    answer = client.post(reverse("item_versions:send_back", args=[version.uuid]), {"comment": ""}, follow=True)
    assert "Write a comment" in answer.content.decode()
    client.post(reverse("item_versions:send_back", args=[version.uuid]), {"comment": "Shorten option 2."})
    assert "Shorten option 2." in signed_in(cleo()).get(reverse("item_versions:edit", args=[version.uuid])).content.decode()
    signed_in(cleo()).post(reverse("item_versions:submit", args=[version.uuid]))
    client.post(reverse("item_versions:approve", args=[version.uuid]), {"comment": "Not yet"})
    version.refresh_from_db()
    assert version.status == "subject_review"
    client.post(reverse("item_versions:approve_subject", args=[version.uuid]), {"comment": ""})
    assert "Both languages ask the same" in client.get(page).content.decode()
    client.post(reverse("item_versions:approve", args=[version.uuid]), {"comment": ""})

    version.refresh_from_db()
    assert (version.status, version.approved_by) == ("approved", rita())
    assert "Your decision" not in client.get(page).content.decode()
    assert "Edit" not in [button.strip() for button in signed_in(cleo()).get(page).content.decode().split(">")]


def test_the_writer_who_also_reviews_is_told_why_not() -> None:
    version = submit_for_review(make_draft(), by=cleo())
    both = grant_role(cleo(), REVIEWER, by=None)
    client = signed_in(both)

    page = client.get(reverse("item_versions:detail", args=[version.uuid])).content.decode()
    client.post(reverse("item_versions:approve", args=[version.uuid]))

    assert "somebody else has to review it" in page and "Your decision" not in page
    assert ItemVersion.objects.get().status == "subject_review"


@pytest.mark.parametrize("type", ["single_choice", "multiple_response", "numeric", "short_text"])
def test_a_preview_is_what_the_room_is_sent_and_shows_no_key(type: str) -> None:
    version = make_draft(type)
    client = signed_in(cleo())
    preview = client.get(reverse("item_versions:preview", args=[version.uuid, "zh-hans"]))
    text = preview.content.decode()

    assert "STEM zh-hans" in text and "STEM en" not in text
    assert not [word for word in ("RATIONALE", "REFERENCE", "is_key", "KEYWORD", "关键词", "tolerance", "0.05") if word in text]
    assert set(preview.context["paper"]["sections"][0]["positions"][0]) <= {
        "position", "type", "stem", "options", "unit", "scoring"
    }  # fmt: skip
    assert client.get(reverse("item_versions:preview", args=[version.uuid, "fr"])).status_code == 404


def test_a_comparison_strikes_out_and_underlines() -> None:
    version = make_approved()
    second = write_version(version.item, by=cleo())
    changed = content(choices=content().choices[:2])
    save_content(second, changed, by=cleo())

    page = signed_in(rita()).get(reverse("item_versions:compare", args=[second.uuid, 1])).content.decode()

    assert "<del>OPTION 3 en</del>" in page and "STEM en" not in page
