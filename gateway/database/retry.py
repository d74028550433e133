"""Waiting for the database: a run outlives a restart of Postgres, or a minute without it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg
import structlog

T = TypeVar("T")
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
log = structlog.get_logger(__name__)


async def retry_while_away(work: Callable[[], Awaitable[T]]) -> T:
    """Run `work`, again while the database is away. `work` must be safe to repeat: its first try may have committed.

    Waits without end: the job's own time-out is what ends it.
    """
    wait = FIRST_WAIT
    while True:
        try:
            return await work()
        except AWAY as error:
            log.warning("database_away", error=str(error).partition("\n")[0], wait_seconds=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
