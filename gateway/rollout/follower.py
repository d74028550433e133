"""Keeps one process up to date with the rollout: hears of changes at once, and writes down those made elsewhere."""

import asyncio
import contextlib
import time

import structlog
from prometheus_client import Histogram

from flags.control import FlagControl
from flags.model import FlagState
from flags.overridable import OverridableSource
from gateway.database.end_tasks import end_tasks
from gateway.database.pool import Connection, Database
from gateway.database.retry import DATABASE_ERRORS, first_line
from gateway.database.shared_line.line import Heed, Line
from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.history import (
    Entry,
    announce,
    ask_marks,
    changes_since,
    read_flags_seen,
    read_last_change,
    read_marks,
)
from gateway.rollout.outside_changes import write_down
from gateway.rollout.override import read_override
from gateway.rollout.processes.report import ProcessReport
from gateway.rollout.promotion import read_promoted

CHANNEL = "gateway_rollout"
RETRY_SECONDS = 1.0  # of what could not be written down
LEAVE_SECONDS = 1.0
PATIENCE_SECONDS = 10.0  # for the flags' home to tell who changed them

log = structlog.get_logger(__name__)


class Follower:
    """One a process; a rider of its line to the database."""

    channels = (CHANNEL,)

    def __init__(  # noqa: PLR0913 (one keyword a part)
        self,
        database: Database,
        flags: OverridableSource,
        control: FlagControl | None,
        *,
        flips: FlipClock,
        arrival: Histogram,
        line: Line | None = None,
        report: ProcessReport | None = None,
    ) -> None:
        """Without a `line` it has one of its own."""
        self._database = database
        self._flags = flags
        self._control = control
        self._flips = flips
        self._arrival = arrival
        self._line = line or Line(database.url)
        self._owns_line = line is None
        self._report = report or ProcessReport(flags, flips)
        self._wake = asyncio.Event()
        self._looking = asyncio.Lock()
        self._stale = False  # somebody changed something: refresh the flags
        self._unwritten = True  # the flags may say what the history does not
        self._unwritten_since = time.monotonic()
        self._told = False  # of changes that the flags alone may not show: there and back
        self._marks: tuple[object, ...] | None = None  # of what was taken in last
        self._arriving: list[float] = []  # when changes were committed that the flags are to follow, by our clock
        self._is_announced = False  # since the last look
        self._heeded = True  # the answers to what was asked last
        self._tasks: list[asyncio.Task[None]] = []
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
            asyncio.create_task(self._keep_up(), name="rollout-keep-up"),
        ]
        self._line.join(self)
        if self._owns_line:
            self._line.start()

    async def stop(self) -> None:
        """End; nothing of it runs afterwards."""
        self._line.leave(self)
        if self._owns_line:
            await self._line.stop()
        await end_tasks(self._tasks)
        self._tasks = []
        with contextlib.suppress(*DATABASE_ERRORS, TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS), self._database.pool.connection() as connection:
                await self._report.leave(connection)

    @property
    def listening(self) -> bool:
        """Are changes heard of at once?"""
        return self._line.up and self._line.listens

    @property
    def caught_up(self) -> bool:
        """Is everything written down that was seen here?"""
        return not self._unwritten

    async def look(self) -> None:
        """Look now, over the pool. Raises psycopg.Error."""
        async with self._database.pool.connection() as connection:
            await self._look(connection)
            await self._report.beat(connection)

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

    def heard(self, channel: str) -> bool:  # noqa: ARG002 - there is one
        """Somebody changed something."""
        self._is_announced = True
        return True

    async def ask(self, connection: Connection) -> Heed:
        """Is there anything new? And what this process says of itself, when it is time."""
        if not self._heeded:  # what was said and heard then may be lost
            self._report.say_again()
            self._is_announced = True
        announced, self._is_announced, self._heeded = self._is_announced, False, False
        marks = await ask_marks(connection)
        self._report.listens = self._line.listens
        await self._report.beat(connection)

        async def heed(connection: Connection) -> None:
            async with self._looking:
                await self._take_in(connection, await marks.fetchone() or ())
            await self._report.beat(connection)  # what came is in force here now
            if announced:
                self._ask_flags()
            self._heeded = True

        return heed

    async def _look(self, connection: Connection) -> None:
        """The override is in force at once, whatever the flags are doing; a change makes the flags look too."""
        async with self._looking:
            await self._take_in(connection, await read_marks(connection))

    async def _take_in(self, connection: Connection, marks: tuple[object, ...]) -> None:
        """One statement a look, and the others when it answers something new."""
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
                async with asyncio.timeout(RETRY_SECONDS):
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
        async with self._database.pool.connection() as connection:
            await self._report.beat(connection)


def is_rollback(entry: Entry) -> bool:
    """Did this change take a version away from everybody?"""
    if entry.what == "override":
        return bool(entry.after.get("override"))
    if entry.what != "rollout":
        return False
    return not entry.after.get("dial") and bool((entry.before or {}).get("dial"))
