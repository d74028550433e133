"""`alternatives` and `first_words`: a word list as part of a pattern, and how it begins; the words of a text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.language.embedded.grammar.words import alternatives, first_word, first_words, words_in

WORDS = st.lists(st.text("abc-'.+", min_size=1, max_size=5), min_size=1, max_size=12)


@given(WORDS)
def test_each_word_of_the_list_is_matched_whole(words: list[str]) -> None:
    pattern = re.compile(alternatives(" ".join(words)))
    for word in words:
        found = pattern.match(word)
        assert found
        assert found.group() == word


@pytest.mark.parametrize(("text", "said"), [("due_date", "due date"), ("exam(s)", "exam"), ("exam(s)", "exams")])
def test_phrases_and_endings(text: str, said: str) -> None:
    assert re.fullmatch(alternatives(text), said)


@pytest.mark.parametrize(("text", "said"), [("c++", "ccc"), ("a.b", "axb"), ("exam(s)", "examss")])
def test_nothing_else_is_matched(text: str, said: str) -> None:
    assert not re.fullmatch(alternatives(text), said)


@given(st.lists(st.sampled_from("aB7_ .,'\n\u2019\x1cé") | st.characters(codec="utf-8"), max_size=30).map("".join))
def test_words_are_letters_digits_and_apostrophes_between_them(text: str) -> None:
    assert words_in(text) == re.findall(r"\w+(?:'\w+)*", text.lower())


@given(
    st.lists(st.from_regex(r"[a-c][a-c'._-]{0,4}(?:\([a-c_]{1,2}\)[a-c_]{0,2})?", fullmatch=True), min_size=1),
    st.data(),
)
def test_whatever_a_list_matches_begins_with_one_of_its_first_words(phrases: list[str], data: st.DataObject) -> None:
    text = " ".join(phrases)
    said = data.draw(st.from_regex(alternatives(text), fullmatch=True))
    assert first_word(said) in first_words(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [("I'm here", "i"), ('"Never" again', "never"), ("don't", "don"), ("step-by-step", "step"), ("...", "")],
)
def test_a_first_word_ends_at_an_apostrophe(text: str, word: str) -> None:
    assert first_word(text) == word
