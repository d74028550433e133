"""How wide it goes: `python -m bench.width`.

Runs here 50 idle workers beside 200,000 waiting jobs, 60 scrapes, and 24 connections that accept one job a commit;
makes of what Postgres took a model; runs twice that and says how far the model was off; then says what would be full
first with 10, 100 and 1,000 processes. Limits that this machine cannot tell are options, with what they assume.
"""

import argparse
import asyncio
import os
import shutil
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from bench.figures import Figure, tell
from bench.width.measured import Point, scene
from bench.width.model import Costs, Fleet, Limits, demand, error, shares
from gateway.services import open_services

WORKERS: Final = 50
CONNECTIONS: Final = 24
ACCEPTS: Final = 150.0  # a second: what 24 processes may get, and well below what the disk of this machine takes
WAITING: Final = 200_000
WORKER_CONNECTIONS: Final = 17  # at most, as docs/how-to/run-at-scale.md counts them
API_CONNECTIONS: Final = 14
HEAD: Final = (
    "| processes | accepts/s in all | connections | cores, upkeep alone | log, MB/s | polls/s | stored, GB "
    "| not enough of |"
)
DAY: Final = 86_400.0
GOAL: Final = 0.25  # how far a prediction for twice the size may be off


async def measure(folder: Path, seconds: float) -> tuple[Point, Point, Point]:
    """Idle, loaded, and twice the loaded one."""
    async with scene(folder, WAITING, 100 + 16 * WORKERS) as here, AsyncExitStack() as stack:
        first = [await stack.enter_async_context(open_services(here.settings, "worker")) for _ in range(WORKERS)]
        idle = await here.run(first, CONNECTIONS, 0, seconds)
        loaded = await here.run(first, CONNECTIONS, ACCEPTS, seconds)
        more = [await stack.enter_async_context(open_services(here.settings, "worker")) for _ in range(WORKERS)]
        return idle, loaded, await here.run([*first, *more], 2 * CONNECTIONS, 2 * ACCEPTS, seconds)


def costs_of(idle: Point, loaded: Point) -> Costs:
    """What one of each took."""
    per_accept = 1 / loaded.accepts
    return Costs(
        idle_cores=idle.cores / idle.workers,
        accept_cores=max(0.0, loaded.cores - idle.cores) * per_accept,
        idle_wal=idle.wal / idle.workers,
        accept_wal=max(0.0, loaded.wal - idle.wal) * per_accept,
        accept_stored=max(0.0, loaded.stored - idle.stored) * per_accept,
        worker_connections=WORKER_CONNECTIONS,
        api_connections=API_CONNECTIONS,
    )


def check(costs: Costs, point: Point) -> list[Figure]:
    """How far the model is off at a point that it has not seen."""
    predicted = demand(costs, Fleet(point.workers, 0, point.accepts), 1.0)
    pairs = {
        "processor time": (predicted.cores, point.cores),
        "log": (predicted.wal, point.wal),
        "storage": (predicted.stored, point.stored),
    }
    for what, (expected, found) in pairs.items():
        print(f"twice the size, {what}: {expected:,.3g} predicted, {found:,.3g} found")
    return [
        Figure(f"width: prediction of {what} for twice the size, off by", abs(error(*pair)), GOAL)
        for what, pair in pairs.items()
    ]


def disk_rate(folder: Path) -> float:
    """Bytes a second that the disk takes in pieces of 64 KiB, each on the disk before the next."""
    piece, count = b"\0" * 65536, 400
    with (folder / "disk").open("wb", buffering=0) as target:
        began = time.monotonic()
        for _ in range(count):
            target.write(piece)
            os.fdatasync(target.fileno())
        return count * len(piece) / (time.monotonic() - began)


def show(costs: Costs, limits: Limits) -> None:
    """A table for the page: half of the processes are workers, half are API processes."""
    print(f"\n{HEAD}")
    print("|---|---|---|---|---|---|---|---|")
    for processes in (10, 100, 1000):
        for accepts in (1000.0, 1000.0 * processes):
            taken = demand(costs, Fleet(processes // 2, processes - processes // 2, accepts), limits.kept_seconds)
            full = [f"{what} ({share:.1f})" for what, share in shares(taken, limits).items() if share > 1]
            print(
                f"| {processes:,} | {accepts:,.0f} | {taken.connections:,.0f} | {taken.cores:.2f}, {taken.upkeep:.2f} "
                f"| {taken.wal / 1e6:,.1f} | {taken.polls:.1f} | {taken.stored / 1e9:,.0f} "
                f"| {', '.join(full) or 'nothing'} |"
            )


def main() -> None:
    """Measure, check, and print what would be full first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--connections", type=float, default=500, help="that the database allows")
    parser.add_argument("--cores", type=float, default=os.cpu_count(), help="of Postgres' machine")
    parser.add_argument("--polls", type=float, default=100, help="a second that the flag server answers")
    parser.add_argument("--days", type=float, default=30, help="that a finished job is kept")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-width-") as name:
        folder = Path(name)
        idle, loaded, double = asyncio.run(measure(folder, asked.seconds))
        limits = Limits(
            connections=asked.connections,
            cores=asked.cores,
            wal=disk_rate(folder),
            polls=asked.polls,
            stored=shutil.disk_usage(folder).total,
            kept_seconds=asked.days * DAY,
        )
    costs = costs_of(idle, loaded)
    for point in (idle, loaded, double):
        print(point)
    print(costs, limits, sep="\n")
    tell([Figure("width: processor time of 50 idle workers, cores of Postgres", idle.cores), *check(costs, double)])
    show(costs, limits)


if __name__ == "__main__":
    main()
