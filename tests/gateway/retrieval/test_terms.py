"""Choosing words, memories and excerpts: the pure parts of retrieval."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.retrieval.answer import Question
from gateway.retrieval.memory import A_CONVERSATION, MOST, Memory, choose, excerpt
from gateway.retrieval.plain_questions import asked_field, plain_answer
from gateway.retrieval.profile import NOBODY, Profile, without_lines_of
from gateway.retrieval.terms import MOST_PIECES, MOST_WORDS, asked, pieces_of, stem, words_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = st.sampled_from(["boat", "harbour", "paint", "bread", "lighthouse"])
TEXTS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
MEMORIES = st.builds(Memory, st.sampled_from(["a", "b", "c", "d", "e"]), st.just("T"), TEXTS, st.just(NOW))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What do I love about painting?", ("love", "painting")),
        ("Who is she?", ()),
        ("Bicycles, bicycle, BICYCLES!", ("bicycles", "bicycle")),
        ("'; drop table users; --", ("drop", "table", "users")),
        ("", ()),
    ],
)
def test_telling_words_are_searched_for(question: str, words: tuple[str, ...]) -> None:
    assert words_of(question) == words


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("吃火锅", ("吃火", "火锅")),
        ("जयपुर में", ("जयपुर", "में")),
        ("בחיפה", ("בחיפה", "חיפה")),
        ("Görlitz and tea", ()),
    ],
)
def test_scripts_without_blanks_and_prefixed_words_are_looked_for_inside_of_words(
    question: str, pieces: tuple[str, ...]
) -> None:
    assert pieces_of(question) == pieces


@given(st.text(max_size=300))
def test_pieces_are_few_and_were_said(question: str) -> None:
    pieces = pieces_of(question)
    assert len(pieces) <= MOST_PIECES
    assert all(piece in question.lower() for piece in pieces)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("What do I do for a living?", "occupation"),
        ("Where do I live?", "location"),
        ("hey, do you remember my name?", "name"),
        ("What are my hobbies?", "interests"),
        ("How should you call me?", "preferred_address"),
        ("What do I do about my cat?", None),
        ("What did I do in Paris?", None),
        ("Where do I live my best life?", None),
        ("what is my name and where do I live", None),
    ],
)
def test_a_plain_question_asks_for_one_field_of_the_profile(question: str, field: str | None) -> None:
    assert asked_field(question) == field


@pytest.mark.parametrize(
    ("user", "answer"),
    [
        ({"occupation": "midwife"}, "> Occupation: midwife"),
        ({"occupation": ["midwife", {"job": "lecturer", "since": "May"}]}, "> Occupation: midwife, lecturer (May)"),
        ({"occupation": "Not enough data."}, None),
        ({"occupation": None}, None),
        ({}, None),
        (7, None),
    ],
)
def test_the_field_is_quoted_where_it_says_something(user: Any, answer: str | None) -> None:
    told = plain_answer("What is my job?", {"user": user})
    assert told is None if answer is None else answer in str(told)


@given(st.text(max_size=300))
def test_words_are_few_and_were_said(question: str) -> None:
    words = words_of(question)
    assert len(words) <= MOST_WORDS
    assert all(word in question.lower() and word.startswith(stem(word)) for word in words)


@pytest.mark.parametrize("forms", [("paint", "paints", "painted", "painting"), ("story", "stories"), ("boat", "boats")])
def test_forms_of_a_word_begin_alike(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_a_follow_up_that_names_nothing_asks_about_the_turn_before() -> None:
    history = [{"role": "user", "content": "Tell me about my boat"}, {"role": "assistant", "content": "It is old."}]
    assert words_of(asked("And what else?", [*history, {"role": "user"}, {}])) == ("boat",)
    assert asked("And my bread?", history) == "And my bread?"
    assert asked("And that?", []) == "And that?"


@given(st.lists(MEMORIES, max_size=30))
def test_chosen_memories_are_few_and_say_nothing_twice(candidates: list[Memory]) -> None:
    chosen = choose(candidates, ["boat"])
    assert len(chosen) <= MOST
    assert bool(chosen) is bool(candidates)
    for memory in chosen:
        same = [other for other in chosen if other.conversation_id == memory.conversation_id and other is not memory]
        assert len(same) < A_CONVERSATION
        assert not any(memory.content in other.content for other in same)


@given(st.lists(TEXTS, min_size=1, max_size=20).map("\n".join), st.integers(20, 200))
def test_an_excerpt_is_a_stretch_of_the_text_with_as_many_terms_as_any(content: str, size: int) -> None:
    part = excerpt(content, ["lighthouse"], size)
    assert part in content
    assert len(part) == min(size, len(content))


def test_an_excerpt_is_where_the_terms_are() -> None:
    content = "\n".join([*["nothing here"] * 50, "the lighthouse of paint", *["nor here"] * 50])
    assert "lighthouse of paint" in excerpt(content, ["lighthouse", "paint"], 100)


def test_memory_is_not_told_twice_where_the_soulprint_holds_it() -> None:
    assert without_lines_of("# S\n\n### Preferences\n\n- tea\n", "## Preferences\n\n- tea\n- quiet") == "- quiet"
    profile = Profile("# S\n- tea", "# MEMORY\n- tea\n- quiet", "log", None, None, None, 1, "v2")
    assert profile.text() == "# S\n- tea\n\n# MEMORY\n- quiet\n\nlog"
    assert profile.text("# Mine").startswith("# Mine\n\n")
    assert (NOBODY.text(), NOBODY.known) == ("", False)


def test_a_profile_is_bounded_each_part_has_its_share() -> None:
    profile = Profile("s" * 10**6, "m" * 10**6, "l" * 10**6, None, None, None, 1, "v1")
    text = profile.text()
    assert len(text) < 17_000
    assert {"s", "m", "l"} <= set(text)


def test_a_question_carries_its_last_turns() -> None:
    history: list[dict[str, Any]] = [{"role": "user", "content": f"turn {n}"} for n in range(20)]
    history += [{"content": 5}, {"role": "assistant"}]
    text = Question("Why?", history).with_history()
    assert "user: turn 19" in text
    assert "turn 13" not in text
    assert text.endswith("Why?")
    assert Question("Why?").with_history() == "Why?"
