"""When a comparison stands still: while jobs of users run, but for its share; and how slowly its time passes then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.shadow.sandbox.way import BURST, FLOOR, FREE_LOOK, MOST_OWED, SHORTEST, Way

TINY = 1e-6
SECONDS = st.floats(0.001, 10.0)
LOOKS = st.lists(st.tuples(SECONDS, st.floats(0.0, 1.0), st.booleans()), max_size=60)


def play(way: Way, looks: list[tuple[float, float, bool]]) -> None:
    """Each: what passed, which share of a core the process takes while it may, and whether jobs of users run."""
    for passed, share, beside_jobs in looks:
        used = 0.0 if way.held else passed * share
        way.look(way.at + passed, way.used + used, beside_jobs=beside_jobs)


def look_beside(way: Way, share: float) -> float:
    """A look when there is something to do; the processor time that it had until then."""
    used, passed = way.used, way.next_look
    play(way, [(passed, share, True)])
    return way.used - used


@given(LOOKS)
def test_where_no_job_runs_it_goes_on_and_its_time_passes_as_time_does(looks: list[tuple[float, float, bool]]) -> None:
    way = Way(0.0)
    play(way, [*looks, (1.0, 1.0, False)])
    counted = way.counted
    assert not way.held
    way.look(way.at + 2.0, way.used, beside_jobs=False)
    assert not way.held
    assert way.counted == pytest.approx(counted + 2.0)


@given(LOOKS, SECONDS, st.floats(0.0, 1.0))
def test_when_a_job_comes_it_is_held_at_once_whatever_it_took_before(
    looks: list[tuple[float, float, bool]], passed: float, share: float
) -> None:
    way = Way(0.0)
    play(way, [*looks, (1.0, 1.0, False), (passed, share, True)])
    assert way.held
    play(way, [(BURST / FLOOR + TINY, 0.0, True)])
    assert not way.held  # what it took before the job came is not made up for


@given(LOOKS)
def test_its_time_passes_no_faster_than_time_and_never_stands_still(looks: list[tuple[float, float, bool]]) -> None:
    way = Way(0.0)
    play(way, looks)
    passed = sum(seconds for seconds, _, _ in looks)
    assert FLOOR * passed <= way.counted + TINY
    assert way.counted <= passed + TINY
    assert way.held_seconds <= passed + TINY


@given(LOOKS, st.floats(0.06, 1.0), st.integers(1000, 2000))
def test_beside_jobs_it_gets_its_share_of_a_core_and_hardly_more_in_short_bursts(
    before: list[tuple[float, float, bool]], share: float, looks: int
) -> None:
    way = Way(0.0)
    play(way, [*before, (1.0, 0.0, False), (0.0, 0.0, True)])
    began, used = way.at, way.used
    for _ in range(looks):
        assert look_beside(way, share) <= max(MOST_OWED, SHORTEST)
    passed, got = way.at - began, way.used - used
    assert got <= FLOOR * passed + SHORTEST + TINY
    assert got >= FLOOR * passed - MOST_OWED - TINY


@given(st.floats(0.0, FLOOR * 0.99), st.integers(1, 500))
def test_who_takes_less_than_its_share_is_not_held_again(share: float, looks: int) -> None:
    way = Way(0.0)
    play(way, [(0.0, 0.0, True), (BURST / FLOOR + TINY, 0.0, True)])
    for _ in range(looks):
        look_beside(way, share)
        assert not way.held


@given(LOOKS)
def test_the_next_look_is_neither_at_once_nor_too_late(looks: list[tuple[float, float, bool]]) -> None:
    way = Way(0.0)
    play(way, looks)
    assert SHORTEST <= way.next_look <= FREE_LOOK
