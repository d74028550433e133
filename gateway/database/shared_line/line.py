"""One connection a process that hears what others tell, and asks every few seconds for all here: one trip, one commit.

What an idle process costs its database is commits and connections, not what is asked: so whoever looks again and again
rides here. Who rides must do without it too, over the pool, where `fresh` says that the line is down.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from typing import Any, Final, Protocol

import psycopg
import structlog

from gateway.database.end_tasks import end_tasks
from gateway.database.pool import Connection
from gateway.database.retry import DATABASE_ERRORS, first_line

LISTENING_SECONDS: Final = 4.0  # between two trips: notifications tell the rest, unless one is lost
LOOKING_SECONDS: Final = 1.0  # behind a pooler in transaction mode nobody can listen
ANSWER_SECONDS: Final = 5.0  # a connection that takes longer is dead
RETRY_SECONDS: Final = 0.5
SETTLING_SECONDS: Final = 10.0  # after the start riders join; each is to be listened for soon
JOINED_SECONDS: Final = 0.1
HANGING_SECONDS: Final = 15.0  # the driver waits for a server that hangs even to cancel
# Nothing that is written here has to outlive a crash of Postgres: signs of life. And what is asked thousands of times
# with values of one kind is planned once.
SETTINGS: Final = (
    "select set_config('synchronous_commit', 'off', false), set_config('plan_cache_mode', 'force_generic_plan', false)"
)
log = structlog.get_logger(__name__)

Heed = Callable[[Connection], Awaitable[None]]


class Rider(Protocol):
    """One question that is asked with the others."""

    @property
    def channels(self) -> Collection[str]:
        """To listen to."""
        ...

    def heard(self, channel: str) -> bool:
        """Something was told. Whether to ask at once."""
        ...

    async def ask(self, connection: Connection) -> Heed:
        """Send statements, without waiting for their answers: all riders' go in one transaction. What is returned reads
        them afterwards. Both raise psycopg's errors."""
        ...


class Line:
    """One a process. `seconds`: between two trips. One that is not answered in `answer_seconds` is left behind."""

    def __init__(
        self,
        url: str,
        *,
        listens: bool = True,
        seconds: float | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._url = url
        self._answer_seconds = answer_seconds
        self.listens = listens
        self.seconds = seconds or (LISTENING_SECONDS if listens else LOOKING_SECONDS)
        self.answered_at = float("-inf")
        self.up = False
        self._riders: list[Rider] = []
        self._heard: set[str] = set()  # channels that this connection listens to
        self._soon = False
        self._asked: Sequence[Rider] = ()  # on the last trip
        self._failing: Sequence[Rider] = ()
        self._settling_until = 0.0
        self._left: Connection | None = None  # behind, because its server hung
        self._hanging: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    @property
    def fresh(self) -> bool:
        """Were all riders' questions answered lately?"""
        return time.monotonic() - self.answered_at < 1.5 * self.seconds

    def join(self, rider: Rider) -> None:
        """Its questions are asked from the next trip on."""
        self._riders.append(rider)

    def leave(self, rider: Rider) -> None:
        """Its questions are asked no more."""
        if rider in self._riders:
            self._riders.remove(rider)

    def start(self) -> None:
        """Begin."""
        self._settling_until = time.monotonic() + SETTLING_SECONDS
        self._task = asyncio.create_task(self._keep(), name="line")

    async def stop(self) -> None:
        """End; nothing of it runs afterwards."""
        if self._task is not None:
            await end_tasks([self._task])
            self._task = None
        if self._hanging:
            await asyncio.wait(self._hanging, timeout=RETRY_SECONDS)
            await end_tasks(self._hanging)

    async def _keep(self) -> None:
        while True:
            connection = None
            try:
                connection = await self._connect()
                await self._serve(connection)
            except DATABASE_ERRORS as error:
                if self.up:
                    log.warning("database_away", during="line", error=first_line(error))
            except Exception:  # riders go on after any error of one of them
                log.exception("line_broke")
            finally:
                self.up = False
                self._heard.clear()
                if connection is not None and connection is not self._left:
                    await connection.close()
            await asyncio.sleep(RETRY_SECONDS)

    async def _connect(self) -> Connection:
        connection = await psycopg.AsyncConnection.connect(
            self._url,
            autocommit=True,
            connect_timeout=2,
            application_name="soulprint-gateway watch",
            prepare_threshold=0 if self.listens else None,
        )
        if self.listens:
            try:
                await self._within(connection, self._execute(connection, SETTINGS))
            except BaseException:  # also when the process ends meanwhile
                await connection.close()
                raise
        return connection

    async def _serve(self, connection: Connection) -> None:
        """Listen first, then ask: what comes between the two is heard."""
        while True:
            await self._within(connection, self._trip(connection))
            await self._hear(connection)

    async def _trip(self, connection: Connection) -> None:
        riders = list(self._riders)
        if self.listens:
            for channel in {channel for rider in riders for channel in rider.channels} - self._heard:
                await connection.execute(f'listen "{channel}"')
                self._heard.add(channel)
        self.up = True
        self._asked = riders
        try:
            await self._ask(connection, riders)
        except Exception as error:  # one whose question fails stops no other
            if connection.closed:
                raise
            log.debug("line_asks_apart", error=first_line(error))
            await self._ask_apart(connection, riders)
        else:
            self._failing = ()
            self.answered_at = time.monotonic()

    async def _ask(self, connection: Connection, riders: Sequence[Rider]) -> None:
        """In one transaction."""
        async with contextlib.AsyncExitStack() as stack:
            if self.listens:  # a pooler in transaction mode is not trusted with it
                await stack.enter_async_context(connection.pipeline())
            heeds = [await rider.ask(connection) for rider in riders]
        for heed in heeds:
            await heed(connection)

    async def _ask_apart(self, connection: Connection, riders: Sequence[Rider]) -> None:
        """Each in its own, and says once whose fail."""
        failed: list[Rider] = []
        for rider in riders:
            try:
                await self._ask(connection, [rider])
            except Exception as error:
                if connection.closed:
                    raise
                failed.append(rider)
                if rider not in self._failing:
                    log.warning("line_rider_failed", rider=type(rider).__name__, error=first_line(error))
        self._failing = failed

    async def _hear(self, connection: Connection) -> None:
        """Until the next trip is due, or something was told that asks for one."""
        self._soon = False
        until = time.monotonic() + self.seconds
        while not self._soon and (left := until - time.monotonic()) > 0:
            if any(
                rider not in self._asked for rider in self._riders
            ):  # somebody joined, and is to hear what is told from now on
                return
            if time.monotonic() < self._settling_until:
                left = min(left, JOINED_SECONDS)
            if not self.listens:
                await asyncio.sleep(left)
                continue
            async for told in connection.notifies(timeout=left, stop_after=1):
                for rider in [one for one in self._riders if told.channel in one.channels]:
                    self._soon = rider.heard(told.channel) or self._soon

    async def _execute(self, connection: Connection, statement: Any) -> None:
        await connection.execute(statement)

    async def _within(self, connection: Connection, work: Coroutine[Any, Any, None]) -> None:
        """Do it, but leave it behind when the server hangs. Raises TimeoutError then."""
        task = asyncio.create_task(work)
        try:
            await asyncio.wait({task}, timeout=self._answer_seconds)
        finally:
            if not task.done():
                self._left = connection
                left = asyncio.create_task(self._abandon(connection, task), name="line left behind")
                self._hanging.add(left)
                left.add_done_callback(self._hanging.discard)
        if not task.done():
            raise TimeoutError("the database does not answer")
        task.result()

    @staticmethod
    async def _abandon(connection: Connection, task: "asyncio.Task[None]") -> None:
        task.cancel()
        try:
            await asyncio.wait({task}, timeout=HANGING_SECONDS)
        finally:
            await connection.close()
