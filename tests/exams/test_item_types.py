"""Each type: what it accepts, what it refuses, what it is worth."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.errors import InvalidResponse
from exams.item_types import REGISTRY, Key, Shape

TOKENS = frozenset({"aa", "bb", "cc", "dd"})
SHAPES = {
    "single_choice": Shape("single_choice", TOKENS),
    "multiple_response": Shape("multiple_response", TOKENS),
    "numeric": Shape("numeric"),
    "short_text": Shape("short_text"),
}
KEYS = {
    "single_choice": Key("single_choice", right=frozenset({"bb"}), wrong=TOKENS - {"bb"}),
    "multiple_response": Key("multiple_response", right=frozenset({"aa", "bb"}), wrong=frozenset({"cc", "dd"})),
    "numeric": Key("numeric", answer={"value": "3.14", "tolerance": "0.01"}),
    "short_text": Key("short_text", answer={"accepted": {"en": ["Conflict of interest"], "zh-hans": ["利益冲突"]}}),
}

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("type", "body", "canonical"),
    [
        ("single_choice", {"choice": "aa"}, {"choice": "aa"}),
        ("multiple_response", {"choices": ["cc", "aa"]}, {"choices": ["aa", "cc"]}),
        ("multiple_response", {"choices": []}, {"choices": []}),
        ("numeric", {"value": " −３．５ "}, {"value": "-3.5"}),
        ("numeric", {"value": "1e-3"}, {"value": "1e-3"}),
        ("numeric", {"value": ".5"}, {"value": ".5"}),
        ("short_text", {"text": "  推理 "}, {"text": "  推理 "}),
        ("short_text", {"text": ""}, {"text": ""}),
    ],
)
def test_parse_accepts(type, body, canonical):
    assert REGISTRY[type].parse(body, SHAPES[type]) == canonical


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("single_choice", {"choice": "zz"}),
        ("single_choice", {"choice": ["aa"]}),
        ("single_choice", {"choice": None}),
        ("single_choice", {"choice": "aa", "more": 1}),
        ("single_choice", {}),
        ("single_choice", []),
        ("single_choice", "aa"),
        ("multiple_response", {"choices": ["aa", "aa"]}),
        ("multiple_response", {"choices": ["aa", "zz"]}),
        ("multiple_response", {"choices": [["aa"]]}),
        ("multiple_response", {"choices": "aa"}),
        ("multiple_response", {"choices": {"aa": 1}}),
        ("numeric", {"value": 3.14}),
        ("numeric", {"value": True}),
        ("numeric", {"value": "NaN"}),
        ("numeric", {"value": "Infinity"}),
        ("numeric", {"value": "1,5"}),
        ("numeric", {"value": ""}),
        ("numeric", {"value": "1e999"}),
        ("numeric", {"value": "9" * 41}),
        ("numeric", {"value": "٣"}),
        ("short_text", {"text": "a\0b"}),
        ("short_text", {"text": "\ud800"}),
        ("short_text", {"text": "x" * 501}),
        ("short_text", {"text": 7}),
    ],
)
def test_parse_refuses(type, body):
    with pytest.raises(InvalidResponse):
        REGISTRY[type].parse(body, SHAPES[type])


@pytest.mark.parametrize("type", sorted(SHAPES))
@given(body=any_json)
def test_parse_answers_or_refuses_whatever_is_sent_and_is_stable(type, body):
    try:
        parsed = REGISTRY[type].parse(body, SHAPES[type])
    except InvalidResponse:
        return
    assert REGISTRY[type].parse(parsed, SHAPES[type]) == parsed
    assert 0 <= REGISTRY[type].score(KEYS[type], parsed) <= KEYS[type].points


@pytest.mark.parametrize(
    ("type", "response", "points"),
    [
        ("single_choice", {"choice": "bb"}, 1),
        ("single_choice", {"choice": "aa"}, 0),
        ("single_choice", None, 0),
        ("multiple_response", {"choices": ["aa", "bb"]}, 1),
        ("multiple_response", {"choices": ["aa"]}, 0),
        ("multiple_response", {"choices": []}, 0),
        ("multiple_response", None, 0),
        ("numeric", {"value": "3.15"}, 1),
        ("numeric", {"value": "3.13"}, 1),
        ("numeric", {"value": "3.1500001"}, 0),
        ("numeric", None, 0),
        ("short_text", {"text": "  CONFLICT  of interest. "}, 1),
        ("short_text", {"text": "conflict-of-interest"}, 1),
        ("short_text", {"text": "利益冲突。"}, 1),
        ("short_text", {"text": "interest"}, 0),
        ("short_text", {"text": "…"}, 0),
        ("short_text", None, 0),
    ],
)
def test_score(type, response, points):
    assert REGISTRY[type].score(KEYS[type], response) == points


@pytest.mark.parametrize(
    ("choices", "points"),
    [
        (["aa", "bb"], "3"),
        (["aa"], "1.500"),
        (["aa", "cc"], "0"),
        (["aa", "bb", "cc"], "1.500"),
        (["aa", "bb", "cc", "dd"], "0"),
        (["cc", "dd"], "0"),
    ],
)
def test_partial_credit_is_right_minus_wrong_never_below_zero(choices, points):
    key = Key(
        "multiple_response",
        points=Decimal(3),
        rule="partial_credit",
        right=frozenset({"aa", "bb"}),
        wrong=frozenset({"cc", "dd"}),
    )

    assert REGISTRY["multiple_response"].score(key, {"choices": choices}) == Decimal(points)


def test_thirds_are_kept_to_a_thousandth():
    key = Key("multiple_response", rule="partial_credit", right=frozenset("abc"), wrong=frozenset("d"))

    assert REGISTRY["multiple_response"].score(key, {"choices": ["a", "b"]}) == Decimal("0.667")


@pytest.mark.parametrize(
    ("type", "key"),
    [
        ("single_choice", Key("single_choice", right=frozenset("ab"), wrong=frozenset("c"))),
        ("single_choice", Key("single_choice", right=frozenset("a"))),
        ("multiple_response", Key("multiple_response", wrong=frozenset("abc"))),
        ("multiple_response", Key("multiple_response", right=frozenset("abc"))),
        ("numeric", Key("numeric", answer={"value": "many"})),
        ("numeric", Key("numeric", answer={"value": "1", "tolerance": "-1"})),
        ("numeric", Key("numeric", answer={"value": "NaN"})),
        ("short_text", Key("short_text", answer={"accepted": {"en": [" . "]}})),
        ("short_text", Key("short_text", answer={})),
    ],
)
def test_problems_name_what_keeps_a_version_from_use(type, key):
    assert REGISTRY[type].problems(key)


@pytest.mark.parametrize("type", sorted(KEYS))
def test_a_good_key_has_no_problems(type):
    assert REGISTRY[type].problems(KEYS[type]) == []
