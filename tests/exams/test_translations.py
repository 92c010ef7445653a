"""A translation beside its source: fresh, stale when the source moves on, edited or confirmed, never sealed stale."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import AuditEntry, Role
from common.errors import InvalidInput
from exams.actions.bank import save_content, save_wording, write_version
from exams.actions.importing import import_items
from exams.actions.reviews import submit_for_review
from exams.actions.sealing import seal_paper, spoken_languages
from exams.actions.stimuli import create_stimulus, save_stimulus
from exams.actions.translations import confirm_translation, set_source_language
from exams.content import Choice, Wording, content_of
from exams.errors import NotYourDraft, PaperNotSealable, VersionFrozen
from exams.interchange.options import ImportOptions
from exams.models import Item, ItemVersion, Paper, PaperItem, Translation
from exams.queries.drawing import usable_versions
from exams.queries.readiness import complete_languages, missing_parts
from exams.queries.sources import stale_languages
from exams.queries.translations import language_states
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator, approve, cleo, make_approved, make_draft, person, rita
from tests.factories.exams import BankFactory, CompetenceFactory, ExamFactory

pytestmark = pytest.mark.django_db
EN, ZH = "en", "zh-hans"


def reworded(version: ItemVersion, language: str = EN, **changes: Any) -> ItemVersion:
    """The draft with other words in one language."""
    said = content_of(version)
    wording = replace(said.wordings[language], **(changes or {"stem": "<p>ASKED OTHERWISE</p>"}))
    return save_content(version, replace(said, wordings={**said.wordings, language: wording}), by=cleo())


def state(version: ItemVersion, language: str = ZH) -> str:
    version = ItemVersion.objects.get(pk=version.pk)
    return next(each.state for each in language_states(version) if each.code == language)


def test_a_translation_is_fresh_when_written_and_stale_when_its_source_says_something_else() -> None:
    version = make_draft()
    assert (state(version, EN), state(version)) == ("source", "fresh")

    version = reworded(version)

    assert state(version) == "stale"
    (found,) = [each for each in language_states(version) if each.code == ZH]
    (change,) = found.changes
    new = "".join(text for kind, text in change.pieces if kind == "new")
    gone = "".join(text for kind, text in change.pieces if kind == "gone")
    assert (change.name, "OTHERWISE" in new, "STEM" in gone) == ("Question", True, True)


@pytest.mark.parametrize("changes", [{"rationale": "<p>Other</p>"}, {"reference": "Other"}, {"unit": "kg"}])
def test_every_part_that_is_worded_counts(changes: dict[str, str]) -> None:
    assert state(reworded(make_draft(), **changes)) == "stale"


def test_an_option_counts_and_another_order_of_options_does_not() -> None:
    version = make_draft()
    said = content_of(version)
    turned = save_content(version, replace(said, choices=said.choices[::-1]), by=cleo())
    assert state(turned) == "fresh"

    first, *others = said.choices
    changed = (Choice({**first.texts, EN: "OTHER"}, first.is_key), *others)
    assert state(save_content(version, replace(said, choices=changed), by=cleo())) == "stale"


def test_points_and_minutes_are_no_words() -> None:
    version = make_draft()
    assert state(save_content(version, replace(content_of(version), points=3), by=cleo())) == "fresh"


def test_editing_the_translation_makes_it_fresh_and_so_does_taking_the_change_back() -> None:
    version = reworded(make_draft())
    assert state(reworded(version, ZH)) == "fresh"

    other = make_draft()
    before = content_of(other)
    other = reworded(other)
    assert state(save_content(other, before, by=cleo())) == "fresh"
    assert Translation.objects.get(version=other).source_words == {}


def test_a_second_change_of_the_source_still_shows_what_was_translated() -> None:
    version = reworded(reworded(make_draft()), stem="<p>THIRD</p>")
    assert Translation.objects.get().source_words["stem"] == "<p>STEM en</p>"
    assert state(version) == "stale"


def test_the_writer_confirms_that_it_still_says_the_same() -> None:
    version = reworded(make_draft())

    confirm_translation(version, ZH, by=cleo())
    confirm_translation(version, ZH, by=cleo())

    mark = Translation.objects.get()
    assert (state(version), mark.how, mark.by) == ("fresh", "confirmed", cleo())
    entry = AuditEntry.objects.get(act="item_version.translation_confirmed")
    assert (entry.details["language"], "STEM" in str(entry.details), "ASKED" in str(entry.details)) == (ZH, False, False)


def test_only_the_writer_of_a_draft_confirms_and_only_what_is_there() -> None:
    version = reworded(make_draft())
    with pytest.raises(NotYourDraft):
        confirm_translation(version, ZH, by=person(Role.ITEM_WRITER, "Dora"))
    with pytest.raises(InvalidInput):
        confirm_translation(version, EN, by=cleo())
    with pytest.raises(InvalidInput):
        confirm_translation(make_draft(languages=(EN,)), ZH, by=cleo())
    submit_for_review(version, by=cleo())
    with pytest.raises(VersionFrozen):
        confirm_translation(version, ZH, by=cleo())


def test_a_change_of_one_wording_alone_counts_too() -> None:
    version = make_draft()
    save_wording(version, EN, Wording("<p>ASKED OTHERWISE</p>", "<p>R</p>"), by=cleo())
    assert state(version) == "stale"


def test_a_new_version_is_as_far_behind_as_the_one_it_was_copied_from() -> None:
    first = submit_for_review(reworded(make_draft()), by=cleo())
    approve(first)

    second = write_version(first.item, by=cleo())

    assert (second.source_language, state(second)) == (EN, "stale")
    assert Translation.objects.get(version=second).source_words["stem"] == "<p>STEM en</p>"
    assert state(confirm_translation(second, ZH, by=cleo())) == "fresh"
    assert state(first) == "stale"


def test_a_version_from_before_translations_were_followed_is_fresh_until_its_source_changes() -> None:
    version = make_draft()
    Translation.objects.all().delete()
    ItemVersion.objects.update(source_digest="")
    assert (state(version), complete_languages(version)) == ("fresh", [EN, ZH])
    assert state(reworded(version)) == "stale"


# --- Which language is the source --------------------------------------------------------------------


def test_what_is_written_in_one_language_only_has_it_for_its_source() -> None:
    version = make_draft(languages=(ZH,))
    version.refresh_from_db()
    assert (version.source_language, missing_parts(version)) == (ZH, [])


def test_source_and_translation_change_places() -> None:
    version = make_draft()
    set_source_language(version, ZH, by=cleo())
    assert (state(version, ZH), state(version, EN)) == ("source", "fresh")
    assert state(reworded(version, ZH, stem="<p>另一种问法</p>"), EN) == "stale"
    assert AuditEntry.objects.get(act="item_version.source_language_set").details == {"from": EN, "to": ZH}


def test_a_stale_translation_made_the_source_leaves_the_other_one_behind() -> None:
    version = reworded(make_draft())
    set_source_language(version, ZH, by=cleo())
    assert (state(version, ZH), state(version, EN)) == ("source", "stale")
    assert state(confirm_translation(version, EN, by=cleo()), EN) == "fresh"


def test_a_language_nobody_wrote_is_no_source() -> None:
    with pytest.raises(InvalidInput):
        set_source_language(make_draft(languages=(EN,)), ZH, by=cleo())
    with pytest.raises(InvalidInput):
        set_source_language(make_draft(), "xx", by=cleo())


# --- Cases -------------------------------------------------------------------------------------------


def test_a_case_that_says_something_else_leaves_its_items_translations_behind() -> None:
    bank = BankFactory()
    case = create_stimulus(bank, code="C-1", texts={EN: "<p>A case</p>", ZH: "<p>案例</p>"}, by=cleo())
    version = make_draft(bank=bank, stimulus="C-1")
    assert state(version) == "fresh"

    save_stimulus(case, {EN: "<p>Another case</p>", ZH: "<p>案例</p>"}, by=cleo())

    assert state(version) == "stale"
    (found,) = [each for each in language_states(ItemVersion.objects.get(pk=version.pk)) if each.code == ZH]
    assert [change.name for change in found.changes] == ["Case"]


# --- Approval and sealing ----------------------------------------------------------------------------


def test_an_absent_or_stale_translation_stops_no_approval() -> None:
    alone = make_approved(languages=(EN,))
    stale = approve(submit_for_review(reworded(make_draft()), by=cleo()))

    assert (alone.status, complete_languages(alone)) == ("approved", [EN])
    assert (stale.status, complete_languages(stale), stale_languages(stale)) == ("approved", [EN], {ZH})
    assert list(usable_versions(alone.item.bank)) == list(usable_versions(stale.item.bank)) == []


def test_a_half_written_translation_stops_it() -> None:
    version = make_draft()
    said = content_of(version)
    half = {**said.wordings, ZH: replace(said.wordings[ZH], rationale="")}
    assert missing_parts(save_content(version, replace(said, wordings=half), by=cleo())) == [
        "The rationale is missing in Chinese."
    ]


def stale_on_paper() -> tuple[Paper, ItemVersion]:
    """A draft paper of one item whose Chinese is behind its English."""
    version = approve(submit_for_review(reworded(make_draft()), by=cleo()))
    exam = ExamFactory(blueprint__bank=version.item.bank)
    paper = Paper.objects.create(exam=exam, code="P", minutes=60, cut_percent=60)
    PaperItem.objects.create(paper=paper, position=1, version=version, content_area=1)
    return paper, version


def test_a_stale_language_is_not_sealed() -> None:
    paper, _version = stale_on_paper()
    sealed = seal_paper(paper, by=administrator())
    assert [code for code, _name in sealed.languages] == [EN]


def test_nothing_is_sealed_where_the_only_common_language_is_stale() -> None:
    paper, version = stale_on_paper()
    chinese = make_approved(bank=version.item.bank, languages=(ZH,))
    PaperItem.objects.create(paper=paper, position=2, version=chinese, content_area=1)

    with pytest.raises(PaperNotSealable) as refusal:
        seal_paper(paper, by=administrator())

    assert str(version) in str(refusal.value.text)


def test_the_database_keeps_the_marks_of_an_approved_version() -> None:
    version = make_approved()
    for act in (
        lambda: Translation.objects.filter(version=version).update(source_digest="0" * 64),
        lambda: Translation.objects.filter(version=version).delete(),
        lambda: ItemVersion.objects.filter(pk=version.pk).update(source_language=ZH),
        lambda: ItemVersion.objects.filter(pk=version.pk).update(source_digest=""),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            act()


def test_a_sealed_paper_is_checked_in_fixed_queries(django_assert_num_queries: Any) -> None:
    from exams.actions.sealing import paper_items

    paper, _version = stale_on_paper()
    items = paper_items(paper)
    with django_assert_num_queries(0):
        assert spoken_languages(items) == [EN]


# --- Import ------------------------------------------------------------------------------------------


def test_languages_of_one_file_are_fresh_and_a_file_in_chinese_has_chinese_sources() -> None:
    bank, competence = BankFactory(), CompetenceFactory()
    gift = "::A::[html]问题？{=对 ~错}"
    report = import_items(
        bank,
        gift.encode(),
        format="gift",
        options=ImportOptions(language=ZH, competence=competence.code),
        by=cleo(),
    )
    assert report.imported
    version = ItemVersion.objects.get(item=Item.objects.get(bank=bank))
    assert (version.source_language, bool(version.source_digest)) == (ZH, True)


def test_what_comes_in_several_languages_comes_back_fresh() -> None:
    from exams.actions.exporting import export_items

    source = make_approved().item.bank
    written = export_items(source, format="csv", by=cleo())
    bank = BankFactory()

    report = import_items(
        bank, written.data, format="csv", options=ImportOptions(competence=CompetenceFactory().code), by=cleo()
    )

    assert report.imported, report.lines
    version = ItemVersion.objects.get(item__bank=bank)
    assert (version.source_language, version.translations.get().how, state(version)) == (EN, "imported", "fresh")


# --- Pages -------------------------------------------------------------------------------------------


def test_the_page_shows_what_changed_and_the_writer_confirms_there() -> None:
    version = reworded(make_draft())
    client = signed_in(cleo())
    page = client.get(reverse("item_versions:edit", args=[version.uuid])).content.decode()
    assert "behind its source" in page and "OTHERWISE" in page

    answer = client.post(reverse("item_quality:confirm", args=[version.uuid]), {"language": ZH})

    assert answer.status_code == 302
    assert state(version) == "fresh"
    assert "behind its source" not in client.get(reverse("item_versions:detail", args=[version.uuid])).content.decode()


def test_strangers_and_reviewers_confirm_nothing() -> None:
    version = reworded(make_draft())
    url = reverse("item_quality:confirm", args=[version.uuid])
    assert signed_in(staff(Role.INVIGILATOR, "Dan")).post(url, {"language": ZH}).status_code == 404
    assert signed_in(UserFactory()).post(url, {"language": ZH}).status_code in (302, 404)
    assert signed_in(rita()).post(url, {"language": ZH}).status_code == 404
    # Another writer is told why not, and nothing changes.
    answer = signed_in(person(Role.ITEM_WRITER, "Dora")).post(url, {"language": ZH}, follow=True)
    assert "Only the person who writes a draft changes it" in answer.content.decode()
    assert state(version) == "stale"


def test_another_source_is_chosen_on_the_page() -> None:
    version = make_draft()
    signed_in(cleo()).post(reverse("item_quality:source", args=[version.uuid]), {"language": ZH})
    assert state(version, ZH) == "source"
