"""The one way in which the gateway changes a rollout: under the history's lock, written down, announced."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psycopg
import structlog

from flags.change.errors import ControlUnavailable
from flags.control import FlagControl
from flags.model import Pipeline, Rollout
from gateway.config.settings import Settings
from gateway.database.pool import Connection, Database, Pool
from gateway.database.retry import first_line
from gateway.rollout.history import By, announce, append_entry, hold_known, record_known
from gateway.rollout.outside_changes import Elsewhere, has_changes, mark_of, read_log, write_seen
from gateway.rollout.processes.live import check_everywhere
from gateway.rollout.processes.reach import Reaches, nobody_more
from gateway.rollout.rows import Json, changed_versions, rollout_json

Work = Callable[[FlagControl], Awaitable[Rollout]]

LOG_SECONDS = 1.0  # who changed what before is worth no longer wait: this change may be a rollback
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A change that was made."""

    before: Rollout
    after: Rollout
    entry: int | None  # its (last) row in the history; None if it changed nothing, or could not be written down
    written: bool = True  # False: the database was away; whoever sees the change writes it down


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants a change, and of which version; None: the candidate."""

    by: By
    about: Pipeline | None = None
    reaches: Reaches = nobody_more
    verdict: Json | None = None


class RolloutChanges:
    """Changes the rollout for whoever asks: a person at a terminal, an HTTP caller, a ramp, the guard."""

    def __init__(self, pool: Pool | None, control: FlagControl | None, *, kept_in: str) -> None:
        """`kept_in`: "unleash" or "file". Without a control (no admin token) nothing can be changed from here."""
        self._pool = pool
        self._control = control
        self._kept_in = kept_in

    async def read(self) -> Rollout:
        """The rollout now, from where it is kept. Raises ControlError."""
        return await self._opened().read()

    def version(self, pipeline: Pipeline | None) -> Pipeline:
        """The version that is meant: the candidate if none is named. Raises ControlError."""
        return pipeline or self._opened().versions.candidate

    def check(self, pipeline: Pipeline) -> None:
        """Raises InvalidChange if a version has no flag that is asked; without a control nobody can tell."""
        if self._control is not None:
            self._control.check(pipeline)

    async def make(
        self,
        by: By,
        work: Work,
        *,
        about: Pipeline | None = None,
        reaches: Reaches = nobody_more,
        verdict: Json | None = None,
    ) -> Made:
        """Do `work` on the control, e.g. `lambda control: control.set_percent(10, expected_version)`.

        `about`: whose version a why is about that changes nothing; the candidate's if none is named.
        `reaches`: what it gives to more users; refused as long as a live process cannot run it (NotEverywhere).
        `verdict`: the findings that it acts on, kept in its row as they are now.

        Raises the ControlError of `work`; then nothing is written down, and should the flags have changed after all,
        every process will see it. Changes of other processes of the gateway wait for this one. Without a database the
        change is made all the same, and once, whenever the database went: a rollback depends on nothing but where the
        flags are.
        """
        control = self._opened()
        done: list[Made] = []

        async def work_once(before: Rollout) -> Rollout:
            done.append(Made(before, await work(control), None, written=False))
            return done[0].after

        try:
            if self._pool is not None:
                async with self._pool.connection() as connection, connection.transaction():
                    return await self._write(connection, control, Order(by, about, reaches, verdict), work_once)
        except psycopg.Error as error:
            log.warning("rollout_change_not_written_down", error=first_line(error))
        if not done:
            await work_once(await control.read())
        return done[0]

    async def make_unwritten(self, work: Work) -> Made:
        """Make a change now, whether or not the database is there: whoever sees it writes it down.

        For what must not wait; `make` is the way of everything else. Raises the ControlError of `work`.
        """
        control = self._opened()
        before = await control.read()
        return Made(before, await work(control), None, written=False)

    async def _write(
        self, connection: Connection, control: FlagControl, order: Order, work: Callable[[Rollout], Awaitable[Rollout]]
    ) -> Made:
        by, unchanged = order.by, (order.about or control.versions.candidate,)
        known = await hold_known(connection)
        before, told = await asyncio.gather(control.read(), read_log(control, known, LOG_SECONDS))
        if known is not None and known.version is not None and (known.changed(before) or has_changes(told)):
            await write_seen(connection, known, before, Elsewhere(self._kept_in, told))
        await check_everywhere(connection, order.reaches(before))
        after = await work(before)
        await record_known(connection, after, mark=await mark_of(control, LOG_SECONDS))
        await announce(connection)
        entry: int | None = None
        for version in changed_versions(before, after) or (unchanged if by.why else ()):
            rows = rollout_json(before, version), rollout_json(after, version)
            if order.verdict is not None:
                rows[1]["verdict"] = order.verdict
            entry = await append_entry(
                connection, by, what="rollout", before=rows[0], after=rows[1], revision=after.version
            )
        return Made(before, after, entry)

    def _opened(self) -> FlagControl:
        if self._control is None:
            raise ControlUnavailable("UNLEASH_ADMIN_TOKEN is missing: changes go through the Unleash Admin API")
        return self._control


def build_changes(settings: Settings, database: Database | None, control: FlagControl | None) -> RolloutChanges:
    """Changes to what the settings name; without a database, they are not written down."""
    pool = None if database is None else database.pool
    return RolloutChanges(pool, control, kept_in="file" if settings.unleash_url is None else "unleash")
