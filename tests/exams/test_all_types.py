"""Every type from its writer to the candidate's screen and back: nothing of the key on the way, the right score after."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from common.integrity import run_checks
from exams.actions.scoring import score_attempt
from exams.actions.sealing import seal_paper
from exams.errors import AwaitsMarking
from exams.integrity.attempts import beyond_public
from exams.item_types import REGISTRY, key_of
from exams.queries.bank import differences
from exams.queries.previews import preview_document
from exams.queries.readiness import complete_languages, missing_parts
from tests.factories.bank import content, make_approved, make_draft, make_paper_of
from tests.factories.exams import PersonFactory, make_sitting

pytestmark = pytest.mark.django_db

MARKED = ("essay", "file_upload")
SECRETS = ("RATIONALE", "REFERENCE", "KEYWORD", "关键词", "3.14", "tolerance", "accepted", "areas", "0.125", "pair", "is_key")
SECRETS += ("rubric", "CRITERION", "BAND", "标准")


@pytest.fixture
def paper():
    """All types on one sealed paper, those that people mark on trial."""
    first = make_approved(next(iter(REGISTRY)))
    rest = [make_approved(type, first.item.bank, **PARTS.get(type, {})) for type in list(REGISTRY)[1:]]
    return seal_paper(make_paper_of([first, *rest], trial=MARKED), by=PersonFactory())


PARTS = {type: {"scoring_rule": "per_part", "points": 4} for type in ("ordering", "matching", "cloze")}


def right_answer(version, shown):
    options = list(version.options.all())
    tokens = [option.token for option in options]
    keys = [option.token for option in options if option.is_key]
    pair = {option.pair: option.token for option in options if option.group == "right"}
    return {
        "single_choice": lambda: {"choice": keys[0]},
        "true_false": lambda: {"choice": keys[0]},
        "multiple_response": lambda: {"choices": keys},
        "numeric": lambda: {"value": "9.05"},
        "short_text": lambda: {"text": "keyword"},
        "ordering": lambda: {"order": tokens},
        "matching": lambda: {"pairs": {option.token: pair[option.pair] for option in options if option.group == "left"}},
        "cloze": lambda: {"gaps": {"g1": "Keyword", "g2": "3.15", "g3": keys[0]}},
        "hotspot": lambda: {"point": [0.2, 0.2]},
        "essay": lambda: {"text": "A risk is …"},
        "file_upload": lambda: {"upload": "12345678-1234-4234-8234-123456789012"},
    }[version.item.type]()


def test_each_type_has_a_complete_version_that_shows_no_key():
    for type in REGISTRY:
        version = make_draft(type)
        assert (missing_parts(version), complete_languages(version)) == ([], ["en", "zh-hans"])
        for language in ("en", "zh-hans"):
            shown = json.dumps(preview_document(version, language), ensure_ascii=False)
            assert [secret for secret in SECRETS if secret in shown] == []


def test_a_rule_that_is_not_the_types_own_is_named():
    for type, rule in (("single_choice", "per_part"), ("ordering", "penalty"), ("essay", "partial_credit")):
        assert "An item of this type cannot be scored by this rule." in missing_parts(make_draft(type, scoring_rule=rule))


def test_two_versions_of_every_type_are_compared_in_words():
    for type in REGISTRY:
        first, second = make_draft(type), make_draft(type, points=7)
        assert {"Points"} <= {difference.name for difference in differences(first, second)}
    swapped = content("matching").choices
    swapped = (replace(swapped[0], pair=2), *swapped[1:])
    found = {each.name: each.pieces for each in differences(make_draft("matching"), make_draft("matching", choices=swapped))}
    assert list(found) == ["Option 1: where it belongs"]


def test_a_paper_of_all_types_is_served_without_keys_and_scored_in_full(paper, make_desk):
    desk = make_desk(sitting=make_sitting(paper))
    desk.start()
    positions = desk.positions()

    assert {shown["type"] for shown in positions.values()} == set(REGISTRY)
    assert not [field for shown in positions.values() for field in beyond_public(shown)]
    assert [secret for secret in SECRETS if secret in desk.paper().content.decode()] == []
    for item in paper.items.all():
        assert desk.save(item.position, 1, right_answer(item.version, positions[item.position])).status_code == 200
    desk.submit()
    result = score_attempt(desk.registration.attempts.get().pk)

    assert result.raw_score == result.max_score == Decimal(18)
    waiting = {number for number, earned in result.positions.items() if earned["points"] is None}
    assert waiting == {str(item.position) for item in paper.items.filter(is_scored=False)}
    assert [check for check in run_checks() if check["rows"]] == []


def test_saves_of_the_new_types_take_the_one_statement(paper, make_desk, django_assert_num_queries):
    desk = make_desk(sitting=make_sitting(paper))
    desk.start()
    desk.save(1, 1, None)
    for item in paper.items.all():
        answer = right_answer(item.version, None)
        with django_assert_num_queries(1):
            assert desk.save(item.position, 2, answer).status_code == 200
        assert desk.save(item.position, 3, {"nonsense": 1}).status_code == 400


def test_orders_that_are_a_key_differ_from_attempt_to_attempt_and_from_the_authors(paper, make_desk):
    sitting = make_sitting(paper)
    desks = [make_desk(sitting=sitting) for _number in range(6)]
    for desk in desks:
        desk.start()
    by_type = [{shown["type"]: shown for shown in desk.positions().values()} for desk in desks]

    for type, side in (("ordering", "options"), ("matching", "right")):
        assert len({tuple(option["id"] for option in shown[type][side]) for shown in by_type}) > 1
    lefts = {tuple(option["id"] for option in shown["matching"]["left"]) for shown in by_type}
    assert len(lefts) == 1
    statements = {tuple(option["text"] for option in shown["true_false"]["options"]) for shown in by_type}
    assert statements == {("True", "False")}


def test_the_document_itself_does_not_know_the_order(without_triggers):
    version = make_approved("ordering", scoring_rule="per_part")
    first = preview_document(version, "en")
    tokens = [option["id"] for option in first["sections"][0]["positions"][0]["options"]]

    assert tokens == sorted(tokens)
    assert "keep_option_order" not in json.dumps(first)


def with_another_key(version):
    """The same draft, options and tokens included, with everything else about its key."""
    options = list(version.options.all())
    for number, option in enumerate(options):
        other = {"is_key": not option.is_key, "pair": None if option.group == "left" else number}
        type(option).objects.filter(pk=option.pk).update(**other)
    if version.item.type == "ordering":
        for number, option in enumerate(options):
            type(option).objects.filter(pk=option.pk).update(position=100 - number)
    gaps = {"g1": {"kind": "text", "accepted": {}}, "g2": {"kind": "number", "value": "-1"}, "g3": {"kind": "choice"}}
    others = {"value": "-1", "tolerance": "8", "accepted": {"en": ["ELSE"]}, "areas": [], "rubric": [], "gaps": gaps}
    version.key = {name: others[name] for name in version.key}
    version.save(update_fields=["key"])
    return type(version).objects.get(pk=version.pk)


@pytest.mark.parametrize("type", sorted(REGISTRY))
def test_another_key_is_served_byte_for_byte_alike(type):
    version = make_draft(type)
    before = [json.dumps(preview_document(version, language)) for language in ("en", "zh-hans")]
    key = key_of(version)

    other = with_another_key(version)

    assert key_of(other) != key
    assert [json.dumps(preview_document(other, language)) for language in ("en", "zh-hans")] == before


@pytest.mark.parametrize("type", MARKED)
def test_what_a_person_marks_counts_on_a_paper(type):
    paper = seal_paper(make_paper_of([make_approved(type)]), by=PersonFactory())

    assert paper.items.get().is_scored


def test_no_half_result_is_made(make_desk):
    from exams.tasks import score_attempt_task

    paper = seal_paper(make_paper_of([make_approved("true_false"), make_approved("essay")]), by=PersonFactory())
    desk = make_desk(sitting=make_sitting(paper))
    desk.start()
    desk.save(2, 1, {"text": "A risk is …"})
    desk.submit()
    attempt = desk.registration.attempts.get()

    with pytest.raises(AwaitsMarking) as waits:
        score_attempt(attempt.pk)
    assert waits.value.extra == {"positions": [2]}
    score_attempt_task(attempt.pk)
    assert not hasattr(type(attempt).objects.get(pk=attempt.pk), "result")
    assert attempt.marking_tasks.get().position == 2


def test_penalties_never_take_an_area_or_the_whole_below_zero(make_desk):
    first = make_approved("true_false", scoring_rule="penalty")
    second = make_approved("true_false", first.item.bank, scoring_rule="penalty")
    third = make_approved("true_false", first.item.bank)
    paper = seal_paper(make_paper_of([first, second, third], areas=[1, 1, 2]), by=PersonFactory())
    desk = make_desk(sitting=make_sitting(paper))
    desk.start()
    for item in paper.items.all():
        wrong = item.version.options.get(is_key=item.position == 3)
        desk.save(item.position, 1, {"choice": wrong.token})
    desk.submit()

    result = score_attempt(desk.registration.attempts.get().pk)

    assert [result.positions[number]["points"] for number in "123"] == ["-1", "-1", "1"]
    assert result.raw_score == 0
    assert [(area["raw"], area["percent"]) for area in result.areas] == [("0", 0), ("1", 100)]
    assert (result.scaled_score, result.outcome) == (200, "failed")
