"""`make chaos`: jobs under a killer and a candidate that breaks, compared with the same jobs undisturbed.

Prints the counts, exits 1 when a promise was broken.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.chaos.breaker import SWITCH, break_at_random
from bench.chaos.judge import History, Storm, Verdict, Watch, all_ended, judge, read_outcome
from bench.chaos.killer import kill_at_random
from bench.chaos.load import CONVERSATIONS, Order, make_orders, send, write_exports
from bench.chaos.scene import STALLED_AFTER_SECONDS, BackEnd, Scene, processes_left

SETTINGS = {
    "HEARTBEAT_SECONDS": "0.5",
    "STALLED_AFTER_SECONDS": str(STALLED_AFTER_SECONDS),
    "ROLLBACK_GRACE_SECONDS": "2",
    "JOB_ATTEMPTS": "20",  # the killer does not know which job it hit before
}
SECONDS_A_JOB = 2.0  # within which jobs have to end, on a busy machine
FAULT_SECONDS = 10.0  # about what a fault and its rollback take
LEAST_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    jobs: int
    conversations: int  # of an export
    workers: int
    kills: int
    restarts: int
    faults: int
    seconds: float  # over which the load and the faults are spread
    seed: int

    @property
    def patience(self) -> float:
        return max(LEAST_SECONDS, SECONDS_A_JOB * self.jobs)


async def run(plan: Plan, folder: Path) -> Verdict:
    kills = f"{plan.kills} x kill -9, Postgres restarted {plan.restarts} x, v2 broken {plan.faults} x, seed {plan.seed}"
    print(f"disturbed: {plan.jobs} jobs, {plan.workers} workers, {kills}", flush=True)
    storm = await disturbed(plan, folder / "storm")
    processes = await processes_left(folder)
    undisturbed = await run_again(plan, storm.outcome.histories(), folder / "calm")
    return judge(storm, undisturbed, processes)


async def disturbed(plan: Plan, folder: Path) -> Storm:
    """Users on either pipeline by the flag at 50 %, while processes are killed and the candidate breaks."""
    orders = [replace(order, v2=False) for order in make_orders(plan.jobs, plan.seed)]  # the flag decides
    async with _scene(plan, orders, folder, plan.workers) as scene:
        watch = Watch(scene.postgres.url)
        watching = asyncio.create_task(watch.run())
        rng = random.Random(plan.seed)
        began = time.monotonic()
        accepted, kills, broke = await asyncio.gather(
            send(orders, scene.url, seconds=plan.seconds),
            kill_at_random(
                scene, rng, restarts=plan.restarts, kills=plan.kills, pause=plan.seconds / (plan.kills + plan.restarts)
            ),
            break_at_random(
                scene,
                random.Random(plan.seed + 1),
                times=plan.faults,
                pause=max(0.0, plan.seconds / max(1, plan.faults) - FAULT_SECONDS),
            ),
        )
        await all_ended(scene.postgres.url, plan.patience)
        print(
            f"ended after {time.monotonic() - began:.0f} s; posts refused or unanswered: {accepted.refused}; "
            f"faults: {dict(kills)}, {dict(broke.faults)}; "
            f"after a flip v2 ran for at most {max(broke.gone, default=0.0):.1f} s",
            flush=True,
        )
        watching.cancel()
        return Storm(await read_outcome(scene.postgres.url), accepted, watch, set(scene.back_end.keys))


async def run_again(plan: Plan, histories: dict[str, History], folder: Path) -> dict[History, tuple[str, str]]:
    """What users have after the same jobs on the same pipelines when nothing disturbs them; each history once."""
    users = {history: user for user, history in histories.items()}
    orders = [
        Order(user, f"user-imports/{user}/raw-{n}-{kind}.json", v2=pipeline == "v2")
        for history, user in users.items()
        for n, (pipeline, kind) in enumerate(history)
    ]
    print(f"undisturbed: {len(orders)} jobs, all that ran for anybody", flush=True)
    async with _scene(plan, orders, folder, max(1, plan.workers - 1)) as scene:  # none of them is killed
        await send(orders, scene.url, seconds=0.0)
        await all_ended(scene.postgres.url, plan.patience)
        outcome = await read_outcome(scene.postgres.url)
    ran = outcome.histories()
    return {history: outcome.results[user] for history, user in users.items() if ran.get(user) == history}


@asynccontextmanager
async def _scene(plan: Plan, orders: Sequence[Order], folder: Path, workers: int) -> AsyncIterator[Scene]:
    await asyncio.to_thread(folder.mkdir)
    back_end = BackEnd()
    scene = Scene(folder, back_end, SETTINGS, ("bench.chaos.process", str(folder / SWITCH)))
    write_exports(orders, scene.exports, plan.conversations)
    await asyncio.to_thread(scene.postgres.start)
    try:
        async with back_end.serving():
            scene.start_api()
            await scene.ready()
            for _ in range(workers):
                scene.start_worker()
            yield scene
    finally:
        await asyncio.to_thread(scene.stop)
        await asyncio.to_thread(scene.postgres.close)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS, help="of an export")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kills", type=int, default=20, help="kill -9, some of them on the API; one in ten is a pause")
    parser.add_argument("--restarts", type=int, default=2, help="of Postgres")
    parser.add_argument("--faults", type=int, default=5, help="of the candidate: raise, hang, block, spin, memory")
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
