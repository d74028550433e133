"""The database: where it is, its pool of connections, and SQL kept in named blocks of `.sql` files."""

import asyncio
import re
import select
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from gateway.config.settings import Settings
from gateway.database.embedded_postgres import EmbeddedPostgres
from gateway.database.watch_embedded import watch

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


class Pool(AsyncConnectionPool[Connection]):
    """A pool that replaces its connections when one of them finds the database read-only.

    A demoted primary keeps its sessions, and one that became writable again keeps them read-only.
    """

    @asynccontextmanager
    async def connection(
        self,
        timeout: float | None = None,  # noqa: ASYNC109 - as in the class that it extends
    ) -> AsyncIterator[Connection]:
        """A connection for one use, as `AsyncConnectionPool.connection`."""
        async with super().connection(timeout) as connection:
            try:
                yield connection
            except psycopg.errors.ReadOnlySqlTransaction:
                await self.drain()
                raise


@dataclass(slots=True)
class Database:
    """An open database.

    Connections of the pool are in autocommit: one statement is one transaction; write `async with conn.transaction()`
    for more. A connection that died (a restart of Postgres) is replaced at checkout.
    """

    url: str
    pool: Pool
    server: EmbeddedPostgres | None = None
    watching: "asyncio.Task[None] | None" = None  # over the server

    async def close(self) -> None:
        if self.watching is not None:
            self.watching.cancel()
        await self.pool.close()
        if self.server is not None:
            await asyncio.to_thread(self.server.close)


async def open_database(settings: Settings) -> Database:
    """Open the database that the settings name, or start the embedded one under `data_dir`.

    Raises `EmbeddedPostgresError` when that cannot run, `psycopg_pool.PoolTimeout` when nothing answers.
    """
    server = None
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
    else:
        server = EmbeddedPostgres((settings.data_dir / "postgres").absolute())
        await asyncio.to_thread(server.start)
        url = server.url
    pool = build_pool(url, settings)
    try:
        await pool.open(wait=True, timeout=max(10.0, settings.database_timeout_seconds))
    except BaseException:
        await pool.close()
        if server is not None:
            await asyncio.to_thread(server.close)
        raise
    watching = None if server is None else asyncio.create_task(watch(server), name="embedded postgres")
    return Database(url, pool, server, watching)


def build_pool(url: str, settings: Settings, *, size: int | None = None, least: int = 1) -> Pool:
    """A pool, not open yet, that gives up on a connection in `database_timeout_seconds` and recovers by itself."""
    connection: dict[str, Any] = {
        "connect_timeout": max(2, round(settings.database_timeout_seconds)),
        "application_name": "soulprint-gateway",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    if settings.database_transaction_pooler:
        connection["prepare_threshold"] = None  # a statement prepared on one server connection is unknown to the next
    return Pool(
        url,
        open=False,
        kwargs=connection,
        configure=_autocommit,
        check=check_if_told,
        min_size=least,
        max_size=size or settings.database_pool_size,
        timeout=settings.database_timeout_seconds,
        reconnect_timeout=5.0,  # then the next checkout tries afresh, instead of ever longer waits in between
        name="gateway",
    )


async def check_if_told(connection: Connection) -> None:
    """A round trip before a use only where the server sent something that nobody asked for: that it ends, or has.

    Raises psycopg.OperationalError for a connection that died.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def _autocommit(connection: Connection) -> None:
    # Not a keyword of the connection: Procrastinate passes its own `autocommit` beside the pool's keywords.
    await connection.set_autocommit(True)


def load_sql(path: Path) -> Mapping[str, str]:
    """The `-- name: <name>` blocks of a file: name to statement. Raises ValueError for a name given twice."""
    parts = NAME.split(path.read_text(encoding="utf-8"))
    names, bodies = parts[1::2], parts[2::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: a name is given twice")
    return MappingProxyType({name: body.strip() for name, body in zip(names, bodies, strict=True)})
