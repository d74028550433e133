"""The model of width, with costs that can be worked out by hand."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.width.__main__ import API_CONNECTIONS, WORKER_CONNECTIONS
from bench.width.model import Costs, Fleet, Limits, demand, error, shares

COSTS = Costs(
    idle_cores=0.001,
    accept_cores=0.0001,
    idle_wal=10,
    accept_wal=1000,
    accept_stored=500,
    worker_connections=17,
    api_connections=14,
)
LIMITS = Limits(connections=500, cores=2, wal=10_000_000, polls=100, stored=1e12, kept_seconds=86_400)
SIZES = st.integers(0, 5000)


def test_a_fleet_takes_the_sum_of_its_parts() -> None:
    taken = demand(COSTS, Fleet(workers=10, apis=2, accepts=1000), kept_seconds=10)
    assert taken.connections == 10 * 17 + 2 * 14
    assert taken.upkeep == pytest.approx(0.01)
    assert taken.cores == pytest.approx(0.01 + 0.1)
    assert taken.wal == 10 * 10 + 1000 * 1000
    assert taken.polls == pytest.approx(1 + 11 / 15)
    assert taken.stored == 500 * 1000 * 10


def test_the_fullest_comes_first() -> None:
    small = shares(demand(COSTS, Fleet(5, 5, 1000), LIMITS.kept_seconds), LIMITS)
    assert next(iter(small)) == "connections"
    assert max(small.values()) == 155 / 500
    loaded = shares(demand(COSTS, Fleet(5, 5, 1_000_000), LIMITS.kept_seconds), LIMITS)
    assert list(loaded)[:2] == ["log to the disk", "processor of Postgres"]
    slow = shares(demand(COSTS, Fleet(5, 5, 1000), 100 * LIMITS.kept_seconds), LIMITS)
    assert next(iter(slow)) == "storage"


@given(SIZES, SIZES, st.floats(0, 1e6), st.floats(1, 1e7))
def test_twice_the_fleet_takes_twice_as_much_of_all_but_the_polls(
    workers: int, apis: int, accepts: float, kept: float
) -> None:
    one, two = (demand(COSTS, Fleet(n * workers, n * apis, n * accepts), kept) for n in (1, 2))
    for what in ("connections", "cores", "upkeep", "wal", "stored"):
        assert getattr(two, what) == pytest.approx(2 * getattr(one, what))
    assert one.polls <= two.polls <= 2 * one.polls


@given(st.floats(1, 1e9))
def test_more_of_a_resource_leaves_more_of_it(more: float) -> None:
    taken = demand(COSTS, Fleet(50, 50, 1000), LIMITS.kept_seconds)
    wider = replace(LIMITS, connections=LIMITS.connections * more)
    assert shares(taken, wider)["connections"] == pytest.approx(shares(taken, LIMITS)["connections"] / more)


def test_an_error_is_a_part_of_what_was_found() -> None:
    assert error(110, 100) == pytest.approx(0.1)
    assert error(90, 100) == pytest.approx(-0.1)


def test_the_model_counts_connections_as_the_page_does() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "run-at-scale.md").read_text()
    assert f"{WORKER_CONNECTIONS} for a worker and {API_CONNECTIONS} for an API process" in page
