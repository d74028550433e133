"""The killer: at random moments, kill -9 on a worker or the API, a paused worker, or a crash of Postgres."""

import asyncio
import random
import signal
from collections import Counter

from bench.chaos.scene import STALLED_AFTER_SECONDS, Scene, kill


async def kill_at_random(scene: Scene, rng: random.Random, *, restarts: int, kills: int, pause: float) -> Counter[str]:
    """Do all kills and restarts, in a random order; each process that was killed is started again a moment later.

    Of the kills a fifth hits the API, and a tenth is a pause: long enough for a worker's jobs to be given to others,
    while it believes that they are its own.
    """
    api, paused = kills // 5, max(1, kills // 10)
    plan = ["worker"] * (kills - api - paused) + ["api"] * api + ["pause"] * paused + ["postgres"] * restarts
    rng.shuffle(plan)
    done: Counter[str] = Counter()
    for victim in plan:
        await asyncio.sleep(rng.uniform(0.3, 1.7) * pause)
        await _strike(scene, victim, rng)
        done[victim] += 1
    return done


async def _strike(scene: Scene, victim: str, rng: random.Random) -> None:
    if victim == "worker":
        process = scene.workers.pop(rng.randrange(len(scene.workers)))
        await asyncio.to_thread(kill, process)
        await asyncio.sleep(rng.uniform(0.0, 1.0))
        scene.start_worker()
    elif victim == "pause":
        process = rng.choice(scene.workers)
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(STALLED_AFTER_SECONDS + 2.0)
        process.send_signal(signal.SIGCONT)
    elif victim == "api" and scene.api is not None:
        await asyncio.to_thread(kill, scene.api)
        await asyncio.sleep(rng.uniform(0.0, 1.0))
        scene.start_api()
    elif victim == "postgres":
        mode = rng.choice(("immediate", "fast"))
        await asyncio.to_thread(scene.postgres.stop_server, mode)
        await asyncio.sleep(rng.uniform(0.2, 3.0))
        await asyncio.to_thread(scene.postgres.start_server)
