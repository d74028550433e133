"""A change is heard of at once; a connection that breaks is replaced, and what happened meanwhile is not missed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.history import By
from gateway.rollout.override import throw_override
from tests.gateway.rollout.conftest import NEVER, Fleet, Process, eventually

ANN = By("ann@desk", "cli")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


async def cut(fleet: Fleet) -> int:
    """Break every watch's connection; how many there were."""
    async with fleet.database.pool.connection() as connection:
        cursor = await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and application_name = 'soulprint-gateway watch'"
        )
        return len(await cursor.fetchall())


def has_timed_one_change(process: Process) -> bool:
    return process.metrics.registry.get_sample_value("gateway_flip_arrival_seconds_count") == 1


async def test_a_change_is_heard_of_without_any_look(fleet: Fleet) -> None:
    """Neither the flags nor the database are looked at by themselves: only the notification can tell."""
    await fleet.start(2, look=NEVER, seconds=NEVER)
    await eventually(lambda: all(one.watch.listening for one in fleet.processes))
    await fleet.changes.make(ANN, lambda control: control.set_percent(30))
    await eventually(lambda: all(one.dial == 30 for one in fleet.processes))
    await eventually(lambda: all(map(has_timed_one_change, fleet.processes)))


async def test_behind_a_pooler_a_change_is_seen_by_looking(fleet: Fleet) -> None:
    await fleet.start(look=NEVER, listens=False, seconds=0.05)
    await fleet.changes.make(ANN, lambda control: control.set_percent(30))
    await eventually(lambda: fleet.processes[0].dial == 30)
    assert not fleet.processes[0].watch.listening


async def test_what_happens_while_the_connection_is_gone_is_not_missed(fleet: Fleet) -> None:
    await fleet.start(2, look=NEVER, seconds=NEVER)
    await eventually(lambda: all(one.watch.listening for one in fleet.processes))
    assert await cut(fleet) == 2
    await fleet.changes.make(ANN, lambda control: control.set_percent(100))
    await throw_override(fleet.database.pool, ANN)
    await eventually(lambda: all(one.flags.override is not None for one in fleet.processes))
    await eventually(lambda: all(one.watch.listening for one in fleet.processes))
    assert all(one.flags.state().rollout is not None for one in fleet.processes)


@pytest.mark.parametrize("what", ["flag", "override"])
async def test_the_flip_clock_knows_of_rollbacks_alone(fleet: Fleet, what: str) -> None:
    (process,) = await fleet.start()
    await fleet.settled()
    await fleet.changes.make(ANN, lambda control: control.set_percent(50))
    await eventually(lambda: process.watch.last_change is not None)
    assert process.flips.seconds is None
    if what == "flag":
        await fleet.changes.make(ANN, lambda control: control.turn_off())
    else:
        await throw_override(fleet.database.pool, ANN)
    await eventually(lambda: process.flips.seconds == 0)


STARTS = st.lists(st.tuples(st.sampled_from(["v2", "v3"]), st.integers(-50, 50)), max_size=8)


@given(STARTS, st.sampled_from(["v3", None]), st.randoms())
def test_the_flip_clock_measures_to_the_last_start_of_what_was_rolled_back_whatever_it_hears_first(
    starts: list[tuple[str, int]], version: str | None, chance: Any
) -> None:
    clock = FlipClock()
    told: list[tuple[str, int] | None] = [*starts, None]
    chance.shuffle(told)
    for one in told:
        if one is None:
            clock.rolled_back(NOON, version)
        else:
            clock.started(one[0], NOON + timedelta(seconds=one[1]))
    clock.turned_on("v2")
    assert clock.seconds == max([0, *(at for name, at in starts if version in {None, name})])
    clock.turned_on(version)
    assert clock.seconds is None
