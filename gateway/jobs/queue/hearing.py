"""How the takers of a process learn that something waits: they are told, and they look, one statement for all queues.

Looking goes on where notifications come too, since one may be lost with its connection, and entries that were put back
for later are told by nobody. Behind a pooler in transaction mode nobody can listen: there looking is all, more often.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from gateway.database.end_tasks import end_tasks
from gateway.database.pool import Connection
from gateway.database.retry import DATABASE_ERRORS, first_line
from gateway.jobs.queue.names import QUEUES

CHANNEL: Final = "procrastinate_queue_v1#"
ANSWER_SECONDS: Final = 5.0  # a connection that takes longer is dead
AGAIN_SECONDS: Final = 1.0
GROWTH: Final = 1.6  # of the wait, each time that nothing was there
SPREAD_SECONDS: Final = 0.06  # who is told waits for up to this: not all at once, and who looks has a chance too
BUSIEST_SECONDS: Final = 0.08  # a worker whose slots are nearly full gives one with free ones so much of a start
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks: right after something was there, and at most, when for a while nothing was."""

    least: float
    most: float


LISTENING: Final = Pace(least=0.05, most=1.0)
LOOKING: Final = Pace(least=0.03, most=0.3)


@dataclass(slots=True)
class Taker:
    """One queue here. `busy`: the share of its slots that are taken, from 0 to 1."""

    wake: Callable[[], Awaitable[None]]
    busy: Callable[[], float]


class Hearing:
    """One a process.

    `look` answers which of some queues have something, and a number that grows with each entry that is made; `connect`
    is None where nobody can listen.
    """

    def __init__(
        self,
        look: Callable[[Collection[str]], Awaitable[tuple[Collection[str], int]]],
        connect: Callable[[], Awaitable[Connection]] | None,
    ) -> None:
        self._look = look
        self._connect = connect
        self._pace = LOOKING if connect is None else LISTENING
        self._wait = self._pace.least
        self._newest = 0
        self._hasten = asyncio.Event()
        self._takers: dict[str, Taker] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._wakes: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def subscribed(self, queue: str, taker: Taker) -> AsyncIterator[None]:
        """Wake the taker whenever something may wait in its queue."""
        self._takers[queue] = taker
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._keep_looking(), name="queue-look")]
            if self._connect is not None:
                self._tasks.append(asyncio.create_task(self._keep_listening(self._connect), name="queue-listen"))
        try:
            yield
        finally:
            del self._takers[queue]
            if not self._takers:
                tasks, self._tasks = [*self._tasks, *self._wakes], []
                await end_tasks(tasks)

    def heard(self, queue: str) -> None:
        """Something waits in a queue. Who is busy lets others have it first."""
        if (taker := self._takers.get(queue)) is not None and (busy := taker.busy()) < 1:
            spread = random.uniform(0.0, SPREAD_SECONDS)  # noqa: S311 - no secret
            task = asyncio.create_task(self._wake(taker, spread + busy * BUSIEST_SECONDS))
            self._wakes.add(task)
            task.add_done_callback(self._wakes.discard)

    def found(self) -> None:
        """An entry was taken: there may be more soon."""
        self._wait = self._pace.least
        self._hasten.set()

    async def _wake(self, taker: Taker, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await taker.wake()

    async def _keep_looking(self) -> None:
        while True:
            self._hasten.clear()
            await self._pause()
            queues = [queue for queue, taker in self._takers.items() if taker.busy() < 1]
            self._wait = min(self._wait * GROWTH, self._pace.most)
            if not queues:
                continue
            try:
                found, newest = await self._look(queues)
            except DATABASE_ERRORS as error:
                log.debug("database_away", during="look", error=first_line(error))
                continue
            if newest > self._newest:  # something came, though others took it: more may come
                self._newest, self._wait = newest, self._pace.least
            for taker in [self._takers[queue] for queue in found if queue in self._takers]:
                await taker.wake()

    async def _pause(self) -> None:
        """Wait; not all workers look at the same moment."""
        wait = self._wait * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
        done = asyncio.create_task(self._hasten.wait())
        try:
            await asyncio.wait({done}, timeout=wait)
            if done.done():
                await asyncio.sleep(self._pace.least)
        finally:
            done.cancel()

    async def _keep_listening(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        while True:
            try:
                async with await connect() as connection:
                    await self._listen(connection)
            except (*DATABASE_ERRORS, TimeoutError) as error:
                log.debug("database_away", during="listen", error=first_line(error))
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self, connection: Connection) -> None:
        for queue in QUEUES:
            await connection.execute(f'listen "{CHANNEL}{queue}"')
        for queue in QUEUES:  # what came before that
            self.heard(queue)
        while True:
            async for told in connection.notifies(timeout=ANSWER_SECONDS):
                self.heard(told.channel.removeprefix(CHANNEL))
            async with asyncio.timeout(ANSWER_SECONDS):
                await connection.execute("select 1")
