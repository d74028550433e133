"""One flip, measured by the database's clock: from its commit to the last start of a candidate's job anywhere."""

import asyncio
import math
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.flips.fleet import Fleet

LAST_START = """
select extract(epoch from max(started_at) - %s)::float8, extract(epoch from max(started_at) - %s)::float8
from processing_jobs
where pipeline = %s
"""
STARTS_BEFORE = "select count(*) from processing_jobs where pipeline = %s and started_at > %s - interval '1 second'"
ENOUGH = 5  # of its starts in the second before a flip: or the last of them would say little
PATIENCE = 60.0
AFTERWARDS = 1.0  # seconds: for so long after the last process followed, no job of it may start

Flip = Callable[[], Awaitable[datetime]]  # flips, and says when that was committed


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds to its last start: from the flip's commit, and from when it was asked for; 0 if none came after."""

    from_commit: float
    from_asking: float


async def measure(fleet: Fleet, off: Flip, on: Flip, flips: int) -> list[Measured]:
    """So many flips from 50 % to nothing."""
    chance, measured = random.Random(1), []
    for _ in range(flips):
        await on()
        await fleet.all_at(50)
        await busy(fleet)
        await asyncio.sleep(chance.random())  # not in step with any poll
        asked = await fleet.now()
        committed = await off()
        await fleet.all_at(0)
        await asyncio.sleep(AFTERWARDS)
        measured.append(await judge(fleet, asked, committed))
    return measured


async def busy(fleet: Fleet) -> None:
    """Wait until its jobs are started all the time: what waited from before is worked off."""
    deadline = time.monotonic() + PATIENCE
    while True:
        ((starts,),) = await fleet.rows(STARTS_BEFORE, fleet.roles.candidate, await fleet.now())
        if starts >= ENOUGH:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"too few {fleet.roles.candidate} jobs start to measure by: the load is too small, or too large"
            )
        await asyncio.sleep(0.05)


async def judge(fleet: Fleet, asked: datetime, committed: datetime) -> Measured:
    """Ask the database when its last job started."""
    ((from_commit, from_asking),) = await fleet.rows(LAST_START, committed, asked, fleet.roles.candidate)
    return Measured(max(from_commit, 0.0), max(from_asking, 0.0))


def report(name: str, candidate: str, measured: Sequence[Measured], target: float) -> bool:
    """Print a line; whether every flip met the target."""
    times = [one.from_commit for one in measured]
    met = max(times) <= target
    without = f"{times.count(0.0)} of {len(times)} without a {candidate} start after it"
    print(
        f"{name:<42} from commit: {spread(times)}; {without}; "
        f"target {target * 1000:.0f} ms {'met' if met else 'MISSED'}; "
        f"from asking: {spread([one.from_asking for one in measured])}",
        flush=True,
    )
    return met


def spread(seconds: Sequence[float]) -> str:
    """Median, ninth decile and worst, in milliseconds."""
    ordered = sorted(seconds)
    ninth = ordered[math.ceil(0.9 * len(ordered)) - 1]
    return f"median {statistics.median(ordered) * 1000:.0f}, p90 {ninth * 1000:.0f}, worst {ordered[-1] * 1000:.0f} ms"
