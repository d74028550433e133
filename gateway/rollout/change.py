"""The one way in which the gateway changes a rollout: under the history's lock, written down, announced."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from flags.control import FlagControl
from flags.control_errors import ControlError
from flags.model import Rollout
from gateway.db import Pool
from gateway.rollout.audit import By, Connection, Known, announce, hold_known, know, rollout_json, write

Work = Callable[[FlagControl], Awaitable[Rollout]]
OUTSIDE = "unknown"  # a change that nobody signed


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was made."""

    before: Rollout
    after: Rollout
    entry: int | None  # the id of its row in the history; None if it changed nothing


class RolloutChanges:
    """Changes the rollout for whoever asks: a person at a terminal, an HTTP caller, a ramp, the guard."""

    def __init__(self, pool: Pool, control: FlagControl, *, kept_in: str) -> None:
        """`kept_in`: "unleash" or "file", what an unseen change by somebody else is said to come through."""
        self._pool = pool
        self._control = control
        self._kept_in = kept_in

    async def make(self, by: By, work: Work) -> Made:
        """Do `work` on the control, e.g. `lambda control: control.set_percent(10, expected_version)`.

        Raises the ControlError of `work`; then nothing is written down, and should the flags have changed after all,
        every process will see it. Changes of other processes of the gateway wait for this one.
        """
        async with self._pool.connection() as connection, connection.transaction():
            known = await hold_known(connection)
            before = await self._control.read()
            if known is not None:
                await self._catch_up(connection, known, before)
            after = await work(self._control)
            if after.version == before.version:
                await announce(connection)
                return Made(before, after, None)
            entry = await write(
                connection,
                by,
                what="rollout",
                before=rollout_json(before),
                after=rollout_json(after),
                revision=after.version,
            )
            await know(connection, after)
            return Made(before, after, entry)

    async def _catch_up(self, connection: Connection, known: Known, now: Rollout) -> None:
        """Write down first what somebody else changed since the last row, and no process has seen yet."""
        if known.version in {None, now.version}:
            return
        await write_seen(connection, known, now, revision=now.version, control=self._control, via=self._kept_in)


async def write_seen(  # noqa: PLR0913 (one keyword a fact)
    connection: Connection, known: Known, now: Rollout, *, revision: str, control: FlagControl | None, via: str
) -> int:
    """Write down a change that somebody made elsewhere, with its author if the flags' home tells. The caller holds
    the history's lock."""
    by = By(await _author(control), "unleash" if via == "unleash" else "file", "changed outside the gateway")
    return await write(connection, by, what="rollout", before=known.rollout, after=rollout_json(now), revision=revision)


async def _author(control: FlagControl | None) -> str:
    if control is None:
        return OUTSIDE
    try:
        return await control.last_author() or OUTSIDE
    except ControlError:
        return OUTSIDE
