"""Items of several parts: true or false, ordering, matching, gaps; and the rules by which parts and wrong picks count."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.errors import InvalidResponse
from exams.item_types import REGISTRY, Key, Shape, shape_of
from exams.item_types.contract import Gap, Part
from exams.item_types.true_false import choices_for
from tests.exams.test_item_types import any_json

ABCD = ("aa", "bb", "cc", "dd")
GAPS = {"g1": Gap("text"), "g2": Gap("number"), "g3": Gap("choice", frozenset({"xx", "yy"}))}
SHAPES = {
    "true_false": Shape("true_false", frozenset({"aa", "bb"})),
    "ordering": Shape("ordering", frozenset(ABCD)),
    "matching": Shape("matching", left=frozenset({"l1", "l2", "l3"}), right=frozenset({"r1", "r2", "r3"})),
    "cloze": Shape("cloze", gaps=GAPS),
}
MATCHED = (
    Part("l1", group="left", pair=1),
    Part("l2", group="left", pair=2),
    Part("l3", group="left", pair=1),
    Part("r1", group="right", pair=1),
    Part("r2", group="right", pair=2),
    Part("r3", group="right"),
)
FILLED = {
    "gaps": {
        "g1": {"kind": "text", "accepted": {"en": ["data poisoning"], "zh-hans": ["数据投毒"]}},
        "g2": {"kind": "number", "value": "3", "tolerance": "0.5"},
        "g3": {"kind": "choice"},
    }
}
OPTIONS = (Part("xx", is_key=True, group="g3"), Part("yy", group="g3"))
KEYS = {
    "true_false": Key("true_false", right=frozenset({"aa"}), wrong=frozenset({"bb"})),
    "ordering": Key("ordering", parts=tuple(Part(token) for token in ABCD)),
    "matching": Key("matching", parts=MATCHED),
    "cloze": Key("cloze", answer=FILLED, parts=OPTIONS),
}


def with_rule(type, rule, points="1"):
    return replace(KEYS[type], rule=rule, points=Decimal(points))


@pytest.mark.parametrize(
    ("type", "body", "canonical"),
    [
        ("true_false", {"choice": "bb"}, {"choice": "bb"}),
        ("ordering", {"order": ["dd", "bb", "aa", "cc"]}, {"order": ["dd", "bb", "aa", "cc"]}),
        ("matching", {"pairs": {"l1": "r1"}}, {"pairs": {"l1": "r1"}}),
        ("matching", {"pairs": {}}, {"pairs": {}}),
        ("matching", {"pairs": {"l1": "r3", "l2": "r3"}}, {"pairs": {"l1": "r3", "l2": "r3"}}),
        ("cloze", {"gaps": {}}, {"gaps": {}}),
        ("cloze", {"gaps": {"g1": " a ", "g2": "３", "g3": "yy"}}, {"gaps": {"g1": " a ", "g2": "3", "g3": "yy"}}),
        ("cloze", {"gaps": {"g1": "", "g2": "", "g3": ""}}, {"gaps": {}}),
    ],
)
def test_parse_accepts(type, body, canonical):
    assert REGISTRY[type].parse(body, SHAPES[type]) == canonical


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("true_false", {"choice": True}),
        ("true_false", {"choice": "cc"}),
        ("ordering", {"order": ["aa", "bb", "cc"]}),
        ("ordering", {"order": ["aa", "bb", "cc", "cc"]}),
        ("ordering", {"order": ["aa", "bb", "cc", "zz"]}),
        ("ordering", {"order": ["aa", "bb", "cc", ["dd"]]}),
        ("ordering", {"order": "aabb"}),
        ("ordering", {"order": {"aa": 1, "bb": 2, "cc": 3, "dd": 4}}),
        ("matching", {"pairs": {"l1": "l2"}}),
        ("matching", {"pairs": {"r1": "l1"}}),
        ("matching", {"pairs": {"zz": "r1"}}),
        ("matching", {"pairs": {"l1": ["r1"]}}),
        ("matching", {"pairs": {"l1": None}}),
        ("matching", {"pairs": [["l1", "r1"]]}),
        ("matching", {"pairs": {}, "more": {}}),
        ("cloze", {"gaps": {"g4": "a"}}),
        ("cloze", {"gaps": {"g1": 3}}),
        ("cloze", {"gaps": {"g1": "a\0"}}),
        ("cloze", {"gaps": {"g1": "\udfff"}}),
        ("cloze", {"gaps": {"g1": "x" * 501}}),
        ("cloze", {"gaps": {"g2": "three"}}),
        ("cloze", {"gaps": {"g2": 3}}),
        ("cloze", {"gaps": {"g3": "zz"}}),
        ("cloze", {"gaps": {"g3": ["xx"]}}),
        ("cloze", {"gaps": ["g1"]}),
    ],
)
def test_parse_refuses(type, body):
    with pytest.raises(InvalidResponse):
        REGISTRY[type].parse(body, SHAPES[type])


@pytest.mark.parametrize("type", sorted(SHAPES))
@given(inner=any_json, name=st.sampled_from(["choice", "order", "pairs", "gaps"]))
def test_parse_answers_or_refuses_whatever_is_sent_and_is_stable(type, inner, name):
    for body in (inner, {name: inner}):
        try:
            parsed = REGISTRY[type].parse(body, SHAPES[type])
        except InvalidResponse:
            continue
        assert REGISTRY[type].parse(parsed, SHAPES[type]) == parsed
        assert 0 <= REGISTRY[type].score(KEYS[type], parsed) <= KEYS[type].points


@given(order=st.permutations(ABCD), points=st.integers(1, 20))
def test_ordering_earns_its_share_of_right_places(order, points):
    in_place = sum(1 for place, token in enumerate(order) if token == ABCD[place])
    whole = Decimal(points) if list(order) == list(ABCD) else Decimal(0)

    assert REGISTRY["ordering"].score(with_rule("ordering", "per_part", str(points)), {"order": order}) == Decimal(
        points
    ) * in_place / Decimal(4)
    assert REGISTRY["ordering"].score(with_rule("ordering", "all_or_nothing", str(points)), {"order": order}) == whole


@given(pairs=st.dictionaries(st.sampled_from(["l1", "l2", "l3"]), st.sampled_from(["r1", "r2", "r3"])))
def test_matching_counts_the_lefts_that_found_their_right(pairs):
    right = sum(pairs.get(left) == should for left, should in {"l1": "r1", "l2": "r2", "l3": "r1"}.items())
    scores = {0: "0", 1: "0.333", 2: "0.667", 3: "1"}

    assert REGISTRY["matching"].score(with_rule("matching", "per_part"), {"pairs": pairs}) == Decimal(scores[right])
    assert REGISTRY["matching"].score(KEYS["matching"], {"pairs": pairs}) == (1 if right == 3 else 0)


@pytest.mark.parametrize(
    ("gaps", "right"),
    [
        ({"g1": "Data-Poisoning.", "g2": "3.5", "g3": "xx"}, 3),
        ({"g1": "数据投毒", "g2": "2.5", "g3": "yy"}, 2),
        ({"g1": "poison", "g2": "3.51"}, 0),
        ({"g3": "xx"}, 1),
        ({}, 0),
    ],
)
def test_gaps_are_compared_as_their_types_do(gaps, right):
    scores = {0: "0", 1: "1.333", 2: "2.667", 3: "4"}

    assert REGISTRY["cloze"].score(with_rule("cloze", "per_part", "4"), {"gaps": gaps}) == Decimal(scores[right])
    assert REGISTRY["cloze"].score(KEYS["cloze"], {"gaps": gaps}) == (1 if right == 3 else 0)


@pytest.mark.parametrize("type", sorted(KEYS))
@pytest.mark.parametrize("rule", ["all_or_nothing", "per_part", "penalty"])
def test_no_answer_earns_and_costs_nothing(type, rule):
    assert REGISTRY[type].score(with_rule(type, rule), None) == 0


@pytest.mark.parametrize(("options", "points", "cost"), [(2, "1", "-1"), (4, "1", "-0.333"), (5, "2", "-0.5")])
def test_by_penalty_a_wrong_choice_costs_what_blind_guessing_would_win(options, points, cost):
    tokens = [f"o{number}" for number in range(options)]
    key = Key("single_choice", Decimal(points), "penalty", frozenset(tokens[:1]), frozenset(tokens[1:]))
    score = REGISTRY["single_choice"].score

    assert score(key, {"choice": "o0"}) == Decimal(points)
    assert score(key, {"choice": "o1"}) == Decimal(cost)
    assert abs(sum(score(key, {"choice": token}) for token in tokens)) <= Decimal("0.001") * options


@given(chosen=st.sets(st.sampled_from(["aa", "bb", "cc", "dd", "ee"])))
def test_by_penalty_several_picks_never_fall_below_zero(chosen):
    key = Key("multiple_response", Decimal(2), "penalty", frozenset({"aa", "bb"}), frozenset({"cc", "dd", "ee"}))

    score = REGISTRY["multiple_response"].score(key, {"choices": sorted(chosen)})

    right, wrong = len(chosen & key.right), len(chosen & key.wrong)
    assert score == max(Decimal(right) - wrong * Decimal("0.5"), 0)


@pytest.mark.parametrize(
    ("type", "key"),
    [
        ("true_false", Key("true_false", right=frozenset("ab"))),
        ("true_false", Key("true_false", right=frozenset("a"), wrong=frozenset("bc"))),
        ("ordering", Key("ordering", parts=(Part("a"), Part("b")))),
        ("matching", Key("matching", parts=MATCHED[:4])),
        ("matching", Key("matching", parts=(*MATCHED, Part("zz")))),
        ("matching", Key("matching", parts=(*MATCHED, Part("l4", group="left", pair=7)))),
        ("matching", Key("matching", parts=(*MATCHED, Part("l4", group="left")))),
        ("matching", Key("matching", parts=(*MATCHED, Part("r4", group="right", pair=2)))),
        ("cloze", Key("cloze")),
        ("cloze", Key("cloze", answer={"gaps": {"g 1": {"kind": "choice"}}})),
        ("cloze", Key("cloze", answer={"gaps": {"g1": "text"}})),
        ("cloze", Key("cloze", answer={"gaps": {"g1": {"kind": "picture"}}})),
        ("cloze", Key("cloze", answer={"gaps": {"g1": {"kind": "text", "accepted": {"en": [7]}}}})),
        ("cloze", Key("cloze", answer={"gaps": {"g1": {"kind": "number", "value": "x"}}})),
        ("cloze", Key("cloze", answer={"gaps": {"g3": {"kind": "choice"}}}, parts=OPTIONS[:1])),
        ("cloze", Key("cloze", answer={"gaps": {"g1": {"kind": "number", "value": "1"}}}, parts=OPTIONS)),
    ],
)
def test_problems_name_what_keeps_a_version_from_use(type, key):
    assert REGISTRY[type].problems(key)


@pytest.mark.parametrize("type", sorted(KEYS))
def test_a_good_key_has_no_problems(type):
    assert REGISTRY[type].problems(KEYS[type]) == []


@pytest.mark.parametrize(
    ("stem", "fits"),
    [
        ("<p>[[g1]] and [[g2]] and [[g3]]</p>", True),
        ("<p>[[g1]] and [[g2]]</p>", False),
        ("<p>[[g1]] [[g1]] [[g2]] [[g3]]</p>", False),
        ("<p>[[g1]] [[g2]] [[g3]] [[g4]]</p>", False),
        ('<p>[[g1]] [[g2]] <img src="picture:12345678-1234-1234-1234-123456789012" alt="[[g3]]"></p>', False),
    ],
)
def test_every_gap_stands_once_in_the_text_of_each_language(stem, fits):
    assert (REGISTRY["cloze"].problems_in("en", stem, KEYS["cloze"]) == []) is fits


def test_a_statement_words_itself_in_both_languages():
    true, false = choices_for(False)

    assert (true.texts, true.is_key) == ({"en": "True", "zh-hans": "正确"}, False)
    assert (false.texts, false.is_key) == ({"en": "False", "zh-hans": "错误"}, True)


def test_the_shape_is_read_from_what_is_delivered():
    delivered = {
        "type": "cloze",
        "stem": "…",
        "gaps": [
            {"id": "g1", "kind": "text"},
            {"id": "g2", "kind": "number"},
            {"id": "g3", "kind": "choice", "options": [{"id": "xx", "text": "X"}, {"id": "yy", "text": "Y"}]},
        ],
    }

    assert shape_of(delivered) == SHAPES["cloze"]
