"""Tells workers of new entries, off every commit that makes them: one a process, on a connection of its own.

A NOTIFY inside a commit holds a lock of the whole database until that commit is on the disk: commits then go one by
one. Alone in a transaction it waits for no disk, and many queues are told in one statement. Nothing waits for it, and
what it cannot tell, workers find by looking.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Final

import structlog

from gateway.database.end_tasks import end_tasks
from gateway.database.pool import Connection, load_sql
from gateway.database.retry import DATABASE_ERRORS, first_line

SQL: Final = load_sql(Path(__file__).with_name("engine.sql"))
PAUSE_SECONDS: Final = 0.05  # between two statements: what comes meanwhile is told by the next one
ANSWER_SECONDS: Final = 2.0
TOLD: Final = json.dumps({"type": "job_inserted", "job_id": 0})  # as the engine's own workers read it
log = structlog.get_logger(__name__)


class Teller:
    """`tell` comes back at once. `here`: takers of this process, who need no database to hear of it."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._untold: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self.here: list[Callable[[str], None]] = []

    def tell(self, queues: Collection[str]) -> None:
        """Tell of something that waits in these queues, soon."""
        for queue in queues:
            for hear in self.here:
                hear(queue)
        self._untold.update(queues)
        if self._untold and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._tell(), name="queue-tell")

    async def close(self) -> None:
        """Tell what is still untold, within a moment, and close the connection."""
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=ANSWER_SECONDS)
            await end_tasks([self._task])
        await self._drop()

    async def _tell(self) -> None:
        while self._untold:
            queues, self._untold = self._untold, set()
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    if self._connection is None or self._connection.closed:
                        self._connection = await self._connect()
                    await self._connection.execute(SQL["tell"], {"queues": sorted(queues), "told": TOLD})
            except (*DATABASE_ERRORS, TimeoutError) as error:
                log.debug("database_away", during="tell", error=first_line(error))
                await self._drop()
            await asyncio.sleep(PAUSE_SECONDS)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
