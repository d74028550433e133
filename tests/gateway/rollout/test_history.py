"""Every change of the rollout is one row, whoever made it and however many processes saw it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from flags.change.errors import Conflict, ControlUnavailable, InvalidChange
from flags.change.log import ChangeLog
from flags.control import FlagControl
from flags.model import Rollout
from gateway.database.pool import Pool
from gateway.rollout.changes import RolloutChanges, Work
from gateway.rollout.history import By, Entry
from tests.gateway.rollout.conftest import NEVER, Fleet, eventually

ANN = By("ann@desk", "cli", "a first step")


def to_percent(percent: float) -> Work:
    return lambda control: control.set_percent(percent)


async def switched_on(control: FlagControl) -> Rollout:
    return await control.turn_on()


async def switched_off(control: FlagControl) -> Rollout:
    return await control.turn_off()


def all_at(fleet: Fleet, dial: float) -> Callable[[], bool]:
    return lambda: all(one.dial == dial for one in fleet.processes)


def written(fleet: Fleet, count: int) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        return len(await fleet.history()) >= count

    return enough


def told(entries: list[Entry]) -> list[tuple[str, str, str]]:
    return [(entry.actor, entry.via, entry.change) for entry in entries]


async def test_a_change_of_ours_is_one_row_and_followed_by_all(fleet: Fleet) -> None:
    await fleet.start(3, look=NEVER)
    await fleet.settled()
    made = await fleet.changes.make(ANN, lambda control: control.set_percent(10))
    await eventually(lambda: all(one.dial == 10 for one in fleet.processes))
    await fleet.settled()
    (entry,) = await fleet.history()
    assert (entry.id, entry.actor, entry.via, entry.why) == (made.entry, "ann@desk", "cli", "a first step")
    assert entry.change == "percent: 0 → 10; dial: 0 → 10"
    assert entry.revision == fleet.processes[0].flags.state().revision


async def test_somebody_elses_change_is_one_row_and_respected(fleet: Fleet) -> None:
    await fleet.start(3)
    await fleet.settled()
    fleet.edit_file(40)
    await eventually(lambda: all(one.dial == 40 and one.watch.caught_up for one in fleet.processes))
    (entry,) = await fleet.history()
    assert (entry.actor, entry.via, entry.change) == ("unknown", "file", "percent: 0 → 40; dial: 0 → 40")


async def test_an_empty_document_that_used_to_hold_our_flags_is_told_loudly(fleet: Fleet) -> None:
    await fleet.changes.make(ANN, to_percent(50))
    (one,) = await fleet.start()
    await fleet.settled()
    (fleet.data_dir / "flags.json").write_text('{"version": 2, "features": []}')
    await eventually(lambda: one.dial == 0 and one.watch.caught_up)
    last = (await fleet.history())[-1]
    assert (last.why, last.after["dial"]) == ("the flag does not exist any more: off for everybody", 0)
    assert "dial: 50 → 0" in last.change
    (late,) = await fleet.start()
    for state in (one.flags.state(), late.flags.state()):
        assert (len(state.missing), len(state.warnings)) == (2, 2), "also a process that never knew them tells it"
    one.flags.use_base("v2")
    assert one.flags.state().missing == ("process-full-shadow",), "the flag of the base is not asked, and may go"
    one.flags.use_base(None)
    await fleet.control.init()
    await eventually(lambda: not one.flags.state().missing and not late.flags.state().missing)


async def test_any_mix_of_changes_is_written_once_each_in_order(fleet: Fleet) -> None:
    """Off and on lead back to what was: equal contents must not hide a change, or make one up."""
    await fleet.start(4)
    await fleet.settled()
    chance, now = random.Random(7), (0, True)
    expected: list[str] = []
    for _ in range(24):
        percent, enabled = chance.choice([0, 25, 50]), chance.random() < 0.6
        if (percent, enabled) == now:
            continue
        if chance.random() < 0.5:
            fleet.edit_file(percent, enabled=enabled)
            await eventually(lambda: all(one.watch.caught_up for one in fleet.processes))
            await eventually(all_at(fleet, percent if enabled else 0))
            await eventually(written(fleet, len(expected) + 1))
            expected.append("unknown")
        else:
            if percent != now[0]:
                await fleet.changes.make(ANN, to_percent(percent))
                expected.append(ANN.actor)
            if enabled != now[1]:
                await fleet.changes.make(ANN, switched_on if enabled else switched_off)
                expected.append(ANN.actor)
        now = percent, enabled
    await fleet.settled()
    await asyncio.gather(*(one.flags.refresh() for one in fleet.processes))
    await fleet.settled()
    entries = await fleet.history()
    assert [entry.actor for entry in entries] == expected
    for earlier, later in pairwise(entries):
        assert later.before == earlier.after


async def test_a_burst_of_ours_from_many_places_is_one_row_each(fleet: Fleet) -> None:
    await fleet.start(3)
    await fleet.settled()
    percents = list(range(1, 13))
    await asyncio.gather(*(fleet.changes.make(By(f"p{percent}", "http"), to_percent(percent)) for percent in percents))
    await fleet.settled()
    entries = await fleet.history()
    assert sorted(entry.after["percent"] for entry in entries) == percents
    assert all(entry.actor == f"p{entry.after['percent']:g}" for entry in entries)


async def test_what_changed_while_nothing_ran_is_written_at_the_next_start(fleet: Fleet) -> None:
    (one,) = await fleet.start()
    await fleet.settled()
    await one.watch.stop()
    fleet.edit_file(5)
    fleet.processes.clear()
    await fleet.start(2)
    await fleet.settled()
    assert told(await fleet.history()) == [("unknown", "file", "percent: 0 → 5; dial: 0 → 5")]


async def test_an_unseen_change_is_written_before_ours(fleet: Fleet) -> None:
    await fleet.changes.make(ANN, lambda control: control.set_percent(10))
    fleet.edit_file(20)
    await fleet.changes.make(ANN, lambda control: control.set_percent(30))
    assert [(entry.actor, entry.after["percent"]) for entry in await fleet.history()] == [
        ("ann@desk", 10),
        ("unknown", 20),
        ("ann@desk", 30),
    ]


async def test_what_was_refused_or_changes_nothing_without_a_why_is_not_written(fleet: Fleet) -> None:
    made = await fleet.changes.make(ANN, lambda control: control.set_percent(10))
    with pytest.raises(InvalidChange):
        await fleet.changes.make(ANN, lambda control: control.set_percent(10.25))
    with pytest.raises(Conflict) as conflict:
        await fleet.changes.make(ANN, lambda control: control.set_percent(50, "another"))
    assert conflict.value.current == made.after
    again = await fleet.changes.make(By("ann@desk", "cli"), lambda control: control.set_percent(10))
    assert (again.entry, again.after.percent) == (None, 10)
    assert len(await fleet.history()) == 1


async def test_a_why_is_written_also_when_nothing_changes(fleet: Fleet) -> None:
    await fleet.changes.make(ANN, lambda control: control.set_percent(10))
    await fleet.changes.make(By("bob", "cli", "checked"), lambda control: control.set_percent(10))
    last = (await fleet.history())[-1]
    assert (last.actor, last.why, last.change, last.after["dial"]) == ("bob", "checked", "", 10)


async def test_without_an_admin_token_nothing_can_be_changed(fleet: Fleet) -> None:
    changes = RolloutChanges(fleet.database.pool, None, kept_in="unleash")
    with pytest.raises(ControlUnavailable, match="UNLEASH_ADMIN_TOKEN"):
        await changes.make(ANN, lambda control: control.turn_off())


@pytest.mark.parametrize("away", ["no database", "broken"])
async def test_a_rollback_does_not_wait_for_the_database(fleet: Fleet, closed_pool: Pool, away: str) -> None:
    await fleet.control.set_percent(50)
    changes = RolloutChanges(None if away == "no database" else closed_pool, fleet.control, kept_in="file")
    made = await changes.make(ANN, lambda control: control.turn_off())
    assert (made.after.dial, made.written, made.entry) == (0, False, None)
    assert (await fleet.control.read()).dial == 0


async def test_a_change_is_made_once_when_the_database_goes_away_right_after_it(fleet: Fleet) -> None:
    async with fleet.database.pool.connection() as connection:
        await connection.execute(
            "create function cut() returns trigger language plpgsql as "
            "$$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$"
        )
        await connection.execute("create trigger cut after insert on gateway.rollout_changes execute function cut()")
    before = await fleet.control.read()
    made = await fleet.changes.make(ANN, lambda control: control.set_percent(10, before.version))
    assert (made.before.percent, made.after.percent, made.written, made.entry) == (before.percent, 10, False, None)
    assert await fleet.history() == []


class Unlogged(FlagControl):
    """A control whose home takes changes, and hangs when it is asked who made them."""

    async def logged(self, since: int | None = None) -> ChangeLog | None:
        await asyncio.Event().wait()
        raise AssertionError(since)


async def test_a_change_does_not_wait_for_a_log_that_hangs(fleet: Fleet) -> None:
    await fleet.start(2, look=NEVER)
    await fleet.settled()
    fleet.control = Unlogged(fleet.control._store)
    async with asyncio.timeout(180):
        await fleet.changes.make(ANN, switched_on)
        await fleet.changes.make(ANN, to_percent(20))
        await eventually(all_at(fleet, 20))
        await fleet.changes.make(ANN, switched_off)
        await eventually(all_at(fleet, 0))
    assert [(entry.actor, entry.via) for entry in await fleet.history()] == [("ann@desk", "cli")] * 3
