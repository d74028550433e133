"""Undoing a row of the history: whole changes, refusals, and the override."""

import pytest

from flags.change.errors import Conflict
from flags.control import FlagControl, open_control
from flags.model import Rollout, Versions
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By, NoSuchEntry
from gateway.rollout.override import lift_override, read_override, throw_override
from gateway.rollout.undo.act import ReasonNeeded, find_change, undo
from gateway.rollout.undo.plan import NotUndoable
from tests.gateway.rollout.conftest import Fleet

ANN = By("ann@desk", "console", "")
THREE = Versions.known(["v1", "v2", "v3"])


async def ramped(control: FlagControl) -> Rollout:
    await control.set_percent(25, pipeline="v2")
    await control.force("bob", "v2")
    return await control.set_percent(10, pipeline="v3")


async def all_off(control: FlagControl) -> Rollout:
    await control.turn_off("v3")
    return await control.turn_off("v2")


async def test_a_change_of_several_flags_is_undone_whole_by_any_of_its_rows(fleet: Fleet) -> None:
    control = open_control(data_dir=fleet.data_dir, versions=THREE)
    await control.init()
    pool, changes = fleet.database.pool, RolloutChanges(fleet.database.pool, control, kept_in="file")
    up = await changes.make(ANN, ramped)
    off = await changes.make(By("ann@desk", "console", "v3 fails"), all_off)
    rows = [entry for entry in await fleet.history() if entry.why == "v3 fails"]
    assert [entry.pipeline for entry in rows] == ["v3", "v2"]
    found = await find_change(pool, rows[0].id)
    assert found.lines == ["v3: enabled: off → on; dial: 0 → 10", "v2: enabled: off → on; dial: 0 → 25"]
    for row in rows:
        assert (await undo(pool, changes, row.id, ANN)).entries == tuple(rows)
        now = await control.read()
        assert (now.versions, now.version) == (up.after.versions, off.before.version)
        assert (await fleet.history())[-1].why == f"undo of change {off.entry}"
        await changes.make(By("ann@desk", "console", "v3 fails"), all_off)

    await changes.make(ANN, lambda control: control.set_percent(40, pipeline="v2"))  # somebody comes after
    before = await control.read()
    with pytest.raises(Conflict) as conflict:
        await undo(pool, changes, rows[0].id, ANN)
    assert conflict.value.current.version == before.version == (await control.read()).version
    await undo(pool, changes, rows[0].id, By("ann@desk", "console", "seen"), expected=before.version)
    now = await control.read()
    assert [(one.pipeline, one.dial) for one in now.versions] == [("v3", 10), ("v2", 25)]
    assert now.of("v2").forced_in == ("bob",)


async def test_the_guards_rollback_needs_a_reason_and_what_is_no_change_is_refused(fleet: Fleet) -> None:
    pool, changes = fleet.database.pool, fleet.changes
    await changes.make(ANN, lambda control: control.set_percent(50))
    made = await changes.make(By("guard", "guard", "v2 fails more"), lambda control: control.turn_off())
    assert made.entry is not None
    with pytest.raises(ReasonNeeded):
        await undo(pool, changes, made.entry, By("ann@desk", "console", "  "))
    assert (await fleet.control.read()).dial == 0
    await undo(pool, changes, made.entry, By("ann@desk", "console", "it was the provider"))
    assert (await fleet.control.read()).dial == 50
    with pytest.raises(NoSuchEntry):
        await undo(pool, changes, 10_000, ANN)
    await changes.make(By("ann@desk", "cli", "only a reason"), lambda control: control.read())
    with pytest.raises(NotUndoable):
        await undo(pool, changes, (await fleet.history())[-1].id, ANN)


async def test_the_override_is_lifted_and_thrown_again(fleet: Fleet) -> None:
    pool, changes = fleet.database.pool, fleet.changes
    await throw_override(pool, ANN)
    (thrown,) = await fleet.history()
    assert (await find_change(pool, thrown.id)).lines == ["override: on → off"]
    await undo(pool, changes, thrown.id, ANN)
    with pytest.raises(NotUndoable, match="lifted again already"):
        await undo(pool, changes, thrown.id, ANN)
    lifted = (await fleet.history())[-1]
    assert lifted.change == "override: on → off"
    await undo(pool, changes, lifted.id, ANN)
    async with pool.connection() as connection:
        assert await read_override(connection) is not None
    await lift_override(pool, ANN)
