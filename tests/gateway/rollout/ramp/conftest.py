"""A ramp and its guard over a real database and a real flag file; jobs are rows, the time is moved in the rows."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from flags.change.errors import ControlUnavailable
from flags.control import FlagControl, open_control
from flags.file.source import FileSource
from flags.last_known.snapshot import Traits
from flags.model import FlagState, Rollout
from flags.overridable import OverridableSource
from gateway.database.pool import Database
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.guard.judge import Mode
from gateway.rollout.guard.standing import StandingGuard, Watch
from gateway.rollout.history import By, Entry, history
from gateway.rollout.override import read_override
from gateway.rollout.ramp.driver import RampDriver, RampInputs
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import Plan, Ramp
from gateway.rollout.ramp.store import latest
from gateway.telemetry.metrics import Metrics

ANA = By("ana", "cli", "first try")
TIMES = (
    ("gateway.ramps", "moved_at"),
    ("gateway.ramps", "started_at"),
    ("processing_jobs", "created_at"),
    ("processing_jobs", "started_at"),
    ("processing_jobs", "completed_at"),
    ("gateway.rollout_changes", "at"),
    ("gateway.guard_rollouts", "started_at"),
    ("gateway.guard_rollouts", "split_until"),
    ("gateway.guard_rollouts", "looked_at"),
)


class Reluctant(FlagControl):
    """A control whose home can be made to be away."""

    away = False

    async def read(self) -> Rollout:
        self._check()
        return await super().read()

    async def set_percent(
        self, percent: float, expected_version: str | None = None, *, pipeline: str | None = None
    ) -> Rollout:
        self._check()
        return await super().set_percent(percent, expected_version, pipeline=pipeline)

    async def turn_off(self, pipeline: str | None = None) -> Rollout:
        self._check()
        return await super().turn_off(pipeline)

    def _check(self) -> None:
        if self.away:
            raise ControlUnavailable("the flag server does not answer")


@dataclass
class Slope:
    """What tests of ramps use."""

    database: Database
    control: Reluctant
    flags: OverridableSource
    metrics: Metrics
    ready: bool = True
    drivers: list[RampDriver] = field(default_factory=list)

    @property
    def changes(self) -> RolloutChanges:
        return RolloutChanges(self.database.pool, self.control, kept_in="file")

    @property
    def orders(self) -> RampOrders:
        return RampOrders(self.database.pool, self.changes)

    def state(self) -> FlagState:
        return self.flags.state()

    def driver(self) -> RampDriver:
        senses = RampInputs(self.state, lambda: self.ready)
        return RampDriver(self.database.pool, self.changes, senses, self.metrics)

    def guard(self, name: str = "worker", mode: Mode = "on", slow_seconds: float = 60.0) -> StandingGuard:
        watch = Watch(name, mode, slow_seconds)
        return StandingGuard(self.database.pool, self.changes, self.state, self.metrics, watch)

    async def start(
        self, *steps: float, hold: float = 3600.0, min_jobs: int = 20, auto: bool = True, margin: float = 0.2
    ) -> Ramp:
        return await self.orders.start(Plan(steps or (1.0, 5.0, 25.0), hold, min_jobs, auto, margin=margin), ANA)

    async def look(self) -> Ramp:
        """One look of a worker; what the ramp is afterwards."""
        await self.guarded()
        await self.driver().look()
        return await self.ramp()

    async def guarded(self, guard: StandingGuard | None = None) -> dict[str, Any]:
        """One look of the guard by the flags as they are; what it keeps of the rollout, empty when it keeps nothing."""
        await self.flags.refresh()
        async with self.database.pool.connection() as connection:
            self.flags.set_override(await read_override(connection))
        await (guard or self.guard()).look()
        async with self.database.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            found = await cursor.execute("select * from gateway.guard_rollouts order by id desc limit 1")
            return await found.fetchone() or {}

    async def ramp(self) -> Ramp:
        ramp = await latest(self.database.pool)
        assert ramp is not None
        return ramp

    async def dial(self) -> float:
        return (await FlagControl.read(self.control)).dial

    async def pass_time(self, seconds: float = 3601.0) -> None:
        """Everything that was, was so much earlier."""
        for table, column in TIMES:
            await self.execute(f"update {table} set {column} = {column} - make_interval(secs => %s)", seconds)

    async def add_jobs(
        self, count: int, pipeline: str = "v2", *, failed: int = 0, seconds: float = 10.0, reason: str = "flag",
        cause: str | None = "pipeline", user: str | None = None, dial: float | None = None,
    ) -> None:  # fmt: skip
        """Jobs accepted just now, at the dial of now, that ended after so long: of as many users, or of one."""
        dial = await self.dial() if dial is None else dial
        on = pipeline == "v2"
        await self.execute(
            "insert into processing_jobs (user_id, pipeline, reason, pinned, storage_path, status, failure_cause, "
            "dials, created_at, started_at, completed_at) "
            "select coalesce(%s, %s || '-user-' || n), %s, %s, %s, case when %s = 'flag' then 'bucket/path' end, "
            "case when n <= %s then 'failed' else 'complete' end, case when n <= %s then %s end, %s, "
            "at, at, at + make_interval(secs => %s) "
            "from (select n, clock_timestamp() as at from generate_series(1, %s) n offset 0) each",  # one clock a job
            user,
            pipeline,
            pipeline,
            reason,
            reason == "forced",
            reason,
            failed,
            failed,
            cause,
            Jsonb([["v2", dial, on, 0 if on else 9999]]) if reason == "flag" else None,
            seconds,
            count,
        )

    async def crowd(self, count: int = 40, *, failed: int = 0, seconds: float = 10.0) -> None:
        """So many users whom the dial of now sends to v2, all of whose jobs completed but some, and all others."""
        dial = await self.dial()
        await self.add_jobs(count, failed=failed, seconds=seconds)
        await self.add_jobs(round(count * (100 - dial) / dial), "v1")

    async def good_jobs(self) -> None:
        """As much good evidence as a step needs."""
        await self.crowd()

    async def execute(self, statement: str, *values: Any) -> None:
        async with self.database.pool.connection() as connection:
            await connection.execute(statement, values)

    async def history(self) -> list[Entry]:
        """Oldest first."""
        return (await history(self.database.pool, limit=500))[::-1]


@pytest.fixture
async def slope(database: Database, tmp_path: Path) -> AsyncIterator[Slope]:
    """The flag is on at 0 %."""
    plain = open_control(data_dir=tmp_path)
    control = Reluctant(plain._store)
    await control.init()
    await control.turn_on()
    source = FileSource(tmp_path / "flags.json", tmp_path / "last-known-flags", Traits(), look_seconds=3600)
    flags = OverridableSource(source)
    await flags.start()
    yield Slope(database, control, flags, Metrics(CollectorRegistry()))
    await flags.stop()
    await control.close()
