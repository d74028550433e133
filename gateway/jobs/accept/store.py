"""The accepter's own connections: they write batches, find jobs under way, and are replaced after a fault."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Literal

import psycopg
from psycopg import pq

from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.retry import AWAY
from gateway.jobs.accept.prepared import Prepared
from gateway.jobs.accept.rows import Row, parameters
from gateway.jobs.queue.engine import SQL as ENTRIES

Answers = dict[str, tuple[str, str, bool]]  # asked id -> (job id, pipeline, joined)
SQL: Final = load_sql(Path(__file__).with_name("store.sql"))
COUNT_AGAIN_SECONDS = 0.25
CAREFUL_SECONDS = 5.0  # after a request that repeated one; the database logs an error each time that care begins


class QueueFull(Exception):
    """More jobs wait than allowed, or bytes of exports; `under_way` answers the rows that only repeat a request."""

    def __init__(self, under_way: Answers, what: Literal["jobs", "exports"]) -> None:
        super().__init__("queue full")
        self.under_way = under_way
        self.what = what


class AcceptStore:
    """Writes are safe to repeat: a row's id is made by the caller, so a lost answer to a commit is found again."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[Connection]],
        pool: Pool,
        *,
        queue_limit: int | None,
        export_bytes: int | None = None,
    ) -> None:
        """`queue_limit`: of jobs that wait; `export_bytes`: of exports that came along with them."""
        self._sql = dict(SQL)
        self._knows_types = False
        self._connect = connect
        self._pool = pool
        self._idle: list[Prepared] = []
        self._queue_limit = queue_limit
        self._export_bytes = export_bytes
        self._waiting_jobs = 0
        self._count_again_at = 0.0
        self._careful_until = 0.0

    async def write(self, rows: Sequence[Row], body: bytes | None = None) -> Answers:
        """Commit the rows that are new, find the jobs of the others; each request and user at most once among them.

        Raises psycopg's errors and `QueueFull`.
        """
        try:
            return await self._write_once(rows, body)
        except AWAY:
            await self.close()  # what cut one connection, or made it read-only, did so to all: try a fresh one
            return await self._write_once(rows, body)

    async def _write_once(self, rows: Sequence[Row], body: bytes | None) -> Answers:
        if body is not None:
            async with self._pool.connection() as pooled:
                await self._learn_types(pooled)
                await self._check_exports(pooled, rows, len(body))
                await self._check_depth(pooled, rows)
                return await self._settle(pooled, rows, body)
        async with self._own_connection() as own:
            await self._check_depth(own.connection, rows)
            return await self._settle_new(own, rows) or await self._settle(own.connection, rows, None)

    @asynccontextmanager
    async def _own_connection(self) -> AsyncIterator[Prepared]:
        """A connection that nobody else uses now; when it is lost, or left amid a statement, it is not used again."""
        own = self._idle.pop() if self._idle else await self._open()
        try:
            yield own
        except BaseException as fault:
            if isinstance(fault, AWAY) or own.connection.info.transaction_status != pq.TransactionStatus.IDLE:
                await own.connection.close()
            raise
        finally:
            if not own.connection.closed:
                self._idle.append(own)

    async def _open(self) -> Prepared:
        connection = await self._connect()
        try:
            await self._learn_types(connection)
        except BaseException:
            await connection.close()
            raise
        return Prepared(connection, "accept_new", self._sql["accept_new"])

    async def _settle_new(self, own: Prepared, rows: Sequence[Row]) -> Answers | None:
        """Every row's job, where nothing repeats. None, and nothing is written, where something does or did lately."""
        if time.monotonic() < self._careful_until:
            return None
        values = parameters(rows)
        try:
            if own.connection.prepare_threshold is None or not await own.run(values):
                await own.connection.execute(self._sql["accept_new"], values)
        except psycopg.errors.UniqueViolation:
            self._careful_until = time.monotonic() + CAREFUL_SECONDS
            return None
        self._waiting_jobs += len(rows)
        return {row.id: (row.id, row.terms.pipeline, False) for row in rows}

    async def _settle(self, connection: Connection, rows: Sequence[Row], body: bytes | None) -> Answers:
        """Insert what is new and look up the rest, until every row has its job: one may end between the two."""
        answers: Answers = {}
        left = {row.id: row for row in rows}
        while left:
            for made in await self._insert(connection, list(left.values()), body):
                answers[made] = (made, left.pop(made).terms.pipeline, False)
            if left:
                found = await self._find(connection, list(left.values()))
                answers.update(found)
                left = {asked: row for asked, row in left.items() if asked not in found}
        return answers

    async def _learn_types(self, connection: Connection) -> None:
        """Once: the statements for this database."""
        if self._knows_types:
            return
        (user_id,) = await (await connection.execute(self._sql["type_of_user_id"])).fetchone() or ("text",)
        self._sql |= statements(user_id)
        self._knows_types = True

    async def _insert(self, connection: Connection, rows: Sequence[Row], body: bytes | None) -> list[str]:
        cursor = await connection.execute(self._sql["accept"], {**parameters(rows), "body": body})
        made = [row[0] for row in await cursor.fetchall()]
        self._waiting_jobs += len(made)
        return made

    async def _find(self, connection: Connection, rows: Sequence[Row]) -> Answers:
        cursor = await connection.execute(self._sql["find_under_way"], parameters(rows))
        return {asked: (job, pipeline, joined) for asked, job, pipeline, joined in await cursor.fetchall()}

    async def _check_exports(self, connection: Connection, rows: Sequence[Row], size: int) -> None:
        if self._export_bytes is None or await self._count_bytes(connection) + size <= self._export_bytes:
            return
        await connection.execute(self._sql["forget_failed_exports"])
        if await self._count_bytes(connection) + size > self._export_bytes:
            raise QueueFull(await self._find(connection, rows), "exports")

    async def _count_bytes(self, connection: Connection) -> int:
        (held,) = await (await connection.execute(self._sql["count_export_bytes"])).fetchone() or (0,)
        return int(held)

    async def _check_depth(self, connection: Connection, rows: Sequence[Row]) -> None:
        if self._queue_limit is None:
            return
        now = time.monotonic()
        if now >= self._count_again_at:
            cursor = await connection.execute(self._sql["count_waiting"], {"limit": self._queue_limit})
            (self._waiting_jobs,) = await cursor.fetchone() or (0,)
            self._count_again_at = now + COUNT_AGAIN_SECONDS
        if self._waiting_jobs >= self._queue_limit:
            raise QueueFull(await self._find(connection, rows), "jobs")

    async def close(self) -> None:
        """Close the connections."""
        while self._idle:
            await self._idle.pop().connection.close()


def statements(user_id: str) -> dict[str, str]:
    """Those that name the type of `user_id`. `accept_new` takes for granted that no row repeats another: it fails
    with psycopg's UniqueViolation where one does, and then nothing is written."""
    enqueue = ENTRIES["enqueue_made"].rstrip().rstrip(";")
    parts = {
        "accept": ("on conflict do nothing", SQL["store_export"], f", queued as (\n{enqueue}\n)\n{SQL['made']}"),
        "accept_new": ("", "", enqueue),
    }
    accepts = {name: accepting(*part) for name, part in parts.items()}
    made = {**accepts, "find_under_way": SQL["find_under_way"]}
    return {name: statement.replace("{user_id}", user_id) for name, statement in made.items()}


def accepting(unless_repeated: str, store_export: str, enqueue: str) -> str:
    """The accepting statement of these parts."""
    statement = SQL["accept"].replace("{unless_repeated}", unless_repeated).replace("{store_export}", store_export)
    return statement.replace("{enqueue}", enqueue)
