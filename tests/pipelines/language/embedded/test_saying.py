"""What a document tells of the facts: nothing twice, and nobody as new for ever."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract import Category, Fact
from pipelines.language.embedded.writing.memory import write_memory
from pipelines.language.embedded.writing.saying import person_text, without_repeats
from pipelines.memory.told import PAST

VALUES = ("music", "classical music", "partner", "partner: pregnant", "The music", "hiking in the Alps", "hiking")
FACTS = st.builds(
    Fact, st.sampled_from(get_args(Category)), st.sampled_from(VALUES), st.just("said"), st.just("c"), st.just("m")
)


def of(category: Category, *values: str) -> list[Fact]:
    return [Fact(category, value, f"of {value}", "c", "m") for value in values]


def told(category: Category, *values: str) -> list[str]:
    return [fact.value for fact in without_repeats(of(category, *values))]


def test_an_interest_that_another_one_names_too_is_told_once() -> None:
    assert told("interest", "traveling", "chess", "traveling to new places") == ["chess", "traveling to new places"]
    assert told("interest", "classical music", "music theory") == ["classical music", "music theory"]
    assert told("project", "a game", "a game in Rust") == ["a game", "a game in Rust"]


def test_a_person_of_whom_more_is_known_is_told_once() -> None:
    assert told("relationship", "partner", "son", "partner: pregnant") == ["son", "partner: pregnant"]
    assert told("relationship", "son", "son Leo") == ["son", "son Leo"]  # perhaps another one


@given(st.lists(FACTS, max_size=12))
def test_what_is_left_has_the_words_of_all_interests_and_the_order(facts: list[Fact]) -> None:
    left = without_repeats(facts)
    assert [fact for fact in facts if fact in left] == left
    assert without_repeats(left) == left
    assert {fact for fact in facts if fact.category not in {"interest", "relationship"}} <= set(left)
    assert words(left) == words(facts)


def words(facts: list[Fact]) -> set[str]:
    interests = (fact.value.lower() for fact in facts if fact.category == "interest")
    return {word.strip(":") for value in interests for word in value.split()} - {"the"}


@pytest.mark.parametrize(
    ("value", "detail", "text"),
    [
        ("sister Ana", "lives in Leeds", "sister Ana (lives in Leeds)"),
        ("dad: passed away", "passed away two days ago", "dad: passed away"),
        ("my newt", "", "their newt"),
        ("dog Rex", "Rex", "dog Rex"),
    ],
)
def test_a_person_is_named(value: str, detail: str, text: str) -> None:
    fact = Fact("relationship", value, "said", "c", "m", detail=detail)
    assert person_text(fact) == text
    assert f"- People and pets: {text}\n" in write_memory([fact])


def test_a_time_that_is_over_leaves_no_preposition_behind() -> None:
    past = Fact("date", "big trip for next summer", "said", "c", "m", detail=PAST)
    assert "- Big trip\n" in write_memory([past])
