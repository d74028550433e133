"""Do comparisons harm? Accepts and jobs with no comparison at all against one for every job, in turns, in one run.

Rounds without one are measured twice: how far the two differ tells what a ratio of this run can show at all.

The worker's slots are always full: as soon as a job ends, the next one is sent. So comparisons run beside jobs all the
time, which is the hard case: when jobs have to wait for a slot, comparisons make room for them altogether.
`python -m bench.shadow [--rounds 4] [--seconds 10]`.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import httpx
import psutil
import psycopg

from bench.chaos.scene import Scene
from bench.figures import Figure, tell
from bench.jobs import ask, execute, scene, write
from flags.control import open_control
from gateway.cli.rehearsal.invented_users.chatgpt import make_export

SLOTS = 2  # of the worker: its default
EXPORTS = 8
CONVERSATIONS = 150
COMPARISON = "gateway.shadow.sandbox.start"
GOALS = {"accepts": (None, 1.05), "jobs": (1.05, None)}
NONE, AGAIN, EVERY = "none", "none again", "for every job"
SHARES = {NONE: 0, AGAIN: 0, EVERY: 100}  # percent of the jobs that have a comparison
DRAWS = 400  # of rounds, for the range of a ratio
JOBS = """
select extract(epoch from completed_at - started_at)::float8 from processing_jobs
where status = 'complete' and id::text = any(%s)
"""
COMPARED = "select count(*), coalesce(sum(cpu_seconds), 0) from gateway.shadow_runs where outcome = 'compared'"


@dataclass(slots=True)
class Measured:
    """Round by round: seconds of its accepts and of its jobs, how many comparisons ended meanwhile, and how much of a
    core they had."""

    accepts: list[list[float]] = field(default_factory=list)
    jobs: list[list[float]] = field(default_factory=list)
    compared: list[int] = field(default_factory=list)
    cores: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Load:
    """One round: for how long, with which exports."""

    seconds: float
    bodies: list[bytes]


async def measure(folder: Path, rounds: int, seconds: float) -> dict[str, Measured]:
    """Rounds of each kind in turns, another one first each time; the first of each is to warm up."""
    kinds = list(SHARES)
    results = {kind: Measured() for kind in kinds}
    async with scene(folder) as stage, httpx.AsyncClient(base_url=stage.url, timeout=30) as client:
        bodies = [make_export(n, CONVERSATIONS, datetime(2026, 5, 1, tzinfo=UTC)).body for n in range(EXPORTS)]
        stage.start_worker()
        for number in range(rounds + 1):
            for kind in kinds[number % 3 :] + kinds[: number % 3]:
                into = results[kind] if number else Measured()
                await one_round(stage, client, SHARES[kind], Load(seconds if number else 3.0, bodies), into)
    return results


async def one_round(stage: Scene, client: httpx.AsyncClient, share: int, load: Load, into: Measured) -> None:
    await set_share(stage.folder / "data", share)
    sent: list[str] = []
    accepts: list[float] = []
    until = time.monotonic() + load.seconds

    async def keep_a_slot_full() -> None:
        """Send a job, wait for its end, send the next."""
        while time.monotonic() < until:
            sent.append(await run_job(stage, client, load.bodies[len(sent) % EXPORTS], accepts))

    await asyncio.gather(*(keep_a_slot_full() for _ in range(SLOTS)))
    async with await psycopg.AsyncConnection.connect(stage.postgres.url, autocommit=True) as connection:
        into.jobs.append([row[0] for row in await (await connection.execute(JOBS, (sent,))).fetchall()])
    into.accepts.append(accepts)
    compared, seconds = await ask(stage.postgres.url, COMPARED)
    into.compared.append(compared)
    into.cores.append((seconds + under_way(stage.workers[0].pid)) / load.seconds)
    await execute(stage.postgres.url, "delete from procrastinate_jobs where queue_name = 'shadow' and status = 'todo'")
    await asyncio.sleep(2)  # those that run end
    await execute(stage.postgres.url, "truncate gateway.shadow_runs, gateway.comparisons cascade")


def under_way(worker: int) -> float:
    """Processor seconds of the comparisons that run."""
    seconds = 0.0
    for child in psutil.Process(worker).children():
        with suppress(psutil.Error):  # it has ended
            seconds += sum(child.cpu_times()[:2]) if COMPARISON in child.cmdline() else 0.0
    return seconds


async def set_share(data_dir: Path, share: int) -> None:
    control = open_control(data_dir=data_dir)
    await control.set_shadow(share)
    await control.close()
    await asyncio.sleep(1.5)  # the API and the worker take it up


async def run_job(stage: Scene, client: httpx.AsyncClient, body: bytes, accepts: list[float]) -> str:
    """One job of a new user, from its accept, whose time is noted, to its end."""
    user = str(uuid.uuid4())
    path = f"user-imports/{user}/raw-1.json"
    await asyncio.to_thread(write, stage.exports / path, body)
    began = time.perf_counter()
    answer = await client.post("/process-full", json={"user_id": user, "storage_path": path})
    accepts.append(time.perf_counter() - began)
    answer.raise_for_status()
    job: str = answer.json()["job_id"]
    while (await client.get(f"/jobs/{job}")).json()["status"] in ("pending", "processing"):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return job


def percentile(rounds: Sequence[Sequence[float]], percent: int) -> float:
    """Of all values of some rounds, in milliseconds."""
    return statistics.quantiles(chain.from_iterable(rounds), n=100)[percent - 1] * 1000


def ratio_range(beside: Sequence[Sequence[float]], without: Sequence[Sequence[float]], percent: int) -> list[float]:
    """In which 90 of 100 ratios of percentiles lie when rounds are drawn anew from those that were measured."""
    chance = random.Random(1)

    def drawn(rounds: Sequence[Sequence[float]]) -> float:
        return percentile(chance.choices(rounds, k=len(rounds)), percent)

    cuts = statistics.quantiles((drawn(beside) / drawn(without) for _ in range(DRAWS)), n=20)
    return [cuts[0], cuts[-1]]


def show(results: dict[str, Measured]) -> None:
    for kind, one in results.items():
        accepts, jobs = ([round(percentile(rounds, p), 1) for p in (50, 99)] for rounds in (one.accepts, one.jobs))
        print(
            f"{kind:>13}: {sum(map(len, one.accepts))} accepts, median {accepts[0]} ms, p99 {accepts[1]} ms; "
            f"{sum(map(len, one.jobs))} jobs, median {jobs[0]} ms, p99 {jobs[1]} ms; {sum(one.compared)} comparisons "
            f"ended beside them, with {statistics.mean(one.cores):.3f} of a core"
        )
    for name, goals in GOALS.items():
        rounds = {kind: getattr(one, name) for kind, one in results.items()}
        tell(
            figure
            for percent, goal in zip((50, 99), goals, strict=True)
            for figure in compare(name, percent, goal, rounds)
        )


def compare(name: str, percent: int, goal: float | None, rounds: dict[str, list[list[float]]]) -> Iterator[Figure]:
    """With comparisons against without (both kinds of rounds), and the two without against each other."""
    what = "median" if percent == 50 else f"p{percent}"
    without = rounds[NONE] + rounds[AGAIN]
    low, high = ratio_range(rounds[EVERY], without, percent)
    value = percentile(rounds[EVERY], percent) / percentile(without, percent)
    yield Figure(f"comparisons: {name} with them, {what} of without ({low:.2f} to {high:.2f})", value, goal)
    twice = percentile(rounds[AGAIN], percent) / percentile(rounds[NONE], percent)
    yield Figure(f"comparisons: {name} without them, {what} of without, measured again", twice)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-shadow-", ignore_cleanup_errors=True) as folder:
        show(asyncio.run(measure(Path(folder) / "run", options.rounds, options.seconds)))


if __name__ == "__main__":
    main()
