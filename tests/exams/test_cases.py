"""Case sets: a text that several items are about; they stand together, and its words are fixed once one of them is live."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from common.errors import InvalidInput
from exams.actions.papers import draw_paper
from exams.actions.reviews import submit_for_review
from exams.actions.sealing import seal_paper
from exams.actions.stimuli import create_stimulus, remove_stimulus, save_stimulus
from exams.errors import CodeTaken, ItemIncomplete, NotYourBank, PaperNotSealable, StimulusFrozen
from exams.models import Stimulus, StimulusWording
from exams.queries.previews import preview_document
from tests.factories.bank import (
    administrator,
    cleo,
    make_approved,
    make_blueprint,
    make_draft,
    make_exam,
    make_paper_of,
    make_picture,
    rita,
)
from tests.factories.exams import BankFactory, PersonFactory, make_sitting

pytestmark = pytest.mark.django_db
TEXTS = {"en": "<p>A hospital <b>buys</b> a model.<script>x()</script></p>", "zh-hans": "<p>某医院采购模型。</p>"}


@pytest.fixture
def case():
    return create_stimulus(BankFactory(), code="CASE-1", texts=TEXTS, by=cleo())


def about(case, type="single_choice", **fields):
    return make_approved(type, case.bank, stimulus=case.code, **fields)


def seal(*versions, areas=None):
    return seal_paper(make_paper_of(list(versions), areas=areas), by=PersonFactory())


def test_a_case_is_cleaned_audited_without_its_words_and_changed_while_nothing_about_it_is_live(case):
    save_stimulus(case, {"en": "<p>A bank.</p>", "zh-hans": " "}, by=cleo())

    assert [(said.language, said.text) for said in case.wordings.all()] == [("en", "<p>A bank.</p>")]
    entries = AuditEntry.objects.filter(act__startswith="stimulus.")
    assert sorted(entries.values_list("act", flat=True)) == ["stimulus.changed", "stimulus.created"]
    assert "bank." not in str(list(entries.values_list("details", "summary")))


def test_what_is_refused(case):
    with pytest.raises(CodeTaken):
        create_stimulus(case.bank, code="CASE-1", texts=TEXTS, by=cleo())
    for texts in ({}, {"en": "<p> </p>"}, {"fr": "<p>Un</p>"}):
        with pytest.raises(InvalidInput):
            create_stimulus(case.bank, code="CASE-2", texts=texts, by=cleo())
    for who in (rita(), PersonFactory()):
        with pytest.raises(NotYourBank):
            save_stimulus(case, TEXTS, by=who)
    assert list(Stimulus.objects.all()) == [case]


def test_a_live_case_is_frozen_by_action_and_database(case):
    about(case)

    with pytest.raises(StimulusFrozen):
        save_stimulus(case, TEXTS, by=cleo())
    with pytest.raises(InvalidInput):
        remove_stimulus(case, by=cleo())
    with pytest.raises(IntegrityError), transaction.atomic():
        StimulusWording.objects.update(text="x")


def test_an_unused_case_goes(case):
    remove_stimulus(case, by=cleo())

    assert not Stimulus.objects.exists()


def test_a_case_that_is_silent_in_a_language_holds_its_items_back():
    case = create_stimulus(BankFactory(), code="CASE-1", texts={"en": "<p>A bank.</p>"}, by=cleo())
    draft = make_draft(bank=case.bank, stimulus=case.code)

    with pytest.raises(ItemIncomplete, match="case has no text in Chinese"):
        submit_for_review(draft, by=cleo())
    assert preview_document(draft, "zh-hans") is None


def test_a_case_is_served_once_and_its_items_name_it(case, make_desk):
    other = create_stimulus(case.bank, code="CASE-2", texts={"en": "<p>B</p>", "zh-hans": "<p>乙</p>"}, by=cleo())
    paper = seal(about(case), about(case, "true_false"), make_approved("ordering", case.bank), about(other))

    desk = make_desk(sitting=make_sitting(paper))
    desk.start()

    assert desk.paper().json()["stimuli"] == {"s1": "<p>A hospital <b>buys</b> a model.</p>", "s2": "<p>B</p>"}
    assert [shown.get("stimulus") for shown in desk.positions().values()] == ["s1", "s1", None, "s2"]
    previewed = preview_document(about(case), "zh-hans")
    assert previewed["stimuli"] == {"s1": "<p>某医院采购模型。</p>"}


def test_the_items_of_a_case_stand_together_in_one_area(case):
    first, second, alone = about(case), about(case), make_approved(bank=case.bank)

    for versions, areas in (((first, alone, second), None), ((first, second), [1, 2])):
        with pytest.raises(PaperNotSealable, match="CASE-1"):
            seal(*versions, areas=areas)
    assert seal(alone, first, second).status == "sealed"


def test_pictures_of_a_case_open_with_its_paper(case, make_desk):
    picture = make_picture(case.bank)
    shown = f'<p><img src="picture:{picture.uuid}" alt="Plan"></p>'
    save_stimulus(case, {"en": shown, "zh-hans": shown}, by=cleo())
    paper = seal(about(case))

    assert list(paper.pictures.all()) == [picture]
    desk = make_desk(sitting=make_sitting(paper))
    desk.start()
    assert f'src="/exams/pictures/{picture.uuid}/" width="40"' in desk.paper().json()["stimuli"]["s1"]


def test_a_draft_names_only_a_case_of_its_own_bank(case):
    with pytest.raises(InvalidInput, match="CASE-1"):
        make_draft(bank=BankFactory(), stimulus="CASE-1")


def test_a_drawn_paper_keeps_the_items_of_a_case_together_in_the_order_of_their_codes():
    bank = BankFactory()
    cases = [create_stimulus(bank, code=f"CASE-{number}", texts=TEXTS, by=cleo()) for number in (1, 2)]
    for number in range(9):
        about_one = {"stimulus": cases[number % 3].code} if number % 3 < 2 else {}
        make_approved(bank=bank, **about_one)
    exam = make_exam(make_blueprint({1: 9}, bank=bank))

    for seed in range(5):
        paper = seal_paper(draw_paper(exam, code=f"P{seed}", seed=seed, by=administrator()), by=administrator())
        drawn = [(item.version.stimulus_id, item.version.item.code) for item in paper.items.order_by("position")]
        for case in cases:
            codes = [code for stimulus, code in drawn if stimulus == case.pk]
            assert len(codes) == 3 and codes == sorted(codes)
