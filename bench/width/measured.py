"""One width, run here: idle workers beside a deep queue, scrapes, and accepts on connections of their own."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg
from msgspec.structs import replace

from bench.postgres_time import server_of, used
from bench.telling import new_row
from bench.upkeep import fill, scrape, working
from gateway.config.settings import Settings
from gateway.database.embedded_postgres import EmbeddedPostgres
from gateway.database.pool import Connection, Database, open_database
from gateway.jobs.accept.rows import Row
from gateway.jobs.accept.store import AcceptStore
from gateway.services import Services, open_services

SETTLE_SECONDS: Final = 8  # of accepts before those that count: every connection has planned its statements by then
NOBODY: Final = "nobody"  # a queue from which no worker takes: the workers stay idle
STATE: Final = """
select pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
       pg_total_relation_size('processing_jobs'),
       (select count(*) from pg_stat_activity where backend_type = 'client backend')
"""


@dataclass(frozen=True, slots=True)
class Point:
    """So many workers and accepts a second, and what Postgres took for them: cores, bytes a second, connections."""

    workers: int
    accepts: float
    cores: float
    wal: float
    stored: float
    connections: int


@dataclass(slots=True)
class Scene:
    """A server with a deep queue."""

    kept: Database
    settings: Settings
    server: psutil.Process

    async def run(self, workers: list[Services], connections: int, rate: float, seconds: float) -> Point:
        """Let so many workers wait while so much is accepted and scraped. A rate of 0 accepts nothing."""
        async with working(workers), self._stores(connections) as stores:
            await accept(stores, rate, time.monotonic() + SETTLE_SECONDS)
            before, began, cpu = await self._state(), time.monotonic(), used(self.server)
            made, _ = await asyncio.gather(
                accept(stores, rate, began + seconds), scrape_until(self.kept, self.settings, began + seconds)
            )
            took, cores = time.monotonic() - began, used(self.server) - cpu
            after = await self._state()
        wal, stored, _ = (now - then for now, then in zip(after, before, strict=True))
        return Point(len(workers), made / took, cores / took, wal / took, stored / took, after[2])

    async def _state(self) -> tuple[int, int, int]:
        async with self.kept.pool.connection() as connection:
            row: Any = await (await connection.execute(STATE)).fetchone()
        return int(row[0]), int(row[1]), int(row[2])

    @asynccontextmanager
    async def _stores(self, connections: int) -> AsyncIterator[list[AcceptStore]]:
        """Each on a connection of its own, as that many API processes would have them; all open and warm."""

        async def connect() -> Connection:
            return await psycopg.AsyncConnection.connect(self.kept.url, autocommit=True, prepare_threshold=2)

        stores = [AcceptStore(connect, self.kept.pool, queue_limit=None) for _ in range(connections)]
        for _ in range(12):
            await asyncio.gather(*(store.write([untaken()]) for store in stores))
        try:
            yield stores
        finally:
            for store in stores:
                await store.close()


@asynccontextmanager
async def scene(folder: Path, waiting: int, most_connections: int) -> AsyncIterator[Scene]:
    """A database of its own in which so many jobs wait."""
    async with AsyncExitStack() as stack:
        postgres = EmbeddedPostgres(folder / "postgres", {"max_connections": str(most_connections)})
        await asyncio.to_thread(postgres.start)
        stack.callback(postgres.close)
        settings = Settings.model_validate(
            {"database_url": postgres.url, "data_dir": folder, "database_pool_size": 2, "log_level": "error"}
        )
        async with open_services(settings, "cli"):
            kept = await open_database(settings)
        stack.push_async_callback(kept.close)
        await fill(kept, waiting)
        yield Scene(kept, settings, server_of(folder))


def untaken() -> Row:
    """A new job in a queue from which nobody takes."""
    row = new_row()
    return replace(row, terms=replace(row.terms, queue=NOBODY))


async def accept(stores: list[AcceptStore], rate: float, until: float) -> int:
    """Commits of one row, evenly spread in time over all connections; how many were made."""
    if not rate:
        await asyncio.sleep(max(0.0, until - time.monotonic()))
        return 0
    pause = len(stores) / rate

    async def work(number: int, store: AcceptStore) -> int:
        at, made = time.monotonic() + pause * number / len(stores), 0
        while at < until:
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            await store.write([untaken()])
            made += 1
            at += pause
        return made

    return sum(await asyncio.gather(*(work(number, store) for number, store in enumerate(stores))))


async def scrape_until(kept: Database, settings: Settings, until: float) -> None:
    """Scrapes, a quarter of a second apart."""
    while time.monotonic() < until:
        await scrape(kept, settings, 1)
