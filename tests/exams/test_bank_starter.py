"""Loading the starter blueprints and items."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from exams.actions.bank import save_content, write_version
from exams.actions.papers import draw_paper
from exams.actions.reviews import submit_for_review
from exams.actions.sealing import seal_paper
from exams.actions.starter import load_item_bank
from exams.content import content_of
from exams.errors import AuthorCannotApprove
from exams.models import Blueprint, Exam, Item, ItemBank, ItemVersion, ItemWording, OptionWording, Picture
from exams.queries.readiness import missing_parts
from standards.actions.catalogue import load_catalogue
from tests.factories.bank import administrator, approve, cleo, content, rita

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> None:
    load_catalogue()
    load_item_bank(written_by=cleo(), approved_by=rita(), by=administrator())


def test_the_starter_makes_a_bank_one_can_draw_from_and_a_second_load_changes_nothing(loaded: None) -> None:
    assert (Blueprint.objects.count(), Exam.objects.count(), ItemBank.objects.count()) == (16, 16, 16)
    assert Item.objects.count() == ItemVersion.objects.filter(status="approved").count() == 110
    assert ItemWording.objects.count() == 220
    assert not [version for version in ItemVersion.objects.all() if missing_parts(version)]
    assert not ItemWording.objects.filter(stem__contains="**").exists()
    assert not OptionWording.objects.filter(text__contains="`").exists()
    assert Item.objects.get(code="PTL1-1-016").enemies.get().code == "PTL1-5-007"
    assert Exam.objects.get(code="AIS-PT-L1").title == "Professional technology: Foundation"

    assert Item.objects.get(code="PTL1-4-014").versions.get().stimulus.versions.count() == 3
    assert Picture.objects.get().name == "assistant.png"

    again = load_item_bank(written_by=cleo(), approved_by=rita(), by=administrator())
    assert (again.created, again.updated, again.unchanged, again.kept) == (0, 0, 126, [])

    paper = seal_paper(draw_paper(Exam.objects.get(code="AIS-PT-L1"), code="A", seed=1, by=administrator()), by=administrator())
    assert (paper.items.filter(is_scored=True).count(), paper.items.filter(is_scored=False).count()) == (40, 4)
    assert sorted(paper.renderings.values_list("language", flat=True)) == ["en", "zh-hans"]


def test_an_item_edited_since_is_left_alone(loaded: None) -> None:
    item = Item.objects.get(code="PTL1-2-001")
    version = save_content(write_version(item, by=cleo()), content(), by=cleo())
    approve(submit_for_review(version, by=cleo()))
    # As if the files had moved on: the record says something else was given last.
    from standards.models import StarterRecord

    StarterRecord.objects.filter(key="PTL1-2-001").update(digest="0" * 64)

    again = load_item_bank(written_by=cleo(), approved_by=rita(), by=administrator())

    assert again.kept == ["item ais-pt-l1 PTL1-2-001"]
    assert content_of(item.versions.get(status="approved")) == content().cleaned()


def test_writer_and_reviewer_must_be_two_people() -> None:
    load_catalogue()
    both = cleo()
    both.groups.add(*rita().groups.all())

    with pytest.raises(AuthorCannotApprove):
        load_item_bank(written_by=both, approved_by=both, by=administrator())
    with pytest.raises(CommandError, match="somebody else"):
        call_command("load_item_bank", writer=both.email, reviewer=both.email, administrator=administrator().email)
    assert not Item.objects.exists() and not Blueprint.objects.exists()


def test_the_command_names_an_address_it_does_not_know() -> None:
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        call_command("load_item_bank", writer="nobody@example.org", reviewer="x@example.org", administrator="y@example.org")
