"""`make chaos`: one undisturbed run, one with a killer; prints the counts, exits 1 when a promise was broken."""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.chaos.judge import Results, Verdict, Watch, all_ended, judge, read_results
from bench.chaos.killer import kill_at_random
from bench.chaos.load import Accepted, Order, make_orders, send, write_exports
from bench.chaos.scene import STALLED_AFTER_SECONDS, BackEnd, Scene

SETTINGS = {
    "HEARTBEAT_SECONDS": "0.5",
    "STALLED_AFTER_SECONDS": str(STALLED_AFTER_SECONDS),
    "JOB_ATTEMPTS": "20",  # the killer does not know which job it hit before
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    jobs: int
    workers: int
    kills: int
    restarts: int
    seconds: float  # over which the load and the faults are spread
    seed: int


async def run(plan: Plan, folder: Path) -> Verdict:
    orders = make_orders(plan.jobs, plan.seed)
    print(f"undisturbed: {plan.jobs} jobs, {plan.workers} workers", flush=True)
    undisturbed = await _undisturbed(plan, orders, folder / "calm")
    kills = f"{plan.kills} x kill -9, Postgres restarted {plan.restarts} x, seed {plan.seed}"
    print(f"disturbed: {kills}", flush=True)
    return await _disturbed(plan, orders, folder / "storm", undisturbed)


async def _undisturbed(plan: Plan, orders: list[Order], folder: Path) -> Results:
    async with _scene(plan, orders, folder) as scene:
        await send(orders, scene.url, seconds=0.0)
        await all_ended(scene.postgres.url, 600)
        return await read_results(scene.postgres.url)


async def _disturbed(plan: Plan, orders: list[Order], folder: Path, undisturbed: Results) -> Verdict:
    async with _scene(plan, orders, folder) as scene:
        watch = Watch(scene.postgres.url)
        watching = asyncio.create_task(watch.run())
        rng = random.Random(plan.seed)
        pause = plan.seconds / (plan.kills + plan.restarts)
        began = time.monotonic()
        results: tuple[Accepted, Counter[str]] = await asyncio.gather(
            send(orders, scene.url, seconds=plan.seconds),
            kill_at_random(scene, rng, restarts=plan.restarts, kills=plan.kills, pause=pause),
        )
        accepted, kills = results
        await all_ended(scene.postgres.url, 600)
        took = time.monotonic() - began
        print(f"ended after {took:.0f} s; posts refused or unanswered: {accepted.refused}; faults: {dict(kills)}")
        watching.cancel()
        return await judge(scene.postgres.url, accepted, undisturbed, watch, scene.back_end)


@asynccontextmanager
async def _scene(plan: Plan, orders: list[Order], folder: Path) -> AsyncIterator[Scene]:
    await asyncio.to_thread(folder.mkdir)
    back_end = BackEnd()
    scene = Scene(folder, back_end, SETTINGS)
    write_exports(orders, scene.exports)
    await asyncio.to_thread(scene.postgres.start)
    try:
        async with back_end.serving():
            scene.start_api()
            await scene.ready()
            for _ in range(plan.workers):
                scene.start_worker()
            yield scene
    finally:
        await asyncio.to_thread(scene.stop)
        await asyncio.to_thread(scene.postgres.close)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kills", type=int, default=20, help="kill -9, some of them on the API; one in ten is a pause")
    parser.add_argument("--restarts", type=int, default=2, help="of Postgres")
    parser.add_argument("--seconds", type=float, default=60.0, help="over which load and faults are spread")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--keep", action="store_true", help="keep the folder with databases and logs")
    options = vars(parser.parse_args())
    keep = options.pop("keep")
    folder = Path(tempfile.mkdtemp(prefix="soulprint-chaos-"))
    try:
        verdict = asyncio.run(run(Plan(**options), folder))
    finally:
        if keep:
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    for name, count in verdict.counts.items():
        print(f"{name:45} {count:6}")
    for fault in verdict.faults:
        print(f"BROKEN  {fault}")
    print("every promise held" if not verdict.faults else "promises were broken")
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main())
