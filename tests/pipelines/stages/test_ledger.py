"""Adding facts up: duplicates merge, the newest wording wins, and what does not fit is reduced with a certain end."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract import Extraction, Fact
from pipelines.stages.ledger import Ledger, consolidate, fold, total_tokens
from pipelines.stages.reduction import fit_window
from tests.pipelines.ports import EchoLanguage, MemorySteps, bench

facts = st.builds(
    Fact,
    category=st.sampled_from(["preference", "project", "location"]),
    value=st.sampled_from(["Painting", "the painting", "piano", "my cats", "Lisbon"]),
    sentence=st.text(max_size=30),
    conversation_id=st.sampled_from(["c1", "c2"]),
    message_id=st.uuids().map(str),
    time=st.none() | st.floats(1, 1e6),
)


def fact(value: str, time: float, detail: str = "") -> Fact:
    return Fact("preference", value, f"I like {value}.", "c", f"m{time}", time, detail=detail)


def test_the_newest_wording_wins_and_support_adds_up() -> None:
    (merged,) = consolidate([fact("The Painting.", 2.0), fact("painting", 1.0, detail="oils")])
    assert (merged.value, merged.support, merged.detail, merged.time) == ("The Painting.", 2, "oils", 2.0)


@given(st.lists(facts, max_size=20))
def test_no_two_facts_say_the_same(found: list[Fact]) -> None:
    keys = [(f.category, fold(f.value)) for f in consolidate(found)]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(f.category, fold(f.value)) for f in found}


@given(st.lists(facts, max_size=20))
def test_no_support_is_lost(found: list[Fact]) -> None:
    assert sum(f.support for f in consolidate(found)) == len(found)


@given(st.lists(facts, max_size=20))
def test_the_ledger_knows_its_own_size(found: list[Fact]) -> None:
    ledger = Ledger()
    ledger.add(Extraction(tuple(found)))
    assert ledger.tokens == total_tokens(ledger.facts())


@settings(max_examples=30)
@given(st.integers(0, 80), st.integers(1, 400), st.booleans())
async def test_defect_11_reduction_always_ends_within_the_window(count: int, window: int, shrinks: bool) -> None:
    language = EchoLanguage(window_tokens=window, shrinks=shrinks)
    ports = bench(Path(), language=language).ports
    reduced, usage = await fit_window([fact(f"thing number {n}", float(n)) for n in range(count)], ports, "reduce")
    assert total_tokens(reduced) <= window
    assert usage.calls == len(language.calls)


async def test_facts_that_fit_are_left_alone() -> None:
    language = EchoLanguage(window_tokens=1_000)
    found = [fact("tea", 1.0), fact("coffee", 2.0)]
    reduced, _ = await fit_window(found, bench(Path(), language=language).ports, "reduce")
    assert reduced == tuple(found)
    assert language.calls == []


async def test_a_reduction_that_is_stored_is_not_paid_again() -> None:
    found = [fact(f"thing number {n}", float(n)) for n in range(50)]
    steps = MemorySteps()
    first = await fit_window(found, bench(Path(), language=EchoLanguage(window_tokens=200), steps=steps).ports, "r")
    again = EchoLanguage(window_tokens=200)
    assert await fit_window(found, bench(Path(), language=again, steps=steps).ports, "r") == first
    assert again.calls == []
