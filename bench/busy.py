"""How fast `/health` answers while 4 CPU-heavy jobs run in the same process, and without any.

One process with API and worker (the hardest case), on its embedded Postgres; a client asks every 20 ms over one
connection. `python -m bench.busy`
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from pathlib import Path

import httpx
import psycopg

from bench.big_job import write_big
from bench.chaos.load import Order, send
from bench.chaos.scene import BackEnd, Scene

JOBS = 4
PAUSE_SECONDS = 0.02
BUSY = "select count(*) from processing_jobs where status = 'processing'"


async def running(url: str) -> int:
    """How many jobs run."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        row = await (await connection.execute(BUSY)).fetchone()
        return 0 if row is None else int(row[0])


async def ask(client: httpx.AsyncClient, seconds: float) -> list[float]:
    """Milliseconds of each answer of `/health`. Raises HTTPStatusError for one that is not 200."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        (await client.get("/health")).raise_for_status()
        times.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(PAUSE_SECONDS)
    return times


def report(what: str, times: list[float]) -> None:
    """One line of percentiles."""
    ordered = sorted(times)
    p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    print(f"{what}: {len(times)} answers, p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {ordered[-1]:.1f} ms", flush=True)


async def run(folder: Path, megabytes: int) -> None:
    back_end = BackEnd()
    stage = Scene(folder, back_end, {"WORKER_CONCURRENCY": str(JOBS), "DRAIN_SECONDS": "0.5"})
    orders = [Order(f"u{n}", f"user-imports/u{n}/raw-1.json", v2=n % 2 == 1) for n in range(JOBS)]
    for order in orders:
        await asyncio.to_thread(write_big, stage.exports / order.path, megabytes)
    await asyncio.to_thread(stage.postgres.start)
    try:
        async with back_end.serving(), httpx.AsyncClient(base_url=stage.url) as client:
            stage.start_api(with_worker=True)
            await stage.ready()
            await ask(client, 1)
            report("idle", await ask(client, 5))
            await send(orders, stage.url, seconds=0.0)
            while await running(stage.postgres.url) < JOBS:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
            times: list[float] = []
            while await running(stage.postgres.url) == JOBS and len(times) < 1500:
                times += await ask(client, 0.5)
            report(f"{JOBS} jobs of {megabytes} MB running", times)
    finally:
        await asyncio.to_thread(stage.stop)
        await asyncio.to_thread(stage.postgres.close)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=40, help="size of each export")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-busy-"))
    try:
        asyncio.run(run(folder, arguments.megabytes))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
