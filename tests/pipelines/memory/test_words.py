"""Values are found in a text as whole words, as one pattern of them all would find them, however many they are."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.facts import Category, Fact
from pipelines.memory.withhold import words_of
from pipelines.memory.words import Words

pieces = st.text(st.sampled_from("abAB\u00e9\u00df1 -+'#"), max_size=9)


def pattern_of(values: list[str]) -> "re.Pattern[str] | None":
    """All values as one pattern, which takes very long where they are many."""
    shapes = sorted((r"\s+".join(map(re.escape, value.split())) for value in values if value.strip()), key=len)
    return re.compile(rf"(?<!\w)(?:{'|'.join(reversed(shapes))})(?!\w)", re.IGNORECASE) if shapes else None


@given(st.lists(pieces, max_size=6), pieces, pieces)
@example(["c++"], "i write C++ and", "")
@example(["#tea time", "tea"], "so #TEA  time", "teams")
def test_they_are_found_where_one_pattern_of_them_all_finds_them(values: list[str], before: str, after: str) -> None:
    pattern, words = pattern_of(values := [one for one in values if re.search(r"\w", one)]), Words(values)
    for text in (before, f"{before} {after}", *(f"{before} {value} {after}" for value in values)):
        assert words.search(text) == (pattern is not None and pattern.search(text) is not None), text
    assert bool(words) == bool(values)


@given(st.lists(pieces, max_size=6), pieces)
def test_what_was_replaced_is_not_found_any_more(values: list[str], text: str) -> None:
    words = Words(values)
    assert not words.search(words.sub("\u2026", f"{text} {' '.join(values)} {text}"))


def fact(category: Category, value: str) -> Fact:
    return Fact(category, value, f"It is {value}.", "c", "m")


@pytest.mark.parametrize(
    ("category", "value", "said", "kept"),
    [
        ("name", "Will", ["Call me Will.", "WILL"], ["I will move to Spain", "a will of iron"]),
        ("location", "Nice", ["lives in Nice"], ["a nice day"]),
        ("name", "Anna", ["anna's bike", "ANNA"], ["Annabel"]),
        ("interest", "Reading", ["reading novels"], ["readings"]),
        ("location", "Gro\u00dfe Stra\u00dfe", ["at gro\u00dfe stra\u00dfe 5"], ["stra\u00dfe"]),
        ("relationship", "our dog Rex", ["My dog Rex"], ["the dog next door"]),
        ("life_context", "\U0001f436", ["with \U0001f436!"], ["\U0001f431"]),
    ],
)
def test_a_value_goes_with_its_wordings_and_takes_no_other_word_along(
    category: Category, value: str, said: list[str], kept: list[str]
) -> None:
    words = words_of([fact(category, value)])
    assert words is not None
    assert [text for text in said if not words.search(text)] == []
    assert [text for text in kept if words.search(text)] == []
