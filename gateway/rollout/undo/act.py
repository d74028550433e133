"""Undoes one change of the history: all its rows at once, as long as nothing came after, or as its caller saw it."""

from dataclasses import dataclass
from pathlib import Path

from psycopg.rows import class_row

from flags.change.errors import Conflict
from flags.control import FlagControl
from flags.model import Rollout
from gateway.database.pool import Pool, load_sql
from gateway.database.reads import Reads
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By, Entry, NoSuchEntry, describe_change
from gateway.rollout.override import lift_override, throw_override
from gateway.rollout.processes.reach import nobody_more
from gateway.rollout.undo.plan import NotUndoable, UndoPlan, plan_undo

SQL = load_sql(Path(__file__).with_name("act.sql"))
ELSEWHERE = {
    "ramp": "a ramp is paused, resumed, aborted or started anew; its steps stand in rows of their own",
    "data": "results of users are put back by a restore to another version",
    "base": "`gateway rollout demote` and `promote` change the base",
    "guard": "what the guard found is no change; what it did stands in a row of its own",
    "note": "a note changes nothing",
}


class ReasonNeeded(NotUndoable):
    """The guard turned a version off because of what it found: who turns it on again says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the history, whole: what one person or process did at once."""

    entries: tuple[Entry, ...]  # its rows, one a version, the oldest first
    plan: UndoPlan | None  # None: it was the override that was changed

    @property
    def id(self) -> int:
        """Of the newest of its rows."""
        return self.entries[-1].id

    @property
    def by_guard(self) -> bool:
        """Did the guard do it?"""
        return self.entries[-1].via == "guard"

    @property
    def lines(self) -> list[str]:
        """What undoing it changes, a line a version: `v2: enabled: off → on; dial: 0 → 25`."""
        rows = [(entry.pipeline, entry.after, entry.before or {}) for entry in self.entries]
        told = [(pipeline, describe_change(after, before)) for pipeline, after, before in rows]
        return [f"{pipeline}: {line}" if pipeline else line for pipeline, line in told if line]


async def find_change(pool: Pool | Reads, row_id: int) -> Change:
    """The change that a row of the history belongs to. Raises NoSuchEntry, and NotUndoable, which says why."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(Entry))
        entries = await (await cursor.execute(SQL["of_one_change"], {"id": row_id})).fetchall()
    if not entries:
        raise NoSuchEntry(f"the history has no row {row_id}")
    return change_of(entries)


def change_of(entries: list[Entry]) -> Change:
    """Raises NotUndoable."""
    newest = entries[-1]
    if newest.what in ELSEWHERE:
        raise NotUndoable(ELSEWHERE[newest.what])
    rows = [(entry.before, entry.after) for entry in entries if entry.before is not None]
    if len(rows) < len(entries):
        raise NotUndoable("it is not known what was before it")
    return Change(tuple(entries), None if newest.what == "override" else plan_undo(rows))


async def undo(  # noqa: PLR0913 (one keyword a fact)
    pool: Pool, changes: RolloutChanges, row_id: int, by: By, *, expected: str | None = None, anyway: bool = False
) -> Change:
    """Put back what one change changed; dial, named users and shadow share as they were.

    `expected`: the version of the rollout that its caller has seen; without one, nothing may have come after the change
    (Conflict, which shows what there is now). `anyway`: also where a live process cannot run what more users get.
    Raises NotUndoable, ReasonNeeded, NoSuchEntry, and what `RolloutChanges.make` raises; then nothing is changed.
    """
    change = await find_change(pool, row_id)
    if change.by_guard and not by.why.strip():
        raise ReasonNeeded("the guard did this because of what it found: say why it is undone")
    signed = By(by.actor, by.via, f"undo of change {change.id}" + (f": {by.why}" if by.why else ""))
    if change.plan is None:
        await _undo_override(pool, change, signed)
        return change
    plan = change.plan
    await changes.make(
        signed,
        lambda control: put_back(control, plan, expected or plan.led_to),
        about=change.entries[-1].pipeline,
        reaches=nobody_more if anyway else plan.reaches,
    )
    return change


async def put_back(control: FlagControl, plan: UndoPlan, expected: str) -> Rollout:
    """Flag by flag. Raises Conflict, before anything is changed, where the rollout is another than expected."""
    now = await control.read()
    if now.version != expected:
        raise Conflict(now, plan.flags[0][0] if plan.flags else None)
    for version, back in plan.flags:
        now = await control.put_back(back, now.version, pipeline=version)
    if plan.shadow_percent is not None:
        now = await control.set_shadow(plan.shadow_percent, now.version)
    return now


async def _undo_override(pool: Pool, change: Change, by: By) -> None:
    was_thrown = bool(change.entries[-1].after.get("override"))
    if not await (lift_override if was_thrown else throw_override)(pool, by):
        raise NotUndoable(f"the override is {'lifted' if was_thrown else 'in force'} again already")
