"""Jobs that wait for a service that they need, without a place in a worker, until it is back or somebody looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from flags.model import BASELINE
from gateway.database.pool import Connection, Pool, load_sql
from gateway.jobs.closing import Refused, log_refused, try_to
from gateway.jobs.model import Claim, ClaimLost
from gateway.jobs.queue.entries import job_entry
from gateway.jobs.queue.job_queue import JobQueue
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue
from pipelines.contract import Cause

Awaited = Literal["storage", "storage_access", "provider", "provider_access"]
AWAITED: Final[tuple[Awaited, ...]] = get_args(Awaited)
STORAGE: Final[tuple[Awaited, ...]] = ("storage", "storage_access")
PROVIDER: Final[tuple[Awaited, ...]] = ("provider", "provider_access")
# What users are shown: what an operator has to set right is no matter of theirs.
STEPS: Final[Mapping[Awaited, str]] = {
    awaited: f"waiting for {'storage' if awaited in STORAGE else 'the language provider'}" for awaited in AWAITED
}
GROWTH: Final = 3
ALL: Final = 10_000
SQL: Final = load_sql(Path(__file__).with_name("waiting.sql"))


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: the first pause, the longest, and for how long in all a service that is away is waited for."""

    first: float
    longest: float
    in_all: float

    def pause(self, waits: int) -> float:
        """Before the next try, after so many: each is some times longer than the one before."""
        return float(min(self.first * GROWTH ** min(waits - 1, 30), self.longest))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How often a job was put off for the same service, and since when, in seconds."""

    waits: int
    seconds: float


class WaitingJobs:
    """Puts jobs off and wakes them. Raises psycopg's errors as they come."""

    def __init__(self, pool: Pool, refused: Refused = log_refused, queue: JobQueue[Connection] | None = None) -> None:
        self._pool = pool
        self._queue = queue or ProcrastinateQueue(pool)
        self._refused = refused

    async def put_off(self, claim: Claim, awaited: Awaited, reason: str, cause: Cause) -> Waiting:
        """Give the claim back, and tell the user's page. Raises `ClaimLost`."""
        values = {**claim.key, "awaited": awaited, "step": STEPS[awaited], "reason": reason, "cause": cause}
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(SQL["put_off"], values)).fetchone()
            if row is None:
                raise ClaimLost(f"job {claim.job.id}: claim {claim.fence} is lost")
            if refusal := await try_to(connection, SQL["tell_profile"], values):
                self._refused(claim.job.id, "tell_profile", refusal)
        return Waiting(*row)

    async def wake(self, awaited: tuple[Awaited, ...], *, untried_seconds: float, limit: int = ALL) -> int:
        """Let those that were last tried so long ago go on now; how many were put off until later."""
        values: dict[str, Any] = {"awaited": list(awaited), "seconds": untried_seconds, "limit": limit}
        async with self._pool.connection() as connection:
            due = await (await connection.execute(SQL["due"], values)).fetchall()
            if not due:
                return 0
            woken = await self._queue.wake(connection, [job_entry(job, user, BASELINE, BASELINE) for job, user in due])
        await self._queue.tell(set(woken))
        return len(woken)
