"""Memory over imports: it adds, confirms and ends; nothing is lost but what was forgotten, which never returns."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.facts import Fact, Memory, Remembered
from pipelines.memory import remember as module
from pipelines.memory.identity import identity_of, key_of, keys_of
from pipelines.memory.recall import recall
from pipelines.memory.remember import Import, forget, remember
from pipelines.memory.settle import holds
from pipelines.memory.told import tell
from pipelines.stages.ledger import consolidate

DAY = 86_400.0
AT = datetime(2026, 9, 1, tzinfo=UTC)
FIRST, SECOND = Import("job-1", AT), Import("job-2", AT + timedelta(days=60))


def exports(conversations: str) -> st.SearchStrategy[tuple[Fact, ...]]:
    """The facts of one export, each once, as a ledger has them."""
    mention = st.builds(
        Fact,
        category=st.sampled_from(["location", "interest", "preference", "decision", "life_context"]),
        value=st.sampled_from(
            ["Graz", "Vienna", "climbing", "no longer Graz", "gave up climbing", "answer briefly", "answer at length"]
        ),
        sentence=st.just("said"),
        conversation_id=st.sampled_from(list(conversations)),
        message_id=st.integers(0, 99).map(str),
        time=st.none() | st.integers(1, 200).map(lambda day: day * DAY),
    )
    return st.lists(mention, max_size=8).map(consolidate)


def in_force(memory: Memory) -> set[str]:
    return {identity_of(one.fact) for one in memory.facts if holds(one.fact)}


def unconfirmed(memory: Memory) -> list[Remembered]:
    return [msgspec.structs.replace(one, confirmed_at=AT, confirmed_by="") for one in memory.facts]


@given(exports("abcd"))
def test_the_same_export_twice_changes_nothing_but_when_it_was_confirmed(found: tuple[Fact, ...]) -> None:
    once = remember(Memory(), found, FIRST)
    twice = remember(once, found, SECOND)
    assert unconfirmed(twice) == unconfirmed(once)
    assert all(one.confirmed_by == "job-2" for one in twice.facts)
    assert all((one.learnt_by, one.learnt_at) == ("job-1", AT) for one in twice.facts)


def at_home(value: str, conversation: str, support: int) -> Fact:
    return Fact("location", value, "said", conversation, "0", None, support)


@given(exports("abc"), exports("xyz"))
@example((at_home("Graz", "a", 5),), (at_home("Graz", "x", 1), at_home("Vienna", "x", 1)))
def test_the_order_of_two_imports_does_not_decide_what_is_in_force(
    one: tuple[Fact, ...], other: tuple[Fact, ...]
) -> None:
    forwards = remember(remember(Memory(), one, FIRST), other, SECOND)
    backwards = remember(remember(Memory(), other, FIRST), one, SECOND)
    assert in_force(forwards) == in_force(backwards)


@given(st.lists(exports("abcxyz"), max_size=4), st.sets(st.sampled_from(["Graz", "climbing", "answer briefly"])))
def test_no_fact_is_lost_but_what_was_forgotten_which_never_returns(
    imports: list[tuple[Fact, ...]], values: set[str]
) -> None:
    memory = forget(Memory(), map(key_of, values))
    for n, found in enumerate(imports):
        memory = recall(memory, found, f"job-{n}", AT + n * timedelta(days=1)).memory
    kept = {identity_of(one.fact) for one in memory.facts}
    gone = frozenset(memory.forgotten)
    assert kept == {identity_of(fact) for found in imports for fact in found if gone.isdisjoint(keys_of(fact))}
    assert all(value not in one.fact.value for one in memory.facts for value in values)


@given(st.lists(exports("abcxyz"), min_size=1, max_size=4))
def test_what_has_ended_is_in_force_again_only_when_it_is_said_again_later(imports: list[tuple[Fact, ...]]) -> None:
    memory = Memory()
    for n, found in enumerate(imports):
        before = {identity_of(one.fact): one.fact for one in memory.facts}
        memory = remember(memory, found, Import(f"job-{n}", AT + n * timedelta(days=1)))
        for one in memory.facts:
            known = before.get(identity_of(one.fact))
            if known is not None and known.ended is not None and one.fact.ended is None:
                assert (one.fact.time or 0.0) >= known.ended
            assert one.fact.ended is None or one.fact.ended >= (one.fact.time or 0.0)


@settings(max_examples=10)
@given(st.integers(1, 30))
def test_a_full_memory_drops_ended_facts_first_then_the_oldest(more: int) -> None:
    old = Fact("interest", "climbing", "", "c", "m", 5_000 * DAY)
    end = Fact("decision", "gave up climbing", "", "c", "n", 5_001 * DAY)
    others = [Fact("interest", f"thing {n}", "", "c", str(n), n * DAY) for n in range(module.MOST_FACTS - 2 + more)]
    memory = remember(Memory(), [old, end, *others], FIRST)
    values = {one.fact.value for one in memory.facts}
    assert len(values) == module.MOST_FACTS
    assert "climbing" not in values
    assert {f"thing {n}" for n in range(more - 1)}.isdisjoint(values)
    assert f"thing {len(others) - 1}" in values


def test_when_it_holds_is_told_apart_from_when_that_was_learnt() -> None:
    lives = Fact("location", "Graz", "I live in Graz", "c1", "m1", 10 * DAY)
    moved = Fact("location", "Vienna", "I moved to Vienna", "c2", "m2", 40 * DAY)
    memory = remember(remember(Memory(), [lives], FIRST), [moved], SECOND)
    graz = next(one for one in memory.facts if one.fact.value == "Graz")
    assert (graz.fact.ended, graz.end_learnt_at, graz.ended_by) == (40 * DAY, SECOND.at, identity_of(moved))
    assert (graz.learnt_at, graz.confirmed_by, graz.fact.said_in) == (FIRST.at, "job-1", ("c1",))
    back = Fact("location", "graz", "I am back in Graz", "c3", "m3", 90 * DAY)
    later = remember(memory, [back], Import("job-3", SECOND.at))
    graz = next(one for one in later.facts if one.fact.category == "location" and one.fact.ended is None)
    assert (graz.fact.began, graz.fact.time, graz.fact.said_in) == (10 * DAY, 90 * DAY, ("c1", "c3"))
    assert (graz.learnt_at, graz.ended_by, graz.end_learnt_at) == (FIRST.at, "", None)


def test_what_an_import_does_not_say_is_kept_and_marked() -> None:
    name = Fact("name", "Hana", "My name is Hana", "c1", "m1", DAY)
    memory = remember(Memory(), [name], FIRST)
    told = tell(remember(memory, [], SECOND), SECOND)
    assert [(fact.value, fact.earlier) for fact in told.in_force] == [("Hana", True)]
    assert told.earlier == told.in_force


def test_what_was_forgotten_is_no_evidence_of_something_else() -> None:
    said = "My name is Hana and I live in Graz."
    found = [Fact("name", "Hana", said, "c", "m"), Fact("location", "Graz", said, "c", "m")]
    recalled = recall(Memory(forgotten=(key_of("Graz"),)), found, "job", AT)
    assert [(one.fact.value, one.fact.sentence) for one in recalled.memory.facts] == [("Hana", "")]
    assert recalled.fields({"location": "Graz", "interests": ["hiking near Graz", "tea"], "name": "Hana"}) == {
        "location": "not enough data",
        "interests": ["tea"],
        "name": "Hana",
    }
    assert recalled.text("# About\n\n- Lives in: Graz\n- Life: from Graz; vegetarian\n- Name: Hana") == (
        "# About\n\n- Life: vegetarian\n- Name: Hana"
    )
