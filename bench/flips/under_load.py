"""A rollback while real exports are processed: what callers saw, and what became of every accepted job."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

from bench.flips.fleet import Fleet
from bench.flips.load import loaded

OPEN = "select count(*) from processing_jobs where status in ('pending', 'processing')"
ENDED = "select status, pipeline, reason, count(*) from processing_jobs group by 1, 2, 3"
STARTS = "select count(*) from processing_jobs where pipeline = %s and started_at > %s"
END_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it went."""

    accepted: int
    statuses: Counter[int]  # of the answers
    fields: Counter[tuple[str, ...]]  # of the 200 bodies
    ended: Counter[tuple[str, str, str]]  # (status, pipeline, reason) of the jobs
    starts_after_arrival: int  # of the candidate, once every process decided by the flip

    @property
    def complete(self) -> int:
        """Jobs that ended well."""
        return sum(count for (status, _, _), count in self.ended.items() if status == "complete")


async def roll_back_under_load(fleet: Fleet, *, per_second: float, before: float, after: float) -> Verdict:
    """At 50 %, load for `before` seconds, `rollout off`, load for `after` seconds, let every job end, if it does."""
    await fleet.all_at(50)
    async with loaded(fleet, per_second, exports=True) as seen:
        await asyncio.sleep(before)
        await fleet.admin("POST", "/off", {"why": "a rollback under load"})
        await fleet.all_at(0)
        arrived = await fleet.now()
        await asyncio.sleep(after)
    await all_ended(fleet)
    ended = Counter({(status, pipeline, reason): n for status, pipeline, reason, n in await fleet.rows(ENDED)})
    ((late,),) = await fleet.rows(STARTS, fleet.roles.candidate, arrived)
    return Verdict(len(seen.jobs), seen.statuses, seen.fields, ended, late)


async def all_ended(fleet: Fleet) -> None:
    """Wait until no job is open, but not for ever: what is open then shows in the verdict."""
    deadline = time.monotonic() + END_SECONDS
    while time.monotonic() < deadline:
        ((still_open,),) = await fleet.rows(OPEN)
        if not still_open:
            return
        await asyncio.sleep(0.1)
