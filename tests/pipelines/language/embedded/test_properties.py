"""What holds for every text: no error, same answer, evidence verbatim, bounded work."""

import sys
from collections.abc import Callable
from functools import lru_cache
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.contract import Message, Passage
from pipelines.language.embedded.english import is_readable
from pipelines.language.embedded.extracting import extract_passages
from pipelines.language.embedded.grammar.sentences import LONGEST_SENTENCE, MASK, split_sentences
from pipelines.language.embedded.grammar.words import READ_HEAD, READ_TAIL, plain, vocabulary
from pipelines.language.embedded.masks import own_words
from pipelines.language.embedded.reader import candidates_of, read_message
from tests.pipelines.language.embedded.reading import read, said

PIECES = (
    *(
        "I live in Ghent",
        "my daughter Ana is 7",
        "we decided on oak because",
        "I'm 34",
        "if I lived",
        "I don't",
        "my",
        "I",
    ),
    *(
        "we're going with",
        "please never use emojis",
        "translate this",
        "act as",
        "by Friday",
        "and ",
        "Dear",
        "Alice: ",
    ),
    *("\n", ". ", "? ", ", ", '"', "'", "`", "```", "> ", "<b>", "[name]", "{x}", ": ", "(", ")", "- ", "..."),
    *("\u2019", "\U0001f600", "\x00", "\x01", "é", "日本語", "https://a.b/c"),
)
TALK = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))


@settings(max_examples=300, deadline=None)
@given(st.lists(TALK, max_size=4))
@example(["\ud800 I live in \udfff Ghent"])
@example(["\x01I live in \x01Ghent"])
def test_any_text_is_read_twice_alike_and_quoted_verbatim(texts: list[str]) -> None:
    extraction = read(*texts)
    assert read(*texts) == extraction
    for fact in extraction.facts:
        own = next(text for index, text in enumerate(texts) if fact.message_id == f"m{index}")
        assert fact.sentence in own
        assert fact.value.strip()
        assert len(fact.value) <= 140
        assert len(fact.sentence) <= 300
    assert extraction.read_chars + extraction.unread_chars == sum(map(len, texts))


@settings(max_examples=60, deadline=None)
@given(st.lists(TALK, max_size=4), st.sampled_from(["assistant", "system", "tool"]))
@example(["I live in Ghent and my daughter Ana is 7."], "assistant")
def test_nobody_but_the_user_yields_facts(texts: list[str], role: Any) -> None:
    extraction = read(*texts, role=role)
    assert extraction.facts == ()
    assert extraction.style == {}


@settings(max_examples=100, deadline=None)
@given(TALK)
def test_masking_keeps_every_offset(text: str) -> None:
    text = plain(text)
    masked = own_words(text, vocabulary(text))
    assert len(masked) == len(text)
    assert all(now in (then, MASK) for now, then in zip(masked, text, strict=True))


def test_code_messages_are_not_read() -> None:
    passage = Passage("c", "", None, (Message("m", "user", "I live in Ghent.", None, "code"),))
    assert extract_passages([passage]).facts == ()


@pytest.mark.parametrize(
    "piece", ["I am a ", "my wife's ", "I live in ", "a, ", "'", '"', "`", "[", "<a ", "I, and ", " ", "- ", "x@y."]
)
def test_work_grows_no_faster_than_the_text(piece: str) -> None:
    line = (piece * 4000)[: READ_HEAD // 6] + "\n"
    once, twice = calls_of(lambda: read(line * 3)), calls_of(lambda: read(line * 6))
    assert twice <= 2.5 * once + 2000


@pytest.mark.parametrize("piece", ["I am a ", "my wife's ", "I live in a house. ", "'a' ", "\n"])
def test_a_huge_message_costs_no_more_than_a_long_one(piece: str) -> None:
    long, huge = (piece * 200_000)[: READ_HEAD + READ_TAIL], (piece * 200_000)[:1_000_000]
    assert calls_of(lambda: read(huge)) <= 2.5 * calls_of(lambda: read(long)) + 2000


@settings(max_examples=100, deadline=None)
@given(TALK)
def test_sentences_are_bounded_and_in_order(text: str) -> None:
    end = 0
    for sentence in split_sentences(text):
        assert end <= sentence.start < sentence.end
        assert sentence.end - sentence.start <= LONGEST_SENTENCE
        assert text[sentence.start : sentence.end] == sentence.text
        end = sentence.end


def test_the_same_message_in_two_passages_supports_a_fact_once() -> None:
    passage = said("I live in Ghent.")
    (fact,) = extract_passages([passage, passage]).facts
    assert fact.support == 1


def calls_of(work: Callable[[], object]) -> int:
    """Python and C calls that `work` makes: a measure of its steps that no busy machine can change."""
    calls = 0

    def count(_frame: FrameType, _event: str, _arg: object) -> None:
        nonlocal calls
        calls += 1

    work()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@given(st.text("aZ1 .é中\u0250", max_size=40))
def test_a_text_is_latin_where_at_least_half_of_its_letters_are(text: str) -> None:
    letters = list(filter(str.isalpha, text))
    latin = sum(letter < "\u0250" for letter in letters)
    assert is_readable(text, frozenset()) == (text.isascii() or 2 * latin >= len(letters))


@settings(max_examples=200, deadline=None)
@given(st.lists(TALK, min_size=1, max_size=4), st.integers(1, 3))
def test_sentences_that_are_remembered_give_what_they_give_alone(texts: list[str], remembered: int) -> None:
    again = lru_cache(maxsize=remembered)(candidates_of)
    for text in map(plain, [*texts, *texts]):
        words = vocabulary(text)
        assert [*read_message(text, words, again)] == [*read_message(text, words, candidates_of)]
