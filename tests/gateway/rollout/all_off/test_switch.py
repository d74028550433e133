"""Everybody to the base: whichever way answers is enough, and undoing it restores the whole."""

import asyncio
from pathlib import Path

import pytest

from flags.change.errors import Conflict, InvalidChange
from flags.control import FlagControl, open_control
from flags.file.source import FileSource
from flags.file.store import FileStore
from flags.last_known.snapshot import Traits
from flags.model import Versions
from gateway.database.pool import Pool
from gateway.rollout.all_off.rows import latest_off
from gateway.rollout.all_off.switch import Follow, NotOff, OffSwitch
from gateway.rollout.all_off.undo import SomethingCameAfter, undo_all_off
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By, history
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import Plan
from gateway.rollout.ramp.store import latest
from tests.gateway.rollout.all_off.unsteady_store import UnsteadyStore, unsteady_control
from tests.gateway.rollout.conftest import Fleet, eventually

THREE = Versions.known(["v1", "v2", "v3"])
OP = By("op-1", "console")


def unsteady(control: FlagControl, folder: Path) -> tuple[UnsteadyStore, FlagControl]:
    store = UnsteadyStore(FileStore(folder / "flags.json", control.versions))
    return store, unsteady_control(control, store)


async def switch_of(fleet: Fleet, control: FlagControl, pool: Pool | None = None, patience: float = 5.0) -> OffSwitch:
    if not fleet.processes:
        await fleet.start(versions=("v1", "v2", "v3"))
    process, used = fleet.processes[0], pool or fleet.database.pool
    follow: Follow = {"flags": process.flags.refresh, "override": process.watch.look}
    return OffSwitch(used, RolloutChanges(used, control, kept_in="file"), follow, patience=patience)


async def test_every_flag_goes_off_a_ramp_pauses_and_undo_restores_dials_and_names(fleet: Fleet) -> None:
    control = open_control(data_dir=fleet.data_dir, versions=THREE)
    await control.init()
    pool, changes = fleet.database.pool, RolloutChanges(fleet.database.pool, control, kept_in="file")
    await changes.make(OP, lambda one: one.set_percent(25, pipeline="v2"))
    await changes.make(OP, lambda one: one.set_percent(10, pipeline="v3"))
    before = (await changes.make(OP, lambda one: one.force("bob", "v2"))).after
    orders = RampOrders(pool, changes)
    ramp = await orders.start(Plan((10, 50), 60, 1), OP)
    assert ramp.state == "running"
    switch = await switch_of(fleet, control)

    off = await switch.turn_all_off(OP)
    assert (off.ways, off.written) == (("flags",), True)
    assert [one.dial for one in (await control.read()).versions] == [0, 0]
    rows = latest_off(await history(pool))
    assert [(row.pipeline, row.via, row.actor) for row in rows] == [
        ("v2", "console", "op-1"),
        ("v3", "console", "op-1"),
    ]
    with pytest.raises(Exception, match="paused already"):
        await orders.pause(OP)

    await undo_all_off(pool, changes, rows[1].id, OP)
    assert (await control.read()).versions == before.versions
    with pytest.raises(SomethingCameAfter):
        await undo_all_off(pool, changes, rows[1].id, OP)


async def test_one_version_goes_off_alone_and_pauses_no_other_ramp(fleet: Fleet) -> None:
    control = open_control(data_dir=fleet.data_dir, versions=THREE)
    await control.init()
    changes = RolloutChanges(fleet.database.pool, control, kept_in="file")
    await changes.make(OP, lambda one: one.set_percent(25, pipeline="v2"))
    await changes.make(OP, lambda one: one.set_percent(10, pipeline="v3"))
    switch = await switch_of(fleet, control)
    await RampOrders(fleet.database.pool, changes).start(Plan((10, 50), 60, 1, pipeline="v3"), OP)

    off = await switch.turn_off(OP, "v2")
    assert off.after is not None
    assert [(one.pipeline, one.dial) for one in off.after.versions] == [("v3", 10), ("v2", 0)]
    assert [row.pipeline for row in latest_off(await history(fleet.database.pool))] == ["v2"]
    ramp = await latest(fleet.database.pool)
    assert (ramp and ramp.state) == "running"
    with pytest.raises(InvalidChange):
        await switch.turn_off(OP, "v9")
    store, unsteady_one = unsteady(control, fleet.data_dir)
    store.down = True
    off = await (await switch_of(fleet, unsteady_one)).turn_off(OP, "v2")
    ramp = await latest(fleet.database.pool)
    assert (off.ways, ramp and ramp.state) == (("override",), "paused"), "the override is everybody's"


async def test_flags_that_hang_are_not_waited_for_and_land_later(fleet: Fleet) -> None:
    await fleet.control.set_percent(25)
    store, control = unsteady(fleet.control, fleet.data_dir)
    switch = await switch_of(fleet, control, patience=0.1)
    store.thaw.clear()
    off = await switch.turn_all_off(OP)
    assert off.ways == ("override",)
    assert fleet.processes[0].dial == 0
    store.thaw.set()
    await asyncio.gather(*switch.going)
    rows = latest_off(await history(fleet.database.pool))
    assert {row.what for row in rows} == {"rollout", "override"}
    await undo_all_off(fleet.database.pool, fleet.changes, rows[0].id, OP)
    await eventually(lambda: fleet.processes[0].dial == 25)
    await switch.close()


async def test_flags_that_fail_are_not_waited_for_at_all(fleet: Fleet) -> None:
    store, control = unsteady(fleet.control, fleet.data_dir)
    store.down = True
    off = await (await switch_of(fleet, control, patience=60)).turn_all_off(OP)
    assert (off.ways, off.before) == (("override",), None)


async def test_a_process_that_cannot_read_the_flags_is_reached_by_the_override(fleet: Fleet) -> None:
    await fleet.control.set_percent(25)
    switch = await switch_of(fleet, fleet.control)
    broken = fleet.data_dir / "broken.json"
    broken.write_text("{")
    source = FileSource(broken, fleet.data_dir / "broken", Traits())
    (cut_off,) = await fleet.start(source=source, versions=("v1", "v2"))
    off = await switch.turn_all_off(OP)
    assert off.ways == ("flags", "override")
    await eventually(lambda: cut_off.flags.override is not None)
    (newest, first) = latest_off(await history(fleet.database.pool))
    assert {newest.what, first.what} == {"rollout", "override"}
    await undo_all_off(fleet.database.pool, fleet.changes, newest.id, OP)
    assert (await fleet.control.read()).dial == 25
    await eventually(lambda: cut_off.flags.override is None)


async def test_without_a_database_the_flags_go_off_at_once(fleet: Fleet, closed_pool: Pool) -> None:
    await fleet.control.set_percent(25)
    switch = await switch_of(fleet, fleet.control, closed_pool, patience=0.05)
    off = await switch.turn_all_off(OP)
    assert (off.ways, off.written) == (("flags",), False)
    assert (await fleet.control.read()).dial == 0
    await switch.close()


async def test_where_nothing_answers_it_is_said_of_each_way(fleet: Fleet, closed_pool: Pool) -> None:
    store, control = unsteady(fleet.control, fleet.data_dir)
    store.down = True
    switch = await switch_of(fleet, control, closed_pool, patience=0.05)
    with pytest.raises(NotOff, match=r"flags: .*Unleash does not answer.*override: "):
        await switch.turn_all_off(OP)
    await switch.close()


async def test_what_came_after_is_not_undone_with_it(fleet: Fleet) -> None:
    await fleet.control.set_percent(25)
    switch = await switch_of(fleet, fleet.control)
    await switch.turn_all_off(OP)
    (row,) = latest_off(await history(fleet.database.pool))
    await fleet.control.set_percent(40)  # elsewhere, not written down yet
    with pytest.raises((Conflict, SomethingCameAfter)):
        await undo_all_off(fleet.database.pool, fleet.changes, row.id, OP)
    now = await fleet.control.read()
    assert (now.percent, now.enabled) == (40, False)
