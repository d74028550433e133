"""A worker bench: real Postgres, real queue, real worker; the flags and the pipelines are small and scripted."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, cast

import psycopg
import pytest
from prometheus_client import CollectorRegistry
from psycopg.rows import dict_row

from flags.last_known.snapshot import Subscriber
from flags.model import TWO_VERSIONS, Decision, FlagState, Versions
from flags.overridable import OverridableSource
from gateway.config.settings import Settings
from gateway.database.pool import Database, open_database
from gateway.database.reads import Reads
from gateway.database.shared_line.leaders import Leaders
from gateway.database.shared_line.line import Line
from gateway.errors import Unavailable
from gateway.exports import FolderExports
from gateway.jobs.accept.decision import Imports
from gateway.jobs.accept.opening import build_accepter, open_teller
from gateway.jobs.accept.rows import NewJob, request_key
from gateway.jobs.accept.waiting import Accepted
from gateway.jobs.queue.lost import LostJobs
from gateway.jobs.run.process_pool import ProcessCompute
from gateway.jobs.run.runner import Runner
from gateway.jobs.store import JobStore
from gateway.language.engines import Engines
from gateway.rollout.all_off.switch import OffSwitch
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.follower import Follower
from gateway.rollout.opening import Steering
from gateway.rollout.processes.report import ProcessReport
from gateway.services import Services
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.database_gauges import DatabaseReading
from gateway.worker.worker import Worker
from pipelines.registry import Registry
from tests.gateway.jobs.scripted import Script, quick, spin

DEADLINE = 60.0


async def until(truth: Callable[[], Awaitable[Any]], seconds: float = DEADLINE) -> Any:
    """Poll until `truth` answers something true, and return it."""
    deadline, pause = time.monotonic() + seconds, 0.02
    while True:
        if answer := await truth():
            return answer
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(pause)
        pause = min(1.2 * pause, 0.1)


class DialFlags:
    """A flag source with a dial and nothing else: v2 for everybody above 0."""

    def __init__(self, dial: float = 50.0, versions: Versions = TWO_VERSIONS) -> None:
        self.dial = dial
        self.versions = versions

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def refresh(self) -> FlagState:
        return self.state()

    @property
    def revision(self) -> str:
        return "r1" if self.dial == 50.0 else f"at {self.dial:g}"

    def decide(self, user_id: str) -> Decision:
        return Decision("v2" if self.dial else "v1", "flag", self.dial, self.revision)

    def allows(self, version: str, user_id: str) -> bool:
        return version == "v1" or self.dial > 0

    def is_older(self, revision: str) -> bool:
        return revision != self.revision  # every dial was seen here

    def expect(self, flags: Iterable[str]) -> None:
        pass

    def use_base(self, base: str | None) -> None:
        pass

    def state(self) -> FlagState:
        return FlagState("file", known=True, healthy=True, revision=self.revision, dial=self.dial, age_seconds=0.0)

    def subscribe(self, callback: Subscriber) -> None:
        pass


@dataclass
class Bench:
    """Services with scripted pipelines: v1 and v2 do what `script` says, v3 spins, v4 is quick."""

    settings: Settings
    services: Services
    script: Script
    flags: DialFlags
    workers: dict[Worker, "asyncio.Task[None]"] = field(default_factory=dict)

    @property
    def store(self) -> JobStore:
        return JobStore(self.services.database.pool)

    @property
    def lost(self) -> LostJobs:
        return LostJobs(self.services.database.pool)

    async def accept(
        self, user: str = "ann", words: list[str] | None = None, *, pipeline: str = "v1", pinned: bool = False,
        shadow: Any = None, path: str | None = None,
    ) -> Accepted:  # fmt: skip
        path = path or f"user-imports/{user}/{uuid.uuid4().hex}.json"
        target = self.settings.data_dir / "exports" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(["tea", "Lisbon"] if words is None else words))
        return await self._accepted(
            NewJob(
                job_id=str(uuid.uuid4()),
                user_id=user,
                storage_path=path,
                conversation_count=2,
                message_count=None,
                decision=Decision(pipeline, "flag", 50.0, "r1", shadow),
                pinned=pinned,
                request_key=request_key(path),
            )
        )

    async def _accepted(self, new: NewJob) -> Accepted:
        """Ask again as a client does: a commit may take more than two seconds on a busy machine's disk."""
        for _ in range(4):
            try:
                return await self.services.accepter.accept(new)
            except Unavailable:
                await asyncio.sleep(0.5)
        return await self.services.accepter.accept(new)

    def start_worker(self, **options: Any) -> Worker:
        worker = Worker(self.services, **options)
        self.workers[worker] = asyncio.create_task(worker.run())
        return worker

    async def stop_worker(self, worker: Worker) -> None:
        worker.stop()
        await self.workers.pop(worker)

    async def row(self, query: str, *values: Any) -> dict[str, Any]:
        async with self.services.database.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(query, values)).fetchone() or {}

    async def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        async with self.services.database.pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            return await (await cursor.execute(query, values)).fetchall()

    async def execute(self, query: str, *values: Any) -> None:
        async with self.services.database.pool.connection() as connection:
            await connection.execute(query, values)

    async def job(self, job_id: str) -> dict[str, Any]:
        return await self.row("select * from processing_jobs where id = %s", job_id)

    async def profile(self, user: str = "ann") -> dict[str, Any]:
        return await self.row("select * from user_profiles where user_id = %s", user)

    async def chunks(self, user: str = "ann") -> list[str]:
        rows = await self.rows("select content from conversation_chunks where user_id = %s", user)
        return sorted(row["content"] for row in rows)

    async def ended(self, job_id: str) -> dict[str, Any]:
        async def over() -> dict[str, Any] | None:
            job = await self.job(job_id)
            return job if job["status"] in ("complete", "failed") else None

        ended: dict[str, Any] = await until(over)
        return ended

    async def roll_back_while_one_runs(self) -> str:
        """Start a v2 job that hangs in its second step, and turn the dial to 0; the job's id."""
        self.script.hold["two"] = asyncio.Event()
        self.start_worker()
        job_id = (await self.accept(pipeline="v2")).job_id
        await self.script.event("two").wait()
        self.flags.dial = 0.0
        del self.script.hold["two"]
        return job_id

    def runner(self, name: str = "somebody") -> Runner:
        """A runner without a worker: runs a job when it is told to."""
        return Runner(Worker(self.services)._run_context(self.store, self.settings.data_dir / "work"), name)


@pytest.fixture
def worker_settings(settings: Settings) -> dict[str, Any]:
    """Quicker than in production; a test module may override it."""
    return {"heartbeat_seconds": 0.3, "stalled_after_seconds": 2.0, "drain_seconds": 1.0}


@pytest.fixture
async def bench(settings: Settings, worker_settings: dict[str, Any]) -> AsyncIterator[Bench]:
    quicker = settings.model_copy(update={"job_isolation": "none", **worker_settings})
    script = Script()
    flags = DialFlags()
    async with AsyncExitStack() as stack:
        database = await open_database(quicker)
        stack.push_async_callback(database.close)
        metrics = Metrics(CollectorRegistry())
        teller = await stack.enter_async_context(open_teller(database))
        accepter = await stack.enter_async_context(build_accepter(quicker, database, metrics, teller=teller))
        registry = Registry({"v1": script, "v2": script, "v3": spin, "v4": quick}, {})
        services = Services(
            settings=quicker,
            database=database,
            flags=flags,
            registry=registry,
            accepter=accepter,
            imports=Imports(flags, registry, accepter, metrics),
            metrics=metrics,
            exports=FolderExports(quicker.data_dir / "exports"),
            engines=Engines(cast("Any", None)),
            compute=ProcessCompute(),
            steering=steering_of(database, flags, metrics),
            reading=DatabaseReading(metrics, database.pool, quicker),
            reads=Reads(database.pool),
            teller=teller,
        )
        bench = Bench(quicker, services, script, flags)
        services.steering.line.start()
        stack.push_async_callback(services.steering.line.stop)
        yield bench
        for worker in list(bench.workers):
            await bench.stop_worker(worker)


def steering_of(database: Database, flags: DialFlags, metrics: Metrics) -> Steering:
    """A steering that steers nothing: no control, and a watch that is not started."""
    flips = FlipClock()
    switch = OverridableSource(flags)
    line = Line(database.url)
    watch = Follower(database, switch, None, flips=flips, arrival=metrics.flip_arrival, line=line)
    changes = RolloutChanges(database.pool, None, kept_in="file")
    off = OffSwitch(database.pool, changes, {})
    return Steering(changes, flips, watch, ProcessReport(switch, flips), off, line, Leaders())


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)
