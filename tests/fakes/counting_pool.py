"""A pool that notes the statements that are executed on its connections."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from gateway.database.pool import Pool


class CountingPool:
    """Stands in for a pool, and asks it. `asked`: every statement, in order."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.asked: list[str] = []

    @asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[Any]:  # noqa: ASYNC109 - as the pool's
        async with self._pool.connection(timeout) as connection:
            yield Counted(connection, self.asked)


class Counted:
    """One of its connections."""

    def __init__(self, connection: Any, asked: list[str]) -> None:
        self._connection = connection
        self._asked = asked

    async def execute(self, statement: str, *values: Any) -> Any:
        self._asked.append(statement)
        return await self._connection.execute(statement, *values)


def counting(pool: Pool) -> tuple[Pool, list[str]]:
    """The pool, counted, and what is asked over it."""
    counted = CountingPool(pool)
    return cast("Pool", counted), counted.asked
