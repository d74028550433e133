"""Keeps one process up to date with the rollout: hears of changes at once, and writes down those made elsewhere."""

import asyncio
import contextlib
import time
from dataclasses import dataclass

import psycopg
import structlog
from prometheus_client import Histogram

from flags.control import FlagControl
from flags.model import FlagState
from flags.overridable import OverridableSource
from gateway.database.end_tasks import end_tasks
from gateway.database.pool import Connection, Database
from gateway.database.retry import DATABASE_ERRORS, first_line
from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.history import Entry, announce, changes_since, read_flags_seen, read_last_change, read_marks
from gateway.rollout.outside_changes import write_down
from gateway.rollout.override import read_override
from gateway.rollout.processes.report import ProcessReport
from gateway.rollout.promotion import read_promoted

LOOK_SECONDS = 1.0  # for notifications that never came: lost with a connection, or behind a pooler
ANSWER_SECONDS = 5.0  # a connection that takes longer is dead
RETRY_SECONDS = 0.5
LEAVE_SECONDS = 1.0
PATIENCE_SECONDS = 10.0  # for the flags' home to tell who changed them

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How this process learns of changes: by notifications, and by looking every `look_seconds`."""

    listens: bool = True  # False behind a pooler in transaction mode: looks alone then
    look_seconds: float = LOOK_SECONDS


class Follower:
    """One a process. Looks at the database on a connection of its own, which it replaces when it breaks."""

    def __init__(  # noqa: PLR0913 (one keyword a part)
        self,
        database: Database,
        flags: OverridableSource,
        control: FlagControl | None,
        *,
        flips: FlipClock,
        arrival: Histogram,
        pulse: Pulse | None = None,
        report: ProcessReport | None = None,
    ) -> None:
        self._database = database
        self._flags = flags
        self._control = control
        self._flips = flips
        self._arrival = arrival
        self._pulse = pulse or Pulse()
        self._report = report or ProcessReport(flags, flips)
        self._wake = asyncio.Event()
        self._looking = asyncio.Lock()
        self._stale = False  # somebody changed something: refresh the flags
        self._unwritten = True  # the flags may say what the history does not
        self._unwritten_since = time.monotonic()
        self._told = False  # of changes that the flags alone may not show: there and back
        self._marks: tuple[object, ...] | None = None  # of what was taken in last
        self._arriving: list[float] = []  # when changes were committed that the flags are to follow, by our clock
        self._tasks: list[asyncio.Task[None]] = []
        self.listening = False
        self.last_change: Entry | None = None
        flags.subscribe(self._heed)

    async def start(self) -> None:
        """Take up the override, the newest change, and which flags there were. Raises psycopg.Error if none answers."""
        async with self._database.pool.connection() as connection:
            self._flags.expect(await read_flags_seen(connection))
            await self._follow_rows(connection)
            await self._report.beat(connection)
        if (last := await read_last_change(self._database.pool)) is not None:
            self._note(last)
        self._tasks = [
            asyncio.create_task(self._keep_looking(), name="rollout-look"),
            asyncio.create_task(self._keep_up(), name="rollout-keep-up"),
        ]

    async def stop(self) -> None:
        """End; nothing of it runs afterwards."""
        await end_tasks(self._tasks)
        self._tasks = []
        with contextlib.suppress(*DATABASE_ERRORS, TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS), self._database.pool.connection() as connection:
                await self._report.leave(connection)

    @property
    def caught_up(self) -> bool:
        """Is everything written down that was seen here?"""
        return not self._unwritten

    async def look(self) -> None:
        """Look now, over the pool. Raises psycopg.Error."""
        async with self._database.pool.connection() as connection:
            await self._look(connection)

    async def announce_change(self) -> None:
        """Somebody said that the flags were changed elsewhere: look at them here, and tell every process.

        Raises psycopg.Error when the others could not be told.
        """
        self._told = True
        self._begin_writing()
        self._ask_flags()
        async with self._database.pool.connection() as connection:
            await announce(connection)

    def _heed(self, before: FlagState, after: FlagState) -> None:
        """The flags changed: the change is written into the history, whoever made it."""
        if before.revision != after.revision or after.usable > before.usable:
            self._begin_writing()
            self._wake.set()

    def _begin_writing(self) -> None:
        if not self._unwritten:
            self._unwritten, self._unwritten_since = True, time.monotonic()

    def _ask_flags(self) -> None:
        self._stale = True
        self._wake.set()

    async def _keep_looking(self) -> None:
        while True:
            try:
                async with await self._connect() as connection:
                    await self._follow(connection)
            except DATABASE_ERRORS as error:
                if self.listening:
                    log.warning("database_away", during="follow", error=first_line(error))
            self.listening = False
            await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self) -> Connection:
        return await psycopg.AsyncConnection.connect(
            self._database.url,
            autocommit=True,
            connect_timeout=2,
            application_name="soulprint-gateway watch",
            prepare_threshold=None,
        )

    async def _follow(self, connection: Connection) -> None:
        """Listen first, then look: a change between the two is heard."""
        if self._pulse.listens:
            await connection.execute("listen gateway_rollout")
        told = False
        while True:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._look(connection)
                self.listening = self._report.listens = self._pulse.listens
                await self._report.beat(connection)
            if told:
                self._ask_flags()
            told = await self._is_told(connection)

    async def _is_told(self, connection: Connection) -> bool:
        """Wait for a notification, but not longer than until the next look."""
        if not self._pulse.listens:
            await asyncio.sleep(self._pulse.look_seconds)
            return False
        told = False
        async for _ in connection.notifies(timeout=self._pulse.look_seconds, stop_after=1):
            told = True
        return told

    async def _look(self, connection: Connection) -> None:
        """The override is in force at once, whatever the flags are doing; a change makes the flags look too."""
        async with self._looking:
            await self._take_in(connection)

    async def _take_in(self, connection: Connection) -> None:
        """One statement a look, and the others when it answers something new."""
        marks = await read_marks(connection)
        if marks == self._marks:
            return
        await self._follow_rows(connection)
        last_id = 0 if self.last_change is None else self.last_change.id
        entries, now = await changes_since(connection, last_id)
        for entry in entries:
            self._note(entry)
            age = max((now - entry.at).total_seconds(), 0.0)
            if entry.what == "override":
                self._arrival.observe(age)
            elif entry.what == "rollout":
                self._arriving.append(time.monotonic() - age)
        if entries:
            self._ask_flags()
        self._marks = marks

    async def _follow_rows(self, connection: Connection) -> None:
        """The override and the base, which hold for every process."""
        self._flags.set_override(await read_override(connection))
        base = await read_promoted(connection)
        self._flags.use_base(base)
        if self._control is not None:
            self._control.use_base(base)

    def _note(self, entry: Entry) -> None:
        self.last_change = entry
        version = entry.pipeline if entry.what == "rollout" else None
        if is_rollback(entry):
            self._flips.rolled_back(entry.at, version)
        elif entry.what in {"rollout", "override"} and self._flags.override is None:
            self._flips.turned_on(version)

    async def _keep_up(self) -> None:
        """Refresh the flags when told to, and write down what nobody has; a hanging flag server only holds up this."""
        while True:
            self._wake.clear()
            try:
                if self._stale:
                    await self._refresh()
                if self._unwritten:
                    await self._write_down()
            except DATABASE_ERRORS as error:
                log.debug("database_away", during="write_down", error=first_line(error))
            except Exception:  # the follower goes on after any error
                log.exception("rollout_follower_broke")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._pulse.look_seconds):
                    await self._wake.wait()

    async def _write_down(self) -> None:
        patient = time.monotonic() - self._unwritten_since < PATIENCE_SECONDS
        done = await write_down(self._database.pool, self._flags, self._control, told=self._told, patient=patient)
        if done:
            self._unwritten = self._told = False

    async def _refresh(self) -> None:
        self._stale = False
        arriving, self._arriving = self._arriving, []
        state = await self._flags.refresh()
        for committed_at in arriving if state.usable else ():
            self._arrival.observe(time.monotonic() - committed_at)


def is_rollback(entry: Entry) -> bool:
    """Did this change take a version away from everybody?"""
    if entry.what == "override":
        return bool(entry.after.get("override"))
    if entry.what != "rollout":
        return False
    return not entry.after.get("dial") and bool((entry.before or {}).get("dial"))
