"""How many connections a process holds at most: as docs/how-to/run-at-scale.md counts them."""

import asyncio
import re
from pathlib import Path
from typing import Any

from gateway.config.settings import Settings
from gateway.database.pool import Pool
from gateway.jobs.accept.accepter import COMMITS
from gateway.services import Services, build_shadows, open_services
from gateway.worker.worker import Worker
from tests.gateway.jobs.conftest import until

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "run-at-scale.md").read_text()
OPEN = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


async def fill(pool: Pool) -> None:
    """Take all connections that a pool may have, at once, and give them back."""
    taken = [await pool.getconn(timeout=20) for _ in range(pool.max_size)]
    for connection in taken:
        await pool.putconn(connection)


async def open_connections(services: Services) -> int:
    """Of this database, but the one that asks."""
    async with services.database.pool.connection() as connection:
        row: Any = await (await connection.execute(OPEN)).fetchone()
    return int(row[0]) + 1


async def test_the_page_counts_the_connections_of_both_kinds_of_process(settings: Settings) -> None:
    found = re.search(r"(\d+) for a worker and (\d+) for an API process", PAGE)
    assert found is not None
    async with open_services(settings, "api") as services:
        await fill(services.database.pool)
        await fill(services.reads.pool)
        services.teller.tell(["primary"])
        services.accepter._store._idle += [await services.accepter._store._open() for _ in range(COMMITS)]

        async def api_is_full() -> bool:
            return await open_connections(services) >= int(found[2])

        await until(api_is_full)
        assert await open_connections(services) == int(found[2])
    worker_settings = settings.model_copy(update={"heartbeat_seconds": 0.5})
    async with open_services(worker_settings, "worker") as services:
        opened: list[Pool] = []
        worker = Worker(services, open_shadows=build_shadows)
        inner = worker._open_pool

        async def noting(stack: Any, size: int, least: int = 0) -> Pool:
            pool = await inner(stack, size, least)
            opened.append(pool)
            return pool

        worker._open_pool = noting  # type: ignore[method-assign]
        task = asyncio.create_task(worker.run())
        await until(lambda: asyncio.sleep(0, worker.alive()))
        for pool in (services.database.pool, *opened):  # nobody looks at a worker
            await fill(pool)
        services.teller.tell(["primary"])

        async def worker_is_full() -> bool:
            return await open_connections(services) >= int(found[1])

        await until(worker_is_full)
        assert await open_connections(services) == int(found[1])
        worker.stop()
        await task
