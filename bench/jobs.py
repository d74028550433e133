"""Jobs end to end: jobs per second for 1, 2 and 4 worker processes and with runs apart, and how soon a kill is over.

Real processes, real pipelines, the embedded Postgres with its durable defaults. `python -m bench.jobs`
"""

import argparse
import asyncio
import re
import shutil
import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from bench.chaos.judge import all_ended
from bench.chaos.load import CONVERSATIONS, UNTIL, Order, make_orders, send, write_exports
from bench.chaos.scene import BackEnd, Scene, kill
from gateway.cli.rehearsal.invented_users.chatgpt import make_export

RATE = """
select count(*) / extract(epoch from max(completed_at) - min(created_at))::float8,
       percentile_cont(0.5) within group (order by extract(epoch from completed_at - started_at))::float8
from processing_jobs where status = 'complete'
"""
TAKERS = "select count(*) from procrastinate_workers"
WARM = 6  # jobs before those that are measured
QUEUES = 2  # at least: one taker of jobs and one of messages for each worker
CLAIM = "select worker, attempts, extract(epoch from updated_at)::float8 from processing_jobs where user_id = 'long'"


@dataclass(frozen=True, slots=True)
class Load:
    """How many jobs, and how many conversations an export holds."""

    jobs: int
    conversations: int


@asynccontextmanager
async def scene(folder: Path, **settings: str) -> AsyncIterator[Scene]:
    """An API over a fresh database, no worker yet."""
    await asyncio.to_thread(folder.mkdir)
    back_end = BackEnd()
    stage = Scene(folder, back_end, settings)
    await asyncio.to_thread(stage.postgres.start)
    try:
        async with back_end.serving():
            stage.start_api()
            await stage.ready()
            yield stage
    finally:
        await asyncio.to_thread(stage.stop)
        await asyncio.to_thread(stage.postgres.close)


async def rate(folder: Path, load: Load, workers: int, **settings: str) -> tuple[float, float]:
    """Jobs per second from the first accept to the last end, all workers ready before, and the median run's seconds."""
    async with scene(folder, **settings) as stage:
        orders = make_orders(load.jobs, seed=1)
        await asyncio.to_thread(write_exports, orders, stage.exports, load.conversations)
        for _ in range(workers):
            stage.start_worker()
        async with asyncio.timeout(120):
            while (await ask(stage.postgres.url, TAKERS))[0] < QUEUES * workers:  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.1)
        await send([replace(order, user=f"warm-{n}") for n, order in enumerate(orders[:WARM])], stage.url, seconds=0.0)
        await all_ended(stage.postgres.url, 600)  # what starts with the first jobs has started
        await execute(stage.postgres.url, "delete from processing_jobs")
        await send(orders, stage.url, seconds=0.0)
        await all_ended(stage.postgres.url, 600)
        row = await ask(stage.postgres.url, RATE)
        return float(row[0]), float(row[1])


async def kill_to_resumed(folder: Path, times: int, **settings: str) -> list[float]:
    """Seconds from kill -9 on the worker that runs a job until another worker has started it again."""
    async with scene(folder, JOB_ATTEMPTS="20", **settings) as stage:
        path = stage.exports / "user-imports" / "long" / "raw-1.json"
        body = await asyncio.to_thread(lambda: make_export(1, 30_000, UNTIL).body)
        await asyncio.to_thread(write, path, body)
        taken = []
        for n in range(times):
            await send([order(n)], stage.url, seconds=0.0)
            stage.start_worker()
            stage.start_worker()
            taken.append(await one_kill(stage))
            await all_ended(stage.postgres.url, 600)
            for process in stage.workers:
                await asyncio.to_thread(kill, process)
            stage.workers.clear()
            await execute(stage.postgres.url, "delete from processing_jobs")
        return taken


async def one_kill(stage: Scene) -> float:
    while True:
        row = await ask(stage.postgres.url, CLAIM)
        if row[0]:
            break
        await asyncio.sleep(0.01)
    found = re.search(r":(\d+):", row[0])
    assert found is not None
    (victim,) = [process for process in stage.workers if process.pid == int(found[1])]
    clock = asyncio.get_running_loop()
    began = clock.time()
    await asyncio.to_thread(kill, victim)
    stage.workers.remove(victim)
    while True:
        if (await ask(stage.postgres.url, CLAIM))[1] != row[1]:
            return clock.time() - began
        await asyncio.sleep(0.02)


def order(n: int) -> Order:
    return Order("long", "user-imports/long/raw-1.json", v2=n % 2 == 1)


def write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


async def ask(url: str, query: str) -> tuple[Any, ...]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        return await (await connection.execute(query)).fetchone() or (None, None, None)


async def execute(url: str, query: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(query)


async def rates(folder: Path, load: Load, workers: Sequence[int]) -> None:
    for count in workers:
        per_second, median = await rate(folder / f"rate-{count}", load, count)
        print(f"{count} worker(s): {per_second:6.1f} jobs/s, median run {median * 1000:.0f} ms", flush=True)


async def apart(folder: Path, load: Load, rounds: int) -> None:
    """The same jobs on one worker, all of them in it and all of them in processes of their own, by turns."""
    seen: dict[str, list[float]] = {"none": [], "all": []}
    for n in range(rounds):
        for isolation, rates in seen.items():
            per_second, median = await rate(folder / f"apart-{n}-{isolation}", load, 1, JOB_ISOLATION=isolation)
            rates.append(per_second)
            print(f"JOB_ISOLATION={isolation}: {per_second:6.1f} jobs/s, median run {median * 1000:.0f} ms", flush=True)
    if rounds:
        inside, forked = (statistics.median(rates) for rates in seen.values())
        print(f"apart against in the worker: {forked / inside:.2f} (medians of {rounds})", flush=True)


async def kills_to_resumed(folder: Path, kills: int) -> None:
    for name, settings in {
        "defaults (heartbeat 5 s, stalled after 20 s)": {},
        "heartbeat 1 s, stalled after 4 s": {"HEARTBEAT_SECONDS": "1", "STALLED_AFTER_SECONDS": "4"},
    }.items():
        taken = await kill_to_resumed(folder / f"kill-{len(settings)}", kills, **settings)
        median, worst = statistics.median(taken), max(taken)
        print(f"kill -9 to resumed, {name}: median {median:.1f} s, worst of {len(taken)} {worst:.1f} s", flush=True)


async def measure(folder: Path, load: Load, options: argparse.Namespace) -> None:
    print(f"{load.jobs} jobs of {load.conversations} conversations, half v1, half v2")
    await rates(folder, load, options.workers)
    await apart(folder, load, options.rounds)
    if options.kills:
        await kills_to_resumed(folder, options.kills)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=80)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS, help="of an export")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=1, help="of jobs in the worker against jobs apart")
    parser.add_argument("--kills", type=int, default=2)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soulprint-jobs-"))
    try:
        asyncio.run(measure(folder, Load(options.jobs, options.conversations), options))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
