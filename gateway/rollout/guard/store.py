"""What the guard keeps in the database: who leads, each rollout, and who counts in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from flags.model import Pipeline
from gateway.database.lead import lead as lead_work
from gateway.database.pool import Connection, load_sql
from gateway.rollout.guard.judge import LATELY_SECONDS
from gateway.rollout.guard.price import Traffic
from gateway.statistics.arms import Arm, ArmEvidence, arm_evidence

SQL = load_sql(Path(__file__).with_name("store.sql"))
GUARD = "guard"  # the work that is led

LEAST_SECONDS = 5.0  # a job that takes no longer keeps nobody waiting: pages ask every 3 to 5 s
ENOUGH_USERS = 50  # of one size class, for its usual time to be known
LATE = timedelta(minutes=10)  # by so much a job's end may become visible after its time
MOST_JOBS = 50_000  # of the last day that a price is worked out by
SETTLED = timedelta(seconds=5)  # so long after its accept a job is visible for sure


@dataclass(frozen=True, slots=True)
class GuardedRollout:
    """One row of `gateway.guard_rollouts`: a version since its dial rose from 0."""

    id: int
    pipeline: Pipeline
    against: Pipeline
    started_at: datetime
    state: str
    why: str
    limits: Mapping[str, float]  # size class -> seconds
    slow_seconds: float
    named: Sequence[str]
    split: Mapping[str, Sequence[int]]  # dial in hundredths of a percent -> users on the candidate, users not
    split_until: datetime
    verdict: Any
    looked_at: datetime | None
    acted_at: datetime | None
    seconds_ago: float | None  # since it was looked at

    @property
    def shares(self) -> dict[float, tuple[int, int]]:
        """Users on the candidate and not on it, by the share that the dial gave it, 0 to 1."""
        return {int(dial) / 10_000: (counts[0], counts[1]) for dial, counts in self.split.items()}


async def lead(connection: Connection, name: str, seconds: float) -> bool:
    """Take the lead for so long, or keep it; whether this process has it."""
    leads, _ = await lead_work(connection, GUARD, name, seconds)
    return leads


async def latest_of(connection: Connection, pipeline: Pipeline) -> GuardedRollout | None:
    """A version's latest rollout."""
    cursor = connection.cursor(row_factory=class_row(GuardedRollout))
    return await (await cursor.execute(SQL["latest"], {"pipeline": pipeline})).fetchone()


async def all_latest(connection: Connection) -> list[GuardedRollout]:
    """Each version's latest rollout."""
    cursor = connection.cursor(row_factory=class_row(GuardedRollout))
    return await (await cursor.execute(SQL["all_latest"])).fetchall()


async def current(connection: Connection, pipeline: Pipeline, against: Pipeline, slow_seconds: float) -> GuardedRollout:
    """The rollout of a version whose dial is up: a new one, if the dial rose from 0 since the last began."""
    row = await (await connection.execute(SQL["risen"], {"pipeline": pipeline})).fetchone()
    risen = row[0] if row else None
    found = await latest_of(connection, pipeline)
    if found is None or (risen is not None and found.started_at < risen):
        values = {"pipeline": pipeline, "against": against, "risen": risen, "slow_seconds": slow_seconds}
        await connection.execute(SQL["begin"], {**values, "least": LEAST_SECONDS, "enough": ENOUGH_USERS})
        found = await latest_of(connection, pipeline)
    assert found is not None  # noqa: S101 - it was there, or just begun
    return found


async def collect(connection: Connection, rollout: GuardedRollout, named: Sequence[str]) -> None:
    """Add whoever counts now and did not yet. `named`: users whom the flag calls by name."""
    row = await (await connection.execute(SQL["name_users"], {"id": rollout.id, "named": list(named)})).fetchone()
    values: dict[str, Any] = {
        "id": rollout.id,
        "pipeline": rollout.pipeline,
        "started_at": rollout.started_at,
        "since": max(rollout.started_at, (rollout.looked_at or rollout.started_at) - LATE),
        "named": list(row[0] if row else named),
        "limits": Jsonb(rollout.limits),
        "slow_seconds": rollout.slow_seconds,
    }
    await connection.execute(SQL["add_failures"], values)
    await connection.execute(SQL["add_slow"], values)
    await connection.execute(SQL["add_dependencies"], values)
    await count_users(connection, rollout, values)


async def count_users(connection: Connection, rollout: GuardedRollout, values: dict[str, Any]) -> None:
    """Count the users who came since the last count."""
    now = await (await connection.execute(SQL["clock"])).fetchone()
    assert now is not None  # noqa: S101 - it always answers
    until = now[0] - SETTLED
    if until <= rollout.split_until:
        return
    window = {**values, "since": rollout.split_until, "until": until}
    split = {dial: list(counts) for dial, counts in rollout.split.items()}
    for dial, is_on, count in await (await connection.execute(SQL["new_users"], window)).fetchall():
        split.setdefault(str(dial), [0, 0])[0 if is_on else 1] += count
    await connection.execute(SQL["count_users"], {"id": rollout.id, "split": Jsonb(split), "until": until})


async def read_arms(connection: Connection, rollout: GuardedRollout) -> dict[str, ArmEvidence]:
    """The evidence of each question."""
    rows = await (await connection.execute(SQL["events"], {"id": rollout.id})).fetchall()
    return {
        question: arm_evidence(Arm(share, on) for asked, share, on in rows if asked == question)
        for question in ("failures", "time", "dependencies")
    }


async def read_lately(connection: Connection) -> dict[str, int]:
    """Users whose jobs ended lately, by the dependency that failed them; "": none did."""
    return dict(await (await connection.execute(SQL["lately"], {"seconds": LATELY_SECONDS})).fetchall())


async def read_traffic(connection: Connection, pipeline: Pipeline) -> Traffic:
    """The last day's users, for the price of knowing."""
    cursor = connection.cursor(row_factory=class_row(Traffic))
    row = await (await cursor.execute(SQL["traffic"], {"pipeline": pipeline, "most": MOST_JOBS})).fetchone()
    return row or Traffic(0, 0, 0)


async def may_act(connection: Connection, pipeline: Pipeline) -> bool:
    """Does nobody keep the guard from acting on this version?"""
    row = await (await connection.execute(SQL["may_act"], {"pipeline": pipeline})).fetchone()
    return bool(row and row[0])


async def leave_state(connection: Connection, statement: str, rollout: GuardedRollout, **values: Any) -> bool:
    """Run a guarded statement on a rollout; whether its guard held."""
    return (await connection.execute(SQL[statement], {"id": rollout.id, **values})).rowcount == 1
