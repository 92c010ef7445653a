"""Codes that people read: one wrong character or two swapped ones are noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.codes import CHECK_SYMBOLS, CROCKFORD, check_character, normalise, opaque_id, public_token

codes = st.text(alphabet=CROCKFORD, min_size=2, max_size=16)


@given(codes, st.data())
def test_every_single_wrong_character_changes_the_check_character(code, data):
    position = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([letter for letter in CROCKFORD if letter != code[position]]))

    assert check_character(code[:position] + wrong + code[position + 1 :]) != check_character(code)


@given(codes, st.data())
def test_every_swap_of_unequal_neighbours_changes_it_too(code, data):
    position = data.draw(st.integers(0, len(code) - 2))
    left, right = code[position], code[position + 1]
    swapped = code[:position] + right + left + code[position + 2 :]

    assert (check_character(swapped) == check_character(code)) is (left == right)


@given(codes)
def test_hyphens_do_not_count(code):
    assert check_character("-".join(code)) == check_character(code)
    assert check_character(code) in CHECK_SYMBOLS


@pytest.mark.parametrize(("typed", "read"), [(" ts-o1il ", "TS-0111"), ("ab cd", "ABCD"), ("TS-2026", "TS-2026")])
def test_look_alikes_are_read_as_meant(typed, read):
    assert normalise(typed) == read


def test_a_public_token_carries_130_bits_and_never_repeats():
    tokens = {public_token() for _ in range(500)}

    assert len(tokens) == 500
    assert all(len(token) == 26 and set(token) <= set(CROCKFORD) for token in tokens)
    assert all(len(opaque_id()) == 8 for _ in range(10))
