"""A rate limit on provider calls that all workers on all machines share, kept in Postgres."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from gateway.database.pool import Pool, load_sql
from gateway.database.retry import AWAY
from pipelines.contract import PipelineError

QUERIES = load_sql(Path(__file__).with_name("rate_limit.sql"))
BURST_SECONDS = 1.0  # after a pause, the calls of this long may go out at once


class PostgresRateLimit:
    """At most `per_minute` calls a minute (and one second's worth more after a pause) over everyone with this `name`.

    A booked slot that is not used, because the caller was cancelled or killed, is lost: it errs on the slow side.
    """

    def __init__(
        self,
        pool: Pool,
        per_minute: int,
        name: str = "language",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._pool = pool
        self._seconds_a_call = 60.0 / per_minute
        self._name = name
        self._sleep = sleep

    async def acquire(self, tokens: int = 1) -> None:
        """Wait for a slot for `tokens` calls. Raises PipelineError (retryable) when the database does not answer."""
        if wait := await self.book(tokens):
            await self._sleep(wait)

    async def book(self, tokens: int = 1) -> float:
        """Take the next slot; returns the seconds until it."""
        values = {"name": self._name, "cost": tokens * self._seconds_a_call, "burst": BURST_SECONDS}
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(QUERIES["book"], values)
                row = await cursor.fetchone()
        except AWAY as failure:
            raise PipelineError(
                "the rate limit cannot be read: the database does not answer",
                retryable=True,
                cause="dependency:database",
            ) from failure
        return float(row[0]) if row else 0.0
