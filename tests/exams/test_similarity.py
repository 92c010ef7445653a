"""How alike two texts are, and that what is alike is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.models import SimilarityBand
from exams.queries.similar import MOST_OF_A_BAND, look_up, similar_items
from exams.similarity import BANDS, MOST_SHOWN, THRESHOLD, folded, likeness, shingles, signature
from tests.factories.bank import cleo, content, make_draft, make_item
from tests.factories.exams import BankFactory

TEXTS = st.text(st.sampled_from("abcdefgh 中文模型数据安全"), min_size=1, max_size=80)
EN = "A bank trains a model on its own records and finds that the labels leak into the features. What should it do first?"
ZH = "某银行用自己的交易记录训练模型，发现标签信息泄漏到特征中。团队首先应当做什么？"


def alike(one: str, other: str) -> float:
    return likeness(shingles(folded(one)), shingles(folded(other)))


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_between_none_and_all(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1
    if shingles(folded(one)):
        assert alike(one, one) == 1


@given(TEXTS)
def test_equal_texts_meet_in_every_band_and_never_those_of_another_bank(text: str) -> None:
    said = shingles(folded(text))
    values = signature(said, 1)

    assert values == signature(frozenset(said), 1)
    assert len(values) == (1 + BANDS if said else 0)
    assert not set(values) & set(signature(said, 2))


def test_case_width_marks_and_spaces_do_not_matter_and_numbers_do() -> None:
    assert alike("The Model,  leaks!", "the model leaks") == 1
    assert alike("ＡＩ 模型。", "ai模型") == 1
    assert alike("It takes 10 days", "It takes 90 days") < 1


def test_one_changed_word_is_much_alike_and_another_question_is_not() -> None:
    assert alike(EN, EN.replace("bank", "firm")) > THRESHOLD
    assert alike(ZH, ZH.replace("银行", "医院")) > THRESHOLD
    assert alike(EN, "Which log entry shows first that a prompt was injected into the support assistant?") < 0.3
    assert alike(ZH, "哪条日志最先表明客服助手收到了注入的提示词？") < 0.2


def test_words_in_another_order_are_still_alike() -> None:
    assert alike("red green blue", "blue red green") == 1


@pytest.mark.parametrize("text", [EN, ZH])
def test_what_differs_in_one_place_shares_a_band(text: str) -> None:
    """By chance one in a hundred would not at 0.7; these fixed texts all do, wherever they are changed."""
    said = folded(text)
    for place in range(0, len(said) - 4, 5):
        other = said[:place] + "某" + said[place + 2 :]
        if alike(said, other) >= 0.75:
            assert set(signature(shingles(said), 1)) & set(signature(shingles(folded(other)), 1)), place


# --- In a bank ---------------------------------------------------------------------------------------


def drafted(text: str, **fields):
    from exams.content import Wording

    language = "zh-hans" if text == ZH or "某" in text else "en"
    wordings = {language: Wording(f"<p>{text}</p>", "<p>R</p>")}
    return make_draft("numeric", wordings=wordings, **fields)


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "other"), [(EN, EN.replace("bank", "firm")), (ZH, ZH.replace("银行", "医院"))])
def test_a_near_duplicate_of_the_same_bank_is_found_and_one_of_another_bank_is_not(text: str, other: str) -> None:
    bank = BankFactory()
    first, second = drafted(text, bank=bank), drafted(other, bank=bank)
    drafted(text, bank=BankFactory())
    drafted("Something else entirely is asked for in this place", bank=bank)

    (found,) = similar_items(second)

    assert (found.version, found.percent >= 60) == (first, True)
    assert [each.version for each in similar_items(first)] == [second]


@pytest.mark.django_db
def test_what_an_item_said_before_no_longer_counts() -> None:
    from exams.actions.bank import discard_draft, save_content

    bank = BankFactory()
    first, second = drafted(EN, bank=bank), drafted(EN, bank=bank)
    assert similar_items(first)[0].likeness == 1
    save_content(second, content("numeric"), by=cleo())
    assert similar_items(first) == []
    discard_draft(second, by=cleo())
    assert not SimilarityBand.objects.filter(item=second.item).exists()


@pytest.mark.django_db
def test_the_most_similar_few_are_shown_most_alike_first() -> None:
    bank = BankFactory()
    asked = drafted(EN, bank=bank)
    words = ["bank", "labels", "records", "features", "model", "trains", "first"]
    for number in range(1, len(words) + 1):
        text = EN
        for word in words[:number]:
            text = text.replace(word, word[::-1])
        drafted(text, bank=bank)

    found = similar_items(asked)

    assert 2 <= len(found) <= MOST_SHOWN
    assert [each.likeness for each in found] == sorted((each.likeness for each in found), reverse=True)
    assert found[0].version.item.code == "Q-002"


@pytest.mark.django_db
def test_a_crowded_band_has_an_end(django_assert_num_queries) -> None:
    """A bank made from one template: what a look-up reads does not grow with it."""
    bank = BankFactory()
    item = make_item(bank=bank)
    SimilarityBand.objects.bulk_create(SimilarityBand(item=item, value=7) for _ in range(MOST_OF_A_BAND * 3))

    with django_assert_num_queries(1):
        assert look_up([7, 8]) == [item.pk]
    assert look_up([7], without=item.pk) == []
    assert look_up([]) == []
