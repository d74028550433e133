"""Merging, conflicts and ranking of facts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import Category, Fact
from pipelines.language.embedded import merge_facts, settle_conflicts
from pipelines.language.embedded.facts import rank_facts
from tests.pipelines.language.embedded.reading import read, values

CATEGORIES: tuple[Category, ...] = ("name", "location", "occupation", "interest", "decision")
FACTS = st.lists(
    st.builds(
        Fact,
        st.sampled_from(CATEGORIES),
        st.sampled_from(["Oslo", "the Oslo", "Rome", "chess"]),
        st.just("s"),
        st.just("c"),
        st.sampled_from(["m1", "m2", "m3"]),
        st.one_of(st.none(), st.floats(0, 1e9)),
    ),
    max_size=12,
)


@settings(max_examples=100)
@given(FACTS)
def test_merging_twice_changes_nothing(facts: list[Fact]) -> None:
    once = merge_facts(facts)
    assert merge_facts(once) == once


@settings(max_examples=100)
@given(FACTS)
def test_support_counts_messages(facts: list[Fact]) -> None:
    for fact in merge_facts(facts):
        assert 1 <= fact.support <= 3


@settings(max_examples=100)
@given(FACTS)
def test_one_place_one_name_one_occupation_is_left(facts: list[Fact]) -> None:
    held = settle_conflicts(merge_facts(facts))
    for category in ("name", "location", "occupation"):
        assert sum(fact.category == category for fact in held) <= 1


@settings(max_examples=60)
@given(FACTS, st.randoms(use_true_random=False))
def test_ranking_does_not_depend_on_order(facts: list[Fact], random: object) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank_facts(facts) == rank_facts(shuffled)


def test_said_twice_is_one_fact_with_support_two() -> None:
    facts = read("I live in Ghent.", "As I said, I live in Ghent.").facts
    assert [(fact.value, fact.support) for fact in facts] == [("Ghent", 2)]


def test_the_newest_place_wins() -> None:
    facts = settle_conflicts(read("I live in Ghent.", "I moved to Porto last week.").facts)
    assert values(facts, "location") == ["Porto"]


def test_what_has_ended_is_no_fact() -> None:
    facts = read("I used to work as a baker.", "I no longer live in Ghent.", "I don't have any pets.").facts
    assert settle_conflicts(facts) == ()


@pytest.mark.parametrize("which", ["second option", "latter version", "former one", "second"])
def test_a_decision_that_only_points_at_something_is_none(which: str) -> None:
    assert read(f"I've decided on the {which}.").facts == ()


def test_a_decision_that_names_something_is_one() -> None:
    assert values(read("I've decided on the second opinion of Dr Okoro.").facts, "decision")
