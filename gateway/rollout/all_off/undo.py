"""Undoes a turning off, whole: the flags as they were, then the override; or nothing, if something came after."""

from gateway.database.pool import Pool
from gateway.rollout.all_off.rows import latest_off
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.history import By, history
from gateway.rollout.undo.act import undo
from gateway.rollout.undo.plan import NotUndoable

LOOKED_AT = 40  # rows: those of one turning off, and what was noted meanwhile


class SomethingCameAfter(NotUndoable):
    """The turning off that was to be undone is not the newest change any more."""


async def undo_all_off(pool: Pool, changes: RolloutChanges, row_id: int, by: By) -> None:
    """Undo the turning off that a row belongs to.

    Raises SomethingCameAfter, and what `undo` raises; the flags are changed first, so that where they cannot be, the
    override holds.
    """
    rows = latest_off(await history(pool, limit=LOOKED_AT))
    if row_id not in {row.id for row in rows}:
        raise SomethingCameAfter("something was changed since, or it is undone already")
    undone: set[int] = set()
    for row in sorted(rows, key=lambda one: (one.what == "override", -one.id)):
        if row.id not in undone:
            change = await undo(pool, changes, row.id, by)
            undone |= {entry.id for entry in change.entries}
