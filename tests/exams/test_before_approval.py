"""What is said of an item before its approval, and the comments that hold it up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from common.errors import InvalidInput
from exams.actions.bank import classify_item, create_item
from exams.actions.comments import settle_comment, write_comment
from exams.actions.reviews import approve_subject, approve_version, submit_for_review
from exams.errors import (
    CommentMissing,
    CommentSettled,
    CommentsOpen,
    ItemIncomplete,
    NotYourBank,
    NotYourComment,
)
from exams.models import Item, ItemComment, ItemVersion
from exams.queries.banks import banks_of
from exams.queries.readiness import missing_parts
from exams.rules.reviewing import proposed_review
from standards.models import Edition
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import (
    administrator,
    cleo,
    make_approved,
    make_draft,
    make_item,
    person,
    rita,
)
from tests.factories.standards import StandardFactory

pytestmark = pytest.mark.django_db


def lena() -> User:
    return person(Role.ITEM_REVIEWER, "Lena")


def submitted() -> ItemVersion:
    return submit_for_review(make_draft(), by=cleo())


# --- Before approval -----------------------------------------------------------------------------


def an_edition() -> Edition:
    return Edition.objects.get(standard=StandardFactory())


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"no_edition": False}, "Name the edition of the standard"),
        ({"review_by": None}, "Say by when the item is to be reviewed again."),
        ({"review_by": date(2020, 1, 1)}, "is over"),
        ({"cognitive_level": ""}, "cognitive level"),
    ],
)
def test_what_the_item_does_not_say_is_said_in_words(fields: dict[str, Any], sentence: str) -> None:
    version = make_draft()
    Item.objects.filter(pk=version.item_id).update(**fields)

    with pytest.raises(ItemIncomplete) as refusal:
        submit_for_review(version, by=cleo())

    assert sentence in str(refusal.value.text) and len(refusal.value.extra["problems"]) == 1


def test_a_reference_is_needed_in_every_language() -> None:
    version = make_draft()
    version.wordings.filter(language="zh-hans").update(reference=" ")

    assert missing_parts(ItemVersion.objects.get(pk=version.pk)) == ["The reference is missing in Chinese."]


def test_a_gap_that_opened_during_review_stops_the_approval() -> None:
    version = approve_subject(submitted(), by=rita())
    Item.objects.update(review_by=None)

    with pytest.raises(ItemIncomplete):
        approve_version(version, by=rita())


def test_an_edition_is_named_or_said_not_to_apply_never_both() -> None:
    item, edition = make_item(), an_edition()
    place = {"competence": item.competence, "content_area": 1, "cognitive_level": "apply", "by": cleo()}

    with pytest.raises(InvalidInput):
        classify_item(item, edition=edition, no_edition=True, **place)
    with pytest.raises(InvalidInput):
        create_item(item.bank, code="N", type="numeric", edition=edition, no_edition=True, **place)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(edition=edition, no_edition=True)
    classify_item(item, edition=edition, review_by=date(2041, 5, 1), **place)
    details = AuditEntry.objects.get(act="item.classified").details
    assert details["before"]["no_edition"] and not details["after"]["no_edition"]
    assert details["after"]["review_by"] == "2041-05-01"


def test_the_form_proposes_two_years_and_asks_for_one_of_the_two() -> None:
    item = make_item(review_by=None)
    client, url = signed_in(cleo()), reverse("item_bank:classify", args=[item.uuid])
    posted = {"competence": item.competence_id, "content_area": 1, "cognitive_level": "apply", "review_by": "2040-02-03"}

    assert proposed_review(date(2024, 2, 29)) == date(2026, 2, 28)
    assert proposed_review().isoformat() in client.get(url).content.decode()
    refused = client.post(url, posted | {"edition": an_edition().pk, "no_edition": "on"})
    assert "no_edition" in refused.context["form"].errors
    client.post(url, posted | {"no_edition": "on"})
    item.refresh_from_db()
    assert (item.no_edition, item.review_by) == (True, date(2040, 2, 3))


def test_items_due_for_review_are_counted_and_listed() -> None:
    due = make_approved()
    bank = due.item.bank
    make_approved(bank=bank)
    sleeping = make_draft(bank=bank)
    Item.objects.filter(pk__in=[due.item_id, sleeping.item_id]).update(review_by=timezone.localdate())
    client = signed_in(rita())

    page = client.get(reverse("item_banks:detail", args=[bank.code]))
    assert (page.context["row"].due, page.context["row"].usable, page.context["row"].items) == (1, 2, 3)
    assert "1 item is due for review" in page.content.decode()
    listed = client.get(reverse("item_bank:index"), {"review": "due"}).context["rows"]
    assert [row["item"].code for row in listed] == [due.item.code]


def test_the_banks_page_asks_as_much_for_three_banks_as_for_one(django_assert_num_queries: Any) -> None:
    make_approved()
    reader = rita()
    assert reader.has_role(Role.ITEM_REVIEWER)
    with django_assert_num_queries(4):
        assert len(banks_of(reader)) == 1
    make_approved()
    make_draft()
    with django_assert_num_queries(4):
        assert len(banks_of(reader)) == 3


# --- Comments ------------------------------------------------------------------------------------


def test_an_open_comment_holds_both_approvals_up() -> None:
    version = submitted()
    first = write_comment(version, " The key is doubtful. ", by=lena())

    with pytest.raises(CommentsOpen) as refusal:
        approve_subject(version, by=rita())
    assert refusal.value.extra == {"count": 1} and "Settle them first" in str(refusal.value.text)
    settle_comment(first, by=cleo())
    version = approve_subject(version, by=rita())
    second = write_comment(version, "A word is missing.", by=rita())
    with pytest.raises(CommentsOpen):
        approve_version(version, by=rita())
    settle_comment(second, by=rita())

    assert approve_version(version, by=rita()).status == "approved"
    assert [comment.text for comment in version.comments.all()] == ["The key is doubtful.", "A word is missing."]
    trail = " ".join(f"{entry.summary} {entry.details}" for entry in AuditEntry.objects.all())
    assert "doubtful" not in trail and AuditEntry.objects.filter(act="item_version.commented").count() == 2


def test_who_may_comment_and_settle() -> None:
    version = make_draft()
    comment = write_comment(version, "x", by=rita())

    for stranger in (UserFactory(), staff(Role.AUDITOR, "Audrey"), staff(Role.AUTHOR, "Anna")):
        with pytest.raises(NotYourBank):
            write_comment(version, "x", by=stranger)
        with pytest.raises(NotYourBank):
            settle_comment(comment, by=stranger)
    for other in (lena(), person(Role.ITEM_WRITER, "Dora")):
        with pytest.raises(NotYourComment):
            settle_comment(comment, by=other)
    with pytest.raises(CommentMissing):
        write_comment(version, "  ", by=rita())
    settle_comment(comment, by=administrator())
    with pytest.raises(CommentSettled):
        settle_comment(comment, by=rita())


def test_a_comment_says_something_and_names_who_settled_it() -> None:
    comment = write_comment(make_draft(), "x", by=rita())
    for wrong in ({"text": ""}, {"settled_at": timezone.now()}, {"settled_by": rita()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemComment.objects.filter(pk=comment.pk).update(**wrong)


def test_the_thread_on_the_page_and_open_ones_before_the_writer() -> None:
    version = make_draft()
    page = reverse("item_versions:detail", args=[version.uuid])
    edit = reverse("item_versions:edit", args=[version.uuid])
    signed_in(rita()).post(reverse("item_versions:comment", args=[version.uuid]), {"text": "Shorten <b>it</b>"})
    comment, writer = ItemComment.objects.get(), signed_in(cleo())

    assert "Shorten &lt;b&gt;it&lt;/b&gt;" in writer.get(edit).content.decode()
    assert [row["can_settle"] for row in writer.get(page).context["comments"]] == [True]
    assert [row["can_settle"] for row in signed_in(lena()).get(page).context["comments"]] == [False]
    other = make_draft(bank=version.item.bank)
    wrong = writer.post(reverse("item_versions:settle", args=[other.uuid, comment.uuid]))
    assert wrong.status_code == 404
    writer.post(reverse("item_versions:settle", args=[version.uuid, comment.uuid]))
    comment.refresh_from_db()
    assert comment.settled_by == cleo()
    assert "Shorten" not in writer.get(edit).content.decode()
