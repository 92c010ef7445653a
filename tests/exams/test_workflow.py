"""The states of a version, its two reviews, its comments, and what is said of an item before approval."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from common.errors import InvalidInput
from exams.actions.bank import classify_item, create_item, write_version
from exams.actions.comments import settle_comment, write_comment
from exams.actions.reviews import approve_subject, approve_version, retire_version, send_back, submit_for_review
from exams.actions.sealing import seal_paper
from exams.errors import (
    AuthorCannotApprove,
    CommentMissing,
    CommentSettled,
    CommentsOpen,
    ItemIncomplete,
    NotInReview,
    NotYourBank,
    NotYourComment,
    PaperNotSealable,
)
from exams.models import Item, ItemComment, ItemReview, ItemVersion
from exams.models.states import LIVE, MOVES, VersionStatus
from exams.queries.banks import banks_of
from exams.queries.readiness import missing_parts
from exams.rules.reviewing import proposed_review
from standards.models import Edition
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import (
    administrator,
    approve,
    cleo,
    make_approved,
    make_draft,
    make_item,
    make_paper_of,
    person,
    rita,
)
from tests.factories.standards import StandardFactory

pytestmark = pytest.mark.django_db

# A way to each state that the database allows.
WAYS = {
    "draft": (),
    "subject_review": ("subject_review",),
    "language_review": ("subject_review", "language_review"),
    "approved": ("subject_review", "language_review", "approved"),
    "in_use": ("subject_review", "language_review", "approved", "in_use"),
    "resting": ("subject_review", "language_review", "approved", "resting"),
    "retired": ("subject_review", "language_review", "approved", "retired"),
}


def lena() -> User:
    return person(Role.ITEM_REVIEWER, "Lena")


def submitted() -> ItemVersion:
    return submit_for_review(make_draft(), by=cleo())


def brought_to(status: str) -> ItemVersion:
    version, now = make_draft(), timezone.now()
    signed: dict[str, Any] = {"subject_reviewed_by": rita(), "subject_reviewed_at": now}
    for step in WAYS[status]:
        more = signed if step == "language_review" else {}
        more = {"approved_by": rita(), "approved_at": now} if step == "approved" else more
        assert ItemVersion.objects.filter(pk=version.pk).update(status=step, **more) == 1
    version.refresh_from_db()
    return version


# --- States --------------------------------------------------------------------------------------


def test_the_database_allows_the_listed_moves_and_no_other() -> None:
    assert set(MOVES) == set(VersionStatus.values)
    now = timezone.now()
    names = {"subject_reviewed_by": rita(), "subject_reviewed_at": now, "approved_by": rita(), "approved_at": now}
    wrong = []
    for before in MOVES:
        for after in VersionStatus.values:
            if before == after:
                continue
            version = brought_to(before)
            # Who reviewed is named beforehand where it may be, so that only the move is in question.
            fields = names if before in WAYS["language_review"] or before == "draft" else {}
            try:
                with transaction.atomic():
                    ItemVersion.objects.filter(pk=version.pk).update(status=after, **fields)
                moved = True
            except DatabaseError:
                moved = False
            if moved != (after in MOVES[before]):
                wrong.append((before, after))

    assert wrong == []


def test_a_version_begins_as_a_draft_and_its_state_is_a_known_one() -> None:
    item = make_item()
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemVersion.objects.create(item=item, written_by=cleo(), status="subject_review")
    version = make_draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        ItemVersion.objects.filter(pk=version.pk).update(status="in_review")


def test_an_item_has_one_live_version() -> None:
    first = make_approved()
    second = write_version(first.item, by=cleo())
    now = timezone.now()
    ItemVersion.objects.filter(pk=second.pk).update(status="subject_review")
    ItemVersion.objects.filter(pk=second.pk).update(
        status="language_review", subject_reviewed_by=rita(), subject_reviewed_at=now
    )
    for status in LIVE:
        if status != "approved":
            ItemVersion.objects.filter(pk=first.pk).update(status=status)
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemVersion.objects.filter(pk=second.pk).update(status="approved", approved_by=rita(), approved_at=now)
    assert list(pairwise(LIVE)) == [("approved", "in_use"), ("in_use", "resting")]


@pytest.mark.parametrize("status", ["approved", "in_use", "resting"])
def test_a_new_version_replaces_the_live_one_whatever_it_does(status: str) -> None:
    first = brought_to(status)
    second = write_version(first.item, by=cleo())

    approve(submit_for_review(second, by=cleo()))

    first.refresh_from_db()
    assert (first.status, first.rests_until) == ("retired", None)
    review = ItemReview.objects.get(version=first, finding="retired")
    assert (review.stage, review.comment) == ("", "replaced by version 2")


@pytest.mark.parametrize("status", ["approved", "in_use", "resting"])
def test_every_live_version_can_retire(status: str) -> None:
    assert retire_version(brought_to(status), reason="Leaked", by=rita()).status == "retired"


@pytest.mark.parametrize("status", ["in_use", "resting", "retired"])
def test_whatever_was_approved_never_changes(status: str) -> None:
    version = brought_to(status)
    for change in ({"points": 3}, {"subject_reviewed_by": lena()}, {"approved_by": lena()}, {"key": {"value": "1"}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ItemVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        version.wordings.update(stem="Other")
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()


def test_sealing_puts_versions_in_use_with_one_audit_entry() -> None:
    first = make_approved()
    second = make_approved("true_false", first.item.bank)
    seal_paper(make_paper_of([first, second]), by=administrator())
    third = make_approved("numeric", first.item.bank)

    seal_paper(make_paper_of([second, third]), by=administrator())

    assert set(ItemVersion.objects.values_list("status", flat=True)) == {"in_use"}
    entries = AuditEntry.objects.filter(act="paper.sealed").order_by("sequence")
    assert [entry.details["put_in_use"] for entry in entries] == [["Q-001", "Q-002"], ["Q-003"]]


@pytest.mark.parametrize(("status", "sentence"), [("resting", "is resting"), ("retired", "is not approved")])
def test_what_left_meanwhile_is_not_sealed(status: str, sentence: str) -> None:
    version = make_approved()
    paper = make_paper_of([version])
    ItemVersion.objects.filter(pk=version.pk).update(status=status)

    with pytest.raises(PaperNotSealable, match=sentence):
        seal_paper(paper, by=administrator())


# --- Two reviews ---------------------------------------------------------------------------------


def test_two_reviewers_one_after_the_other() -> None:
    version = approve_subject(submitted(), by=rita(), comment="Sound")
    assert (version.status, version.subject_reviewed_by, version.approved_by) == ("language_review", rita(), None)

    version = approve_version(version, by=lena(), comment="Reads well")

    assert (version.status, version.subject_reviewed_by, version.approved_by) == ("approved", rita(), lena())
    found = ItemReview.objects.order_by("reviewed_at").values_list("stage", "finding", "reviewer", "comment")
    assert list(found) == [
        ("subject", "approved", rita().pk, "Sound"),
        ("language", "approved", lena().pk, "Reads well"),
    ]


def test_one_person_may_do_both_stages_but_never_the_writer() -> None:
    both = person(Role.ITEM_WRITER, "Both")
    both.groups.add(*rita().groups.all())
    version = write_version(make_item(), by=both)
    ItemVersion.objects.filter(pk=version.pk).update(status="subject_review")

    with pytest.raises(AuthorCannotApprove):
        approve_subject(version, by=both)
    version = approve_subject(version, by=rita())
    with pytest.raises(AuthorCannotApprove):
        approve_version(version, by=both)
    with pytest.raises(AuthorCannotApprove):
        send_back(version, comment="No", by=both)
    assert approve(submitted()).subject_reviewed_by == rita()


def test_the_database_lets_no_writer_sign_a_review() -> None:
    version, now = submitted(), timezone.now()
    for finding, stage in (("approved", "subject"), ("sent_back", "language")):
        with pytest.raises(DatabaseError, match="wrote"), transaction.atomic():
            ItemReview.objects.create(
                version=version, reviewer=cleo(), finding=finding, stage=stage, comment="Mine", reviewed_at=now
            )
    send_back(version, comment="Too long", by=rita())
    with pytest.raises(DatabaseError, match="wrote"), transaction.atomic():
        ItemReview.objects.update(reviewer=cleo())


@pytest.mark.parametrize(
    "wrong",
    [
        {"finding": "approved", "stage": ""},
        {"finding": "sent_back", "stage": "language", "reviewer": None},
        {"finding": "retired", "stage": "subject"},
        {"finding": "retired", "stage": "", "comment": ""},
    ],
)
def test_a_review_names_its_stage_and_its_reviewer(wrong: dict[str, Any]) -> None:
    values = {"version": make_draft(), "reviewer": rita(), "comment": "x", "reviewed_at": timezone.now(), **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemReview.objects.create(**values)


@pytest.mark.parametrize("stage", ["subject", "language"])
def test_sent_back_from_either_stage_it_begins_again(stage: str) -> None:
    version = submitted()
    if stage == "language":
        version = approve_subject(version, by=rita())

    version = send_back(version, comment="Say it shorter", by=lena())

    assert (version.status, version.subject_reviewed_by, version.subject_reviewed_at) == ("draft", None, None)
    assert ItemReview.objects.get(finding="sent_back").stage == stage
    assert AuditEntry.objects.get(act="item_version.sent_back").details == {"stage": stage}
    assert submit_for_review(version, by=cleo()).status == "subject_review"


@pytest.mark.parametrize("status", sorted(set(WAYS) - {"subject_review", "language_review"}))
def test_what_does_not_wait_is_not_decided_on(status: str) -> None:
    version = brought_to(status)
    for act in (approve_subject, approve_version):
        with pytest.raises(NotInReview):
            act(version, by=rita())
    with pytest.raises(NotInReview):
        send_back(version, comment="x", by=rita())


@pytest.mark.parametrize("role", [Role.ITEM_WRITER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_reviewers_decide_at_either_stage(role: str) -> None:
    other, version = staff(role, "Other"), submitted()
    with pytest.raises(NotYourBank):
        approve_subject(version, by=other)
    with pytest.raises(NotYourBank):
        approve_version(approve_subject(version, by=rita()), by=other)


def test_the_queue_says_what_waits_at_which_stage() -> None:
    first = submitted()
    second = approve_subject(submit_for_review(make_draft(bank=first.item.bank), by=cleo()), by=rita())
    own = submit_for_review(make_draft(bank=first.item.bank), by=cleo())
    rita().groups.add(*cleo().groups.all())
    ItemVersion.objects.filter(pk=own.pk).update(written_by=rita())
    client, url = signed_in(rita()), reverse("item_versions:waiting")

    def shown(**query: str) -> list[str]:
        return [row["version"].item.code for row in client.get(url, query).context["rows"]]

    assert shown() == [first.item.code, second.item.code, own.item.code]
    assert shown(stage="subject_review") == [first.item.code, own.item.code]
    assert shown(stage="language_review") == [second.item.code]
    assert shown(stage="retired") == shown()
    assert [number for _value, _label, number in client.get(url).context["tabs"]] == [1, 1]


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
