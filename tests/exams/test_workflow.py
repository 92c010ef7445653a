"""The states of a version and its two reviews."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from exams.actions.bank import write_version
from exams.actions.reviews import approve_subject, approve_version, retire_version, send_back, submit_for_review
from exams.actions.sealing import seal_paper
from exams.errors import (
    AuthorCannotApprove,
    NotInReview,
    NotYourBank,
    PaperNotSealable,
)
from exams.models import ItemReview, ItemVersion
from exams.models.states import LIVE, MOVES, VersionStatus
from tests.exams.back_office import signed_in
from tests.factories.accounts import staff
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
