"""Breaks the candidate again and again while everything else is being killed: a fault, then a rollback by the flag."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import get_args

import psycopg

from bench.chaos.judge import rows
from bench.chaos.scene import Scene
from flags.control import FlagControl, open_control
from gateway.cli.rehearsal.drill.fault import STEP, Break, Fault

SWITCH = "broken"  # the file that breaks v2
SHARES = (30, 100)  # percent of v2's jobs
FOLLOW_SECONDS = 1.0  # in which every process follows a flip
GONE_SECONDS = 120.0
MEET, MEET_SECONDS = 3, 20.0  # jobs that begin while a fault is there, and how long they are waited for


@dataclass(slots=True)
class Broke:
    """What was done: each fault, and how long v2 ran after each flip; a dead worker runs until its job is put back."""

    faults: Counter[str] = field(default_factory=Counter)
    gone: list[float] = field(default_factory=list)


async def break_at_random(scene: Scene, rng: random.Random, *, times: int, pause: float) -> Broke:
    """Break v2 so many times, all faults in turn, each followed by a rollback that has to end what it rolls back.

    Raises TimeoutError when v2 still runs long after one.
    """
    done, broken = Broke(), Break(STEP, scene.folder / SWITCH)
    control = open_control(data_dir=scene.folder / "data")
    try:
        await set_dial(control)
        for number in range(times):
            await asyncio.sleep(rng.uniform(0.3, 1.7) * pause)
            fault: Fault = get_args(Fault)[number % len(get_args(Fault))]
            broken.turn_on(fault, rng.choice(SHARES))
            await until_met(scene.postgres.url)
            await asyncio.sleep(rng.uniform(1.0, 4.0))
            await control.turn_off()
            done.gone.append(await until_gone(scene.postgres.url))
            done.faults[fault] += 1
            broken.turn_off()
            await control.turn_on()
    finally:
        await control.close()
    return done


async def set_dial(control: FlagControl) -> None:
    """Half of all users."""
    await control.set_percent(50)
    await control.turn_on()


async def until_met(url: str) -> None:
    """Wait until some jobs of v2 have begun since now, if there are any."""
    with contextlib.suppress(TimeoutError, psycopg.OperationalError):
        async with asyncio.timeout(MEET_SECONDS):
            ((begun,),) = await rows(url, "candidates_begun")
            while (await rows(url, "candidates_begun"))[0][0] < begun + MEET:  # noqa: ASYNC110 - other processes
                await asyncio.sleep(0.1)


async def until_gone(url: str) -> float:
    """Seconds until no job of v2 runs. Raises TimeoutError."""
    began = time.monotonic()
    async with asyncio.timeout(GONE_SECONDS):
        await asyncio.sleep(FOLLOW_SECONDS)
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                if await rows(url, "candidates_running") == [(0,)]:
                    return time.monotonic() - began
            await asyncio.sleep(0.1)
