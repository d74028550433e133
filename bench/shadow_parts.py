"""What a job costs by parts, in processor time, with no comparison at all against one for every job, in turns.

Processor time also says something on a machine that others use, where times by the clock do not. `worker` is the
process itself, `kept apart` what it starts for its jobs. `python -m bench.shadow_parts [--rounds 6] [--jobs 40]`.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil

from bench.chaos.scene import Scene
from bench.jobs import ask, execute, scene
from bench.postgres_time import server_of, used
from bench.shadow import COMPARISON, CONVERSATIONS, EXPORTS, SLOTS, run_job, set_share
from gateway.cli.rehearsal.invented_users.chatgpt import make_export

WARM = 12  # jobs of the first round
LOOK_SECONDS = 0.25
TRANSACTIONS = "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()"
Parts = dict[str, float]


class Children:
    """Processor seconds of what a worker starts, of those that have ended too: as they were seen last."""

    def __init__(self, worker: int) -> None:
        self._worker = psutil.Process(worker)
        self._seen: dict[tuple[int, float], tuple[str, float]] = {}

    def look(self) -> None:
        for child in self._worker.children(recursive=True):
            with suppress(psutil.Error):
                kind = "comparisons" if COMPARISON in child.cmdline() else "kept apart"
                self._seen[child.pid, child.create_time()] = kind, sum(child.cpu_times()[:2])

    def sums(self) -> Parts:
        found = {"kept apart": 0.0, "comparisons": 0.0}
        for kind, seconds in self._seen.values():
            found[kind] += seconds
        return found

    async def follow(self) -> None:
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_SECONDS)


def own(pid: int) -> float:
    return sum(psutil.Process(pid).cpu_times()[:2])


async def parts(stage: Scene, children: Children) -> Parts:
    """What all have taken until now."""
    assert stage.api is not None
    children.look()
    return {
        "worker": own(stage.workers[0].pid),
        **children.sums(),
        "API": own(stage.api.pid),
        "Postgres": used(server_of(stage.folder)),
        "transactions": (await ask(stage.postgres.url, TRANSACTIONS))[0] / 1000,
    }


async def one_round(stage: Scene, share: int, jobs: int, run: Callable[[int], Awaitable[None]]) -> Parts:
    """Milliseconds a job, and transactions."""
    await set_share(stage.folder / "data", share)
    children = Children(stage.workers[0].pid)
    before = await parts(stage, children)
    following, left = asyncio.create_task(children.follow()), list(range(jobs))

    async def keep_a_slot_full() -> None:
        while left:
            await run(left.pop())

    await asyncio.gather(*(keep_a_slot_full() for _ in range(SLOTS)))
    following.cancel()
    after = await parts(stage, children)
    await execute(stage.postgres.url, "delete from procrastinate_jobs where queue_name = 'shadow' and status = 'todo'")
    await asyncio.sleep(3)  # one that runs ends
    await execute(stage.postgres.url, "truncate gateway.shadow_runs, gateway.comparisons cascade")
    return {name: (after[name] - before[name]) * 1000 / jobs for name in after}


async def measure(folder: Path, rounds: int, jobs: int) -> dict[int, list[Parts]]:
    results: dict[int, list[Parts]] = {0: [], 100: []}
    bodies = [make_export(n, CONVERSATIONS, datetime(2026, 5, 1, tzinfo=UTC)).body for n in range(EXPORTS)]
    async with scene(folder) as stage, httpx.AsyncClient(base_url=stage.url, timeout=60) as client:
        stage.start_worker()

        async def run(n: int) -> None:
            await run_job(stage, client, bodies[n % EXPORTS], [])

        for number in range(rounds + 1):
            for share in (0, 100) if number % 2 else (100, 0):
                found = await one_round(stage, share, jobs if number else WARM, run)
                if number:
                    results[share].append(found)
    return results


def show(results: dict[int, list[Parts]]) -> None:
    print(f"load average {os.getloadavg()[0]:.1f}; milliseconds of processor time a job, least (median) of all rounds")
    for name in results[0][0]:
        told = []
        for share, found in results.items():
            values = [one[name] for one in found]
            told.append(f"{share:>3} %: {min(values):6.1f} ({statistics.median(values):6.1f})")
        print(f"{name:12} {'   '.join(told)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-shadow-parts-", ignore_cleanup_errors=True) as folder:
        show(asyncio.run(measure(Path(folder) / "run", options.rounds, options.jobs)))


if __name__ == "__main__":
    main()
