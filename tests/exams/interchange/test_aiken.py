from __future__ import annotations

import html

from hypothesis import given, settings
from hypothesis import strategies as st

from exams.content import Choice, VersionContent, Wording
from exams.interchange.aiken import read_aiken, write_aiken
from exams.interchange.record import CHANGED, REFUSED
from tests.exams.interchange.records import LANGUAGES, contents, entry_of, words

plain = words.filter(lambda text: len(text) > 1 and text[1:2] not in ").").map(lambda text: html.escape(text, quote=False))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_plain_single_choices_come_back_in_both_languages(data):
    made = []
    for _number in range(2):
        texts = st.fixed_dictionaries(dict.fromkeys(LANGUAGES, plain))
        stems = {language: Wording(f"<p>{data.draw(plain)}</p>") for language in LANGUAGES}
        choices = tuple(Choice(data.draw(texts), key) for key in data.draw(st.permutations([True, False, False])))
        made.append(entry_of("single_choice", VersionContent(stems, choices)))
    files = {language: write_aiken(made, language) for language in LANGUAGES}

    if any(entry.refusal for entry in made):
        return  # words that Aiken reads as something else are refused, which the next test looks at
    read = read_aiken(files).entries

    assert [entry.content for entry in read] == [entry.content for entry in made]
    assert [entry.refusal for entry in read] == ["", ""]


@settings(max_examples=40, deadline=None)
@given(content=contents("single_choice", ("en",)))
def test_what_is_not_refused_is_read_again_with_the_same_key(content):
    entry = entry_of("single_choice", content)
    text = write_aiken([entry], "en")

    if entry.refusal:
        assert text == ""
        return
    (read,) = read_aiken({"en": text}).entries
    assert [choice.is_key for choice in read.content.choices] == [choice.is_key for choice in content.choices]
    assert entry.status == CHANGED  # at least the code stays behind, and that is said


def refusal(text: str) -> str:
    entry = read_aiken({"en": text}).entries[0]
    assert entry.status == REFUSED
    return entry.refusal


def test_what_is_broken_says_why():
    assert refusal("Q\nA) a\nB) b\n") == "The question has no line “ANSWER: …”."
    assert refusal("A) a\nB) b\nANSWER: A") == "The options have no question above them."
    assert refusal("Q\nA) a\nB) b\nANSWER: C") == "The answer is a letter that no option has: “C”."
    assert refusal("Q\nA) a\nA) b\nANSWER: A") == "Two options have the same letter."
    assert refusal("Q\nA) a\nANSWER: A") == "A choice needs at least two options."


def test_an_unfinished_question_does_not_eat_the_next_one():
    first, second = read_aiken({"en": "One\nA) a\nB) b\n\nTwo\nA) c\nB) d\nANSWER: B\n"}).entries

    assert (first.at, first.status) == ("line 1", REFUSED)
    assert (second.at, second.content.choices[1]) == ("line 5", Choice({"en": "d"}, True))
