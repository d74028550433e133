"""When a comparison stands still: while jobs of users run, but for its share; and how slowly its time passes then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.shadow.sandbox.way import FLOOR, MOST_OWED, Way

LOOK = 0.05
TINY = 1e-6
SECONDS = st.floats(0.001, 10.0)
LOOKS = st.lists(st.tuples(SECONDS, st.floats(0.0, 1.0), st.booleans()), max_size=60)


def play(way: Way, looks: list[tuple[float, float, bool]]) -> None:
    """Each: what passed, which share of a core the process takes while it may, and whether jobs of users run."""
    for passed, share, beside_jobs in looks:
        used = 0.0 if way.held else passed * share
        way.look(way.at + passed, way.used + used, beside_jobs=beside_jobs)


@given(LOOKS)
def test_where_no_job_runs_it_goes_on_and_its_time_passes_as_time_does(looks: list[tuple[float, float, bool]]) -> None:
    way = Way(0.0)
    play(way, looks)
    counted = way.counted
    way.look(way.at + 2.0, way.used, beside_jobs=False)
    assert not way.held
    assert way.counted == pytest.approx(counted + 2.0)


@given(LOOKS)
def test_its_time_passes_no_faster_than_time_and_never_stands_still(looks: list[tuple[float, float, bool]]) -> None:
    way = Way(0.0)
    play(way, looks)
    passed = sum(seconds for seconds, _, _ in looks)
    assert FLOOR * passed <= way.counted + TINY
    assert way.counted <= passed + TINY
    assert way.held_seconds <= passed + TINY


@given(LOOKS, st.floats(0.06, 1.0), st.integers(2000, 4000))
def test_beside_jobs_it_gets_its_share_of_a_core_and_hardly_more(
    before: list[tuple[float, float, bool]], share: float, looks: int
) -> None:
    way = Way(0.0)
    play(way, before)
    way.look(way.at + LOOK, way.used, beside_jobs=False)
    used = way.used
    play(way, [(LOOK, share, True)] * looks)
    got = way.used - used
    assert got <= FLOOR * looks * LOOK + MOST_OWED + LOOK
    assert got >= FLOOR * looks * LOOK - LOOK


@given(st.floats(0.0, FLOOR * 0.99), st.integers(1, 500))
def test_who_takes_less_than_its_share_is_never_held(share: float, looks: int) -> None:
    way = Way(0.0)
    for _ in range(looks):
        play(way, [(LOOK, share, True)])
        assert not way.held
