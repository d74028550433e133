"""How the takers of a process learn that something waits: they are told, and they look, one statement for all queues.

Looking goes on where notifications come too, since one may be lost with its connection, and entries that were put back
for later are told by nobody: where nothing came for a while, the process's line asks that with its other questions.
Behind a pooler in transaction mode nobody can listen: there looking is all, more often.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from psycopg import AsyncCursor

from gateway.database.end_tasks import end_tasks
from gateway.database.pool import Connection
from gateway.database.retry import DATABASE_ERRORS, first_line
from gateway.database.shared_line.line import Heed, Line
from gateway.jobs.queue.names import QUEUES

CHANNEL: Final = "procrastinate_queue_v1#"
GROWTH: Final = 1.6  # of the wait, each time that nothing was there
SPREAD_SECONDS: Final = 0.1  # who is told waits for up to this: not all at once, and who looks has a chance too
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


Found = tuple[int, Collection[str]]  # a number that grows with each entry that is made; which queues have something


class Hearing:
    """One a process; a rider of its line.

    `look` asks which of some queues have something, over a connection or, without one, over the pool; the answer is
    read by the cursor.
    """

    channels: Collection[str] = tuple(CHANNEL + queue for queue in QUEUES)

    def __init__(
        self,
        look: Callable[[Collection[str]], Awaitable[Found]],
        ask: Callable[[Connection, Collection[str]], Awaitable[AsyncCursor[Any]]],
        line: Line,
    ) -> None:
        self._look = look
        self._ask = ask
        self._line = line
        self._pace = LISTENING if line.listens else LOOKING
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
            if self._line.listens:
                self._line.join(self)
        try:
            yield
        finally:
            del self._takers[queue]
            if not self._takers:
                self._line.leave(self)
                tasks, self._tasks = [*self._tasks, *self._wakes], []
                await end_tasks(tasks)

    def heard(self, channel: str) -> bool:
        """Told by its channel: nothing is asked, whoever takes looks."""
        self.told(channel.removeprefix(CHANNEL))
        return False

    async def ask(self, connection: Connection) -> Heed:
        """What waits here, with the line's other questions."""
        cursor = await self._ask(connection, self._free())

        async def heed(_connection: Connection) -> None:
            await self._take_in(await cursor.fetchone() or (0, ()))

        return heed

    def told(self, queue: str) -> None:
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
            queues = self._free()
            rides = self._wait >= self._pace.most and self._line.listens and self._line.fresh
            self._wait = min(self._wait * GROWTH, self._pace.most)
            if rides or not queues:
                continue
            try:
                await self._take_in(await self._look(queues))
            except DATABASE_ERRORS as error:
                log.debug("database_away", during="look", error=first_line(error))

    def _free(self) -> list[str]:
        """The queues with a free slot here."""
        return [queue for queue, taker in self._takers.items() if taker.busy() < 1]

    async def _take_in(self, answer: Found) -> None:
        newest, found = answer
        if newest > self._newest:  # something came, though others took it: more may come
            self._newest, self._wait = newest, self._pace.least
            self._hasten.set()
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
