"""What idle workers cost a database in which many jobs wait, and what a scrape costs: `python -m bench.upkeep`.

Real workers, in one process, over a real Postgres; what waits is put off, so that nobody takes it. Postgres' processor
time is that of all its processes, as the kernel counts it. Compare only what one run prints.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
from prometheus_client import CollectorRegistry

from bench.figures import Figure, tell
from bench.postgres_time import server_of, used
from gateway.config.settings import Settings
from gateway.database.embedded_postgres import EmbeddedPostgres
from gateway.database.pool import Database, open_database
from gateway.services import Services, open_services
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.database_gauges import DatabaseReading
from gateway.worker.worker import Worker

WAITING = """
insert into processing_jobs (id, user_id, status, pipeline, reason, request_key, created_at, updated_at)
select gen_random_uuid(), 'u' || n, 'pending', 'v1', 'flag', 'k', now() - n * interval '1 ms', now() - interval '1 h'
from generate_series(1, %s) n
"""
ENTRIES = """
insert into procrastinate_jobs (queue_name, task_name, lock, args, scheduled_at)
select 'primary', 'run_job', user_id, jsonb_build_object('job_id', id::text), now() + interval '1 day'
from processing_jobs
"""
SCRAPES = 60


async def fill(database: Database, waiting: int) -> None:
    """So many jobs that wait, and nothing else."""
    async with database.pool.connection() as connection:
        await connection.execute("truncate processing_jobs, procrastinate_jobs cascade")
        await connection.execute(WAITING, (waiting,))
        await connection.execute(ENTRIES)
        for table in ("processing_jobs", "procrastinate_jobs"):
            await connection.execute(f"vacuum analyze {table}")  # and not again in the middle of what is measured
            await connection.execute(f"alter table {table} set (autovacuum_enabled = false)")


@asynccontextmanager
async def working(services: Sequence[Services]) -> AsyncIterator[None]:
    """A worker on each, all of them begun, until the end of the block."""
    workers = [Worker(one) for one in services]
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    await asyncio.sleep(30)  # all have begun, every connection knows its tables, and what comes right after is over
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        await asyncio.gather(*tasks)


async def idle(
    kept: Database, services: list[Services], server: psutil.Process, seconds: float
) -> tuple[float, tuple[float, float]]:
    """The share of one core that Postgres takes while nothing comes, then a scrape's milliseconds beside them."""
    async with working(services):
        before, began = used(server), time.monotonic()
        await asyncio.sleep(seconds)
        share = (used(server) - before) / (time.monotonic() - began)
        return share, await scrape(kept, services[0].settings)


async def scrape(database: Database, settings: Settings, times: int = SCRAPES) -> tuple[float, float]:
    """Median and largest milliseconds of a scrape's reading, by as many processes, a quarter of a second apart."""
    took = []
    readings = [DatabaseReading(Metrics(CollectorRegistry()), database.pool, settings) for _ in range(times)]
    for reading in readings:
        began = time.monotonic()
        await reading.refresh()
        took.append((time.monotonic() - began) * 1000)
        await asyncio.sleep(0.25)
    return statistics.median(took), max(took)


async def measure(depths: list[int], count: int, seconds: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench-upkeep-") as folder:
        async with AsyncExitStack() as stack:
            postgres = EmbeddedPostgres(Path(folder) / "postgres", {"max_connections": str(20 + 8 * count)})
            await asyncio.to_thread(postgres.start)
            stack.callback(postgres.close)
            settings = Settings.model_validate(
                {"database_url": postgres.url, "data_dir": Path(folder), "database_pool_size": 2, "log_level": "error"}
            )
            kept = await open_database(settings)
            stack.push_async_callback(kept.close)
            server = server_of(Path(folder))
            services = [await stack.enter_async_context(open_services(settings, "worker")) for _ in range(count)]
            for waiting in depths:
                await fill(kept, waiting)
                share, (median, most) = await idle(kept, services, server, seconds)
                about = f"beside {waiting:,} waiting jobs"
                tell(
                    [
                        Figure(f"{count} idle workers {about}: cores of Postgres", share, 0.02),
                        Figure(f"a scrape's reading {about}, median: ms", median, 10),
                        Figure(f"a scrape's reading {about}, longest: ms", most),
                    ]
                )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=50)
    parser.add_argument("--waiting", type=int, nargs="*", default=[0, 200_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=30)
    asked = parser.parse_args()
    asyncio.run(measure(asked.waiting, asked.workers, asked.seconds))


if __name__ == "__main__":
    main()
