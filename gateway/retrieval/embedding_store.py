"""The database side of embedding: requests, the chunks that lack a vector, vectors, progress."""

from pathlib import Path
from typing import Any

from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.retry import retry_while_away
from gateway.jobs.queue.entries import embedding_entry
from gateway.jobs.queue.job_queue import JobQueue
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue
from gateway.jobs.store import request_embedding
from gateway.retrieval.embedding_status import EmbeddingStatus, Tiers, status_of

SQL = load_sql(Path(__file__).with_name("embedding.sql"))


class EmbeddingStore:
    """Raises psycopg's errors; what an embedding run calls waits while the database is away."""

    def __init__(self, pool: Pool, queue: JobQueue[Connection] | None = None) -> None:
        self._pool = pool
        self._queue = queue or ProcrastinateQueue(pool)

    async def request(self, user_id: str) -> None:
        """Ask for vectors, and show it where the user's page looks."""
        percent = (await self.status(user_id)).completion_percentage
        async with self._pool.connection() as connection, connection.transaction():
            entries = await request_embedding(connection, user_id)
            await self._queue.enqueue(connection, entries)
            await connection.execute(SQL["show_request"], {"user": user_id, "percent": min(percent, 99)})
        await self._queue.tell({entry.queue for entry in entries})

    async def status(self, user_id: str, *, configured: bool = True) -> EmbeddingStatus:
        """Counts by tier, and how the last request goes."""
        async with self._pool.connection() as connection:
            tiers: Tiers = await (await connection.execute(SQL["count_by_tier"], {"user": user_id})).fetchall()
            state = await (await connection.execute(SQL["state"], {"user": user_id})).fetchone()
        return status_of(user_id, tiers, None if state is None else state[0], configured=configured)

    async def load(self, user_id: str) -> tuple[str | None, int, str] | None:
        """The open request: the model that made the vectors so far, attempts, when it was asked."""
        return await retry_while_away(lambda: self._row("load", user=user_id))

    async def take_model(self, user_id: str, model: str, *, forget: bool) -> None:
        """Note the model; `forget` drops the vectors of another one first."""

        async def take() -> None:
            async with self._pool.connection() as connection, connection.transaction():
                if forget:
                    await connection.execute(SQL["forget_vectors"], {"user": user_id})
                await connection.execute(SQL["take_model"], {"user": user_id, "model": model})

        await retry_while_away(take)

    async def column_type(self) -> str | None:
        """`vector`, or `_float4` where the database has no such type."""
        row = await retry_while_away(lambda: self._row("column_type"))
        return None if row is None else str(row[0])

    async def next_chunks(self, user_id: str, limit: int) -> list[tuple[str, str, str]]:
        """Some chunks without a vector: id, title, content."""

        async def read() -> list[tuple[str, str, str]]:
            async with self._pool.connection() as connection:
                return await (
                    await connection.execute(SQL["next_chunks"], {"user": user_id, "limit": limit})
                ).fetchall()

        return await retry_while_away(read)

    async def store(self, user_id: str, vectors: list[tuple[str, str]]) -> None:
        """Write (chunk id, vector as text) and show how far it is. Chunks replaced meanwhile are passed by."""
        rows = [{"id": chunk, "vector": vector, "user": user_id} for chunk, vector in vectors]

        async def write() -> None:
            percent = (await self.status(user_id)).completion_percentage
            async with self._pool.connection() as connection, connection.transaction():
                await connection.cursor().executemany(SQL["store_vector"], rows)
                await connection.execute(SQL["show_request"], {"user": user_id, "percent": min(percent, 99)})

        await retry_while_away(write)

    async def finish(self, user_id: str, requested_at: str) -> bool:
        """Close the request. False when it was asked again since: there may be new chunks."""
        return await self._close("finish", "show_finished", user=user_id, requested_at=requested_at)

    async def fail(self, user_id: str, requested_at: str, reason: str) -> None:
        """Close the request as failed."""
        await self._close("fail", "show_failed", user=user_id, requested_at=requested_at, reason=reason)

    async def try_later(self, user_id: str, reason: str) -> int:
        """Note a failure that may pass; how many there have been."""
        row = await retry_while_away(lambda: self._row("try_later", user=user_id, reason=reason))
        return 0 if row is None else int(row[0])

    async def sweep(self, older_than_seconds: float) -> int:
        """Enqueue open requests that have no live queue entry; how many there were."""
        async with self._pool.connection() as connection, connection.transaction():
            found = await (await connection.execute(SQL["find_open"], {"seconds": older_than_seconds})).fetchall()
            lost = await self._queue.lost(connection, [embedding_entry(user_id) for (user_id,) in found])
            await self._queue.enqueue(connection, lost)
        await self._queue.tell({entry.queue for entry in lost})
        return len(lost)

    async def _close(self, statement: str, show: str, **values: Any) -> bool:
        async def close() -> bool:
            async with self._pool.connection() as connection, connection.transaction():
                row = await (await connection.execute(SQL[statement], values)).fetchone()
                if row is not None:
                    await connection.execute(SQL[show], values)
                return row is not None

        return await retry_while_away(close)

    async def _row(self, statement: str, **values: Any) -> Any:
        async with self._pool.connection() as connection:
            return await (await connection.execute(SQL[statement], values)).fetchone()
