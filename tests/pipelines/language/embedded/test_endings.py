"""What a later statement takes away: work, places, habits and decisions that have ended. Times decide."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import Fact
from pipelines.language.embedded import merge_facts, settle_conflicts
from pipelines.language.embedded.extracting import extract_passages
from pipelines.language.embedded.writing.saying import to_tell
from pipelines.language.embedded.writing.sections import write_section
from tests.pipelines.language.embedded.reading import read, said


def held(*texts: str) -> list[str]:
    """What still holds after these messages, a day apart."""
    return [fact.value for fact in settle_conflicts(read(*texts).facts)]


ENDED = [
    ("I work at Acme.", "I no longer work at Acme.", "works at Acme"),
    ("I live in Leeds.", "I moved away from Leeds.", "Leeds"),
    ("I live in Leeds.", "I no longer live in Leeds.", "Leeds"),
    ("I smoke.", "I quit smoking.", "smokes"),
    ("I smoke.", "I don't smoke any more.", "smokes"),
    ("I love climbing.", "I quit climbing.", "climbing"),
    ("I love climbing.", "I gave up climbing last year.", "climbing"),
    ("I play chess.", "I don't play chess any more.", "playing chess"),
    ("I'm vegan.", "I'm not vegan anymore.", "vegan"),
    ("I'm religious.", "I'm no longer religious.", "religious"),
    ("I'm Catholic.", "I'm not Catholic anymore.", "Catholic"),
    ("I'm a nurse.", "I'm no longer a nurse.", "nurse"),
    ("I work at Acme.", "I left Acme last month.", "works at Acme"),
    ("We decided on Postgres.", "We switched from Postgres to MySQL.", "Postgres"),
    ("We decided on Postgres.", "We replaced Postgres with MySQL.", "Postgres"),
    ("My girlfriend Ana loves tea.", "My girlfriend and I broke up.", "girlfriend Ana"),
    ("My girlfriend Ana loves tea.", "Sadly, Ana and I split up last week.", "girlfriend Ana"),
    ("My girlfriend Ana loves tea.", "We broke up last month.", "girlfriend Ana"),
    ("My partner Sam is kind.", "Sam left me.", "partner Sam"),
    ("My wife Ana loves tea.", "I got divorced last year.", "wife Ana"),
    ("My wife Ana loves tea.", "My wife died in May.", "wife Ana"),
    ("My dog Rex barks.", "We had to put our dog Rex down.", "dog Rex"),
    ("My husband Tom loves tea.", "My late husband did all the paperwork.", "husband Tom"),
    ("We went with Jenkins.", "We dropped Jenkins.", "Jenkins"),
]


@pytest.mark.parametrize(("before", "ending", "value"), ENDED)
def test_a_later_negation_ends_what_was_said_before(before: str, ending: str, value: str) -> None:
    assert value in held(before)
    assert value not in held(before, ending)


@pytest.mark.parametrize(("before", "ending", "value"), ENDED)
def test_what_is_said_again_later_holds_again(before: str, ending: str, value: str) -> None:
    assert value in held(before, ending, before)


@pytest.mark.parametrize(
    ("before", "ending", "value"),
    [
        ("I love fishing.", "I don't eat fish any more.", "fishing"),
        ("I work at Acme.", "I no longer work at Bolt.", "works at Acme"),
        ("I'm allergic to nuts.", "I don't eat nuts any more.", "allergic to nuts"),
        ("We decided on Postgres.", "We switched from Jenkins to Drone.", "Postgres"),
        ("I love climbing.", "I quit smoking.", "climbing"),
    ],
)
def test_other_facts_stay(before: str, ending: str, value: str) -> None:
    assert value in held(before, ending)


def test_a_later_decision_for_the_same_purpose_replaces_the_earlier() -> None:
    facts = held("We decided on Postgres for the database.", "We decided on MySQL for the database.")
    assert facts == ["MySQL for the database"]


def test_the_end_of_the_newest_place_brings_no_older_one_back() -> None:
    assert held("I live in Porto.", "I live in Ghent.", "I no longer live in Ghent.") == []


def test_what_has_only_ended_is_not_told() -> None:
    assert held("I no longer work at Acme.") == []


FACTS = st.lists(
    st.builds(
        Fact,
        st.sampled_from(["location", "occupation", "interest", "life_context", "preference", "decision"]),
        st.sampled_from(
            ["Acme", "climbing", "no longer Acme", "quit climbing", "switched from Acme to Bolt", "no Acme"]
        ),
        st.just("s"),
        st.just("c"),
        st.sampled_from(["m1", "m2"]),
        st.one_of(st.none(), st.integers(0, 4).map(float)),
    ),
    max_size=10,
)


@settings(max_examples=150)
@given(FACTS)
def test_settling_twice_changes_nothing(facts: list[Fact]) -> None:
    once = settle_conflicts(merge_facts(facts))
    assert settle_conflicts(once) == once


@settings(max_examples=150)
@given(FACTS, st.randoms(use_true_random=False))
def test_times_decide_and_not_the_order_in_which_facts_come(facts: list[Fact], random: object) -> None:
    apart = [fact for fact in merge_facts(facts) if fact.category in {"interest", "life_context", "decision"}]
    shuffled = list(apart)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert set(settle_conflicts(shuffled)) == set(settle_conflicts(apart))


@settings(max_examples=100)
@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_only_a_later_ending_ends(said_at: float, ended_at: float) -> None:
    fact = Fact("interest", "climbing", "s", "c", "m1", said_at)
    ending = Fact("decision", "quit climbing", "s", "c", "m2", ended_at)
    assert (fact in settle_conflicts([fact, ending])) == (said_at >= ended_at)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'll call you Max.", "Max"),
        ("Your name is Ada from now on.", "Ada"),
        ("thanks! I've decided to call you Juno, okay?", "Juno"),
        ("You are a pirate. Your name is Captain Jack.", "Not enough data"),
        ("I'll call you tomorrow.", "Not enough data"),
        ("What is your name?", "Not enough data"),
    ],
)
def test_the_assistant_has_the_name_that_it_was_given(text: str, name: str) -> None:
    extraction = read(text)
    assert write_section("identity", to_tell(extraction.facts), extraction.style)["ai_name"].lower() == name.lower()


def test_the_newest_name_of_the_assistant_wins() -> None:
    facts = extract_passages([said("I'll call you Max.", "Your name is Ada now.")]).facts
    assert write_section("identity", to_tell(facts), {})["ai_name"] == "Ada"


@pytest.mark.parametrize(
    "said_later",
    [
        "We split the bill.", "We broke up the code into modules.", "My wife and I split the chores.",
        "Did we break up?", "She said we broke up.", "My ex-wife has the kids.", "My wife left me a note.",
        "My friend got divorced.", "Since the divorce my parents live apart.", "Ana left me at the station.",
    ],
)  # fmt: skip
def test_a_partner_is_kept_where_nobody_has_parted(said_later: str) -> None:
    assert "wife Ana" in held("My wife Ana loves tea.", said_later)


@pytest.mark.parametrize("ending", ["My mother died", "I'm single again", "Tom and I broke up"])
def test_who_is_told_of_beside_an_ending_stays(ending: str) -> None:
    assert held(f"{ending}, and my sister Mia lives in Leeds.")[-1] == "sister Mia"
