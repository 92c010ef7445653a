"""How an item becomes live: written, handed in, reviewed by somebody else, replaced, retired."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Role
from exams.actions.bank import classify_item, create_bank, discard_draft, save_content, save_wording, set_enemies, write_version
from exams.actions.reviews import approve_subject, approve_version, retire_version, send_back, submit_for_review
from exams.content import Choice, VersionContent, Wording, content_of
from exams.errors import (
    AuthorCannotApprove,
    CodeTaken,
    CommentMissing,
    ItemIncomplete,
    NotApproved,
    NotInReview,
    NotYourBank,
    NotYourDraft,
    VersionFrozen,
    VersionInWork,
)
from exams.markdown import block_html, line_html, line_text
from exams.models import Item, ItemBank, ItemReview, ItemVersion, Option
from exams.queries.bank import differences
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator, approve, cleo, content, make_approved, make_draft, make_item, person, rita
from tests.factories.exams import BankFactory, CompetenceFactory

pytestmark = pytest.mark.django_db
TYPES = ["single_choice", "multiple_response", "numeric", "short_text"]


def dora() -> Any:
    return person(Role.ITEM_WRITER, "Dora")


@pytest.mark.parametrize("type", TYPES)
def test_an_item_of_every_type_goes_the_whole_way(type: str) -> None:
    version = make_approved(type)

    assert (version.status, version.approved_by, version.number) == ("approved", rita(), 1)
    assert content_of(version) == content(type).cleaned()
    acts = AuditEntry.objects.filter(act__startswith="item").order_by("sequence").values_list("act", flat=True)
    assert list(acts) == [
        "item.created", "item_version.written", "item_version.submitted", "item_version.subject_approved",
        "item_version.approved",
    ]  # fmt: skip


@pytest.mark.parametrize("type", TYPES)
def test_the_audit_trail_says_nothing_of_what_an_item_says(type: str) -> None:
    version = make_approved(type)
    retire_version(version, reason="SECRET: the key is OPTION 2", by=rita())

    trail = " ".join(f"{entry.summary} {entry.details}" for entry in AuditEntry.objects.all())

    assert "Q-001 v1" in trail
    assert not [word for word in ("STEM", "OPTION", "RATIONALE", "KEYWORD", "SECRET", "0.05") if word in trail]


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ITEM_REVIEWER, Role.ADMINISTRATOR, Role.INVIGILATOR, Role.AUDITOR])
def test_only_item_writers_write(role: str) -> None:
    item, other = make_item(), staff(role, "Other")

    with pytest.raises(NotYourBank):
        write_version(item, by=other)
    with pytest.raises(NotYourBank):
        make_item(bank=item.bank, by=other)
    with pytest.raises(NotYourBank):
        classify_item(item, competence=item.competence, content_area=2, cognitive_level="apply", edition=None, by=other)


def test_only_administrators_open_banks() -> None:
    bank = create_bank("AIS-X", name="X", by=administrator())

    assert list(ItemBank.objects.visible_to(cleo())) == [bank]
    with pytest.raises(CodeTaken):
        create_bank("AIS-X", name="Again", by=administrator())
    with pytest.raises(NotYourBank):
        create_bank("AIS-Y", name="Y", by=cleo())


def test_a_code_is_given_once_per_bank() -> None:
    item = make_item(code="Q-1")

    with pytest.raises(CodeTaken):
        make_item(bank=item.bank, code="Q-1")
    assert make_item(bank=BankFactory(), code="Q-1").code == "Q-1"


def test_a_draft_belongs_to_its_writer() -> None:
    version = make_draft()

    with pytest.raises(NotYourDraft):
        save_content(version, content(), by=dora())
    with pytest.raises(NotYourDraft):
        submit_for_review(version, by=dora())
    with pytest.raises(NotYourDraft):
        discard_draft(version, by=dora())


def test_one_version_of_an_item_is_in_work() -> None:
    version = make_draft()

    with pytest.raises(VersionInWork):
        write_version(version.item, by=cleo())
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemVersion.objects.create(item=version.item, number=2, written_by=cleo())


def test_a_discarded_draft_leaves_the_item() -> None:
    version = make_draft()

    item = discard_draft(version, by=administrator())

    assert (Item.objects.get(), item.versions.count()) == (item, 0)
    assert AuditEntry.objects.filter(act="item_version.discarded").count() == 1


MISSING = [
    ("single_choice", {"choices": content().choices[:1]}, "exactly one option as the key"),
    ("single_choice", {"choices": tuple(replace(choice, is_key=True) for choice in content().choices)}, "exactly one"),
    ("multiple_response", {"choices": ()}, "at least one option as a key"),
    ("numeric", {"key": {}}, "right number"),
    ("short_text", {"key": {"accepted": {"en": [" "]}}}, "accepted answer"),
    (
        "single_choice",
        {"languages": ("zh-hans",), "wordings": {"en": Wording("<p>STEM</p>")}},
        "The question is missing in Chinese.",
    ),
    (
        "single_choice",
        {"languages": ("en",), "wordings": {"en": Wording("<p>STEM</p>", "<p>R</p>"), "zh-hans": Wording("", "<p>R</p>")}},
        "The question is missing in Chinese.",
    ),
    (
        "numeric",
        {"wordings": {"en": Wording("<p>S</p>", "<p> </p>"), "zh-hans": Wording("<p>S</p>", "<p>R</p>")}},
        "The rationale is missing in English.",
    ),
    (
        "single_choice",
        {"choices": (Choice({"en": "A", "zh-hans": "甲"}, True), Choice({"en": "B"}))},
        "An option has no text in Chinese.",
    ),
    (
        "single_choice",
        {"choices": (Choice({"en": "A", "zh-hans": "甲"}, True), Choice({"en": "a", "zh-hans": "乙"}))},
        "Two options read the same in English.",
    ),
]


@pytest.mark.parametrize(("type", "changes", "sentence"), MISSING)
def test_what_is_incomplete_stays_a_draft_and_says_why(type: str, changes: dict[str, Any], sentence: str) -> None:
    version = make_draft(type, **changes)

    with pytest.raises(ItemIncomplete) as refusal:
        submit_for_review(version, by=cleo())

    assert sentence in str(refusal.value.text)
    assert ItemVersion.objects.get().status == "draft"


def test_nobody_approves_their_own_version() -> None:
    both = staff(Role.ITEM_WRITER, "Both")
    both.groups.add(*rita().groups.all())
    version = write_version(make_item(), by=both)
    submit_for_review(save_content(version, content(), by=both), by=both)

    with pytest.raises(AuthorCannotApprove):
        approve_subject(version, by=both)
    with pytest.raises(AuthorCannotApprove):
        send_back(version, comment="Too easy", by=both)


def test_the_database_keeps_author_and_both_reviewers_apart() -> None:
    version = submit_for_review(make_draft(), by=cleo())
    by_its_author = {"subject_reviewed_by": cleo(), "subject_reviewed_at": version.created_at}
    with pytest.raises(IntegrityError, match="author_does_not_review"), transaction.atomic():
        ItemVersion.objects.filter(pk=version.pk).update(status="language_review", **by_its_author)
    approve_subject(version, by=rita())

    with pytest.raises(IntegrityError, match="author_does_not_approve"), transaction.atomic():
        ItemVersion.objects.filter(pk=version.pk).update(status="approved", approved_by=cleo(), approved_at=version.created_at)


@pytest.mark.parametrize("role", [Role.ITEM_WRITER, Role.ADMINISTRATOR, Role.AUTHOR])
def test_only_reviewers_decide(role: str) -> None:
    version = submit_for_review(make_draft(), by=cleo())

    with pytest.raises(NotYourBank):
        approve_subject(version, by=staff(role, "Other"))


def test_only_what_was_handed_in_is_decided_on() -> None:
    version = make_draft()

    with pytest.raises(NotInReview):
        approve_subject(version, by=rita())
    with pytest.raises(NotInReview):
        approve_version(submit_for_review(version, by=cleo()), by=rita())
    with pytest.raises(NotInReview):
        approve_subject(approve_subject(version, by=rita()), by=rita())


def test_sent_back_with_a_comment_it_is_the_writers_again() -> None:
    version = submit_for_review(make_draft(), by=cleo())

    with pytest.raises(CommentMissing):
        send_back(version, comment="  ", by=rita())
    version = send_back(version, comment="Option 2 is too long.", by=rita())

    assert version.status == "draft"
    assert list(ItemReview.objects.values_list("finding", "comment")) == [("sent_back", "Option 2 is too long.")]
    assert submit_for_review(version, by=cleo()).status == "subject_review"


@pytest.mark.parametrize("status", ["subject_review", "approved", "retired"])
def test_what_left_the_desk_does_not_change(status: str) -> None:
    version = submit_for_review(make_draft(), by=cleo())
    if status != "subject_review":
        version = approve(version)
    if status == "retired":
        version = retire_version(version, reason="Out of date", by=administrator())

    with pytest.raises(VersionFrozen):
        save_content(version, content(), by=cleo())
    with pytest.raises(VersionFrozen):
        save_wording(version, "en", Wording("<p>Other</p>"), by=cleo())
    with pytest.raises(VersionFrozen):
        discard_draft(version, by=cleo())


def test_a_new_version_starts_as_a_copy_with_fresh_tokens_and_replaces_the_old_one() -> None:
    first = make_approved("multiple_response")
    second = write_version(first.item, by=cleo())

    assert content_of(second) == content_of(first)
    assert not set(Option.objects.filter(version=second).values_list("token", flat=True)) & set(
        Option.objects.filter(version=first).values_list("token", flat=True)
    )
    approve(submit_for_review(second, by=cleo()))

    assert list(first.item.versions.order_by("number").values_list("status", flat=True)) == ["retired", "approved"]


def test_only_a_live_version_retires_and_with_a_reason() -> None:
    version = make_approved()

    with pytest.raises(NotYourBank):
        retire_version(version, reason="Mine", by=cleo())
    with pytest.raises(CommentMissing):
        retire_version(version, reason="", by=rita())
    retire_version(version, reason="Leaked", by=administrator())
    with pytest.raises(NotApproved):
        retire_version(version, reason="Again", by=administrator())


def test_html_is_cleaned_on_the_way_in() -> None:
    dirty = '<p onclick="x()">A<script>alert(1)</script> <a href="https://x.example">b</a> <em>c</em></p><img src=x>'
    version = save_wording(make_draft(), "en", Wording(stem=dirty, rationale=dirty), by=cleo())

    wording = version.wordings.get(language="en")
    assert wording.stem == wording.rationale == "<p>A b <em>c</em></p>"


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("**two** of *three*", "<strong>two</strong> of <em>three</em>"),
        ("`rm -rf *`", "<code>rm -rf *</code>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        (r"\*not\*", "*not*"),
        ("CO<sub>2</sub>", "CO<sub>2</sub>"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("选择**两项**。", "选择<strong>两项</strong>。"),
    ],
)
def test_an_options_marks_go_there_and_back(typed: str, html: str) -> None:
    assert line_html(typed) == html
    assert line_html(line_text(html)) == html


def test_markdown_brings_no_html_and_no_links() -> None:
    html = block_html("<b>x</b> [link](https://x.example) ![i](x.png)\n\n- *one*")

    assert "<a" not in html and "<img" not in html and "<b>" not in html
    assert "<li><em>one</em></li>" in html


def test_enemies_are_enemies_both_ways_and_of_one_bank() -> None:
    first = make_item()
    second = make_item(bank=first.bank)

    set_enemies(first, [second], by=cleo())

    assert list(second.enemies.all()) == [first]
    with pytest.raises(Exception, match="same bank"):
        set_enemies(first, [make_item(bank=BankFactory())], by=cleo())


def test_classifying_says_what_changed() -> None:
    item = make_item()

    classify_item(
        item, competence=CompetenceFactory(code="TC-Z"), content_area=3, cognitive_level="remember", edition=None, by=cleo()
    )

    entry = AuditEntry.objects.get(act="item.classified")
    assert (entry.details["before"]["content_area"], entry.details["after"]["content_area"]) == (1, 3)


def test_a_comparison_names_what_reads_differently_and_nothing_else() -> None:
    first = make_approved()
    second = write_version(first.item, by=cleo())
    changed: VersionContent = content(
        wordings={
            "en": replace(content().wordings["en"], stem="<p>STEM <em>en</em> now</p>"),
            "zh-hans": content().wordings["zh-hans"],
        }
    )
    save_content(second, changed, by=cleo())

    found = differences(first, second)

    assert [difference.name for difference in found] == ["Question, English"]
    assert [piece for piece in found[0].pieces if piece[0] != "same"] == [
        ("new", "<em>"), ("new", "</em> now"),
    ]  # fmt: skip


def test_nobody_else_sees_that_an_item_exists() -> None:
    make_approved()

    blind = [UserFactory(), *(staff(role, "Blind") for role in Role.values if role not in SEEING)]
    assert [Item.objects.visible_to(user).count() for user in blind] == [0] * len(blind)
    assert [Item.objects.visible_to(user).count() for user in (cleo(), rita(), administrator())] == [1, 1, 1]


def test_being_a_superuser_is_no_role_in_the_bank() -> None:
    make_approved()

    assert not Item.objects.visible_to(UserFactory(is_superuser=True, is_staff=True)).exists()


SEEING = {Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR}
