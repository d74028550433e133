"""Reads for people: over a few connections of their own, read only, each statement limited in time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import psycopg
from psycopg_pool import PoolTimeout

from gateway.config.settings import Settings
from gateway.database.pool import Connection, Database, Pool, build_pool

CONNECTIONS: Final = 2  # of one process; none is open while nobody looks
READ_SECONDS: Final = 2.0
# Without compiling, which takes longer than these reads, and with memory for their sums. Within the transaction alone,
# so that it also holds behind a pooler in transaction mode.
LIMIT: Final = """
select set_config('transaction_read_only', 'on', true), set_config('statement_timeout', %(milliseconds)s::text, true),
       set_config('jit', 'off', true), set_config('work_mem', '32MB', true)
"""
Outcome = Literal["answered", "too_long", "busy", "failed"]


class ReadTooLong(Exception):
    """A read did not end in its time; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Reads:
    """Gives out connections like a pool. What is read over one is of one transaction, and changes nothing."""

    pool: Pool
    seconds: float = READ_SECONDS
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(get_args(Outcome), 0))

    @asynccontextmanager
    async def connection(self, *, one_moment: bool = False) -> AsyncIterator[Connection]:
        """For one read; `one_moment`: all its statements see the same. Raises ReadTooLong, and psycopg's errors as they
        come."""
        outcome: Outcome = "failed"
        try:
            async with self.pool.connection(timeout=self.seconds) as connection, connection.transaction():
                if one_moment:
                    await connection.execute("set transaction isolation level repeatable read")
                await connection.execute(LIMIT, {"milliseconds": round(self.seconds * 1000)})
                yield connection
            outcome = "answered"
        except psycopg.errors.QueryCanceled:
            outcome = "too_long"
            raise ReadTooLong(f"this takes longer than {self.seconds:g} s to read: ask for less") from None
        except PoolTimeout:
            outcome = "busy"
            raise
        finally:
            self.counts[outcome] += 1


@asynccontextmanager
async def open_reads(settings: Settings, database: Database) -> AsyncIterator[Reads]:
    """Beside the pool that jobs and accepts work with: who looks never takes one of theirs."""
    pool = build_pool(database.url, settings, size=CONNECTIONS, least=0)
    await pool.open(wait=False)
    try:
        yield Reads(pool)
    finally:
        await pool.close()
