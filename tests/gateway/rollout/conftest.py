"""Several processes of a gateway, as far as the rollout goes: each with flags of its own over one file, and a watch."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from flags.control import FlagControl, open_control
from flags.file.source import FileSource
from flags.last_known.snapshot import Traits
from flags.overridable import OverridableSource
from flags.source import FlagSource
from gateway.config.settings import Settings
from gateway.database.pool import Database, Pool, build_pool
from gateway.database.shared_line.line import Line
from gateway.rollout.changes import RolloutChanges
from gateway.rollout.flip_clock import FlipClock
from gateway.rollout.follower import Follower
from gateway.rollout.history import Entry, history
from gateway.rollout.processes.report import ProcessReport
from gateway.telemetry.metrics import Metrics

DEADLINE = 60.0
NEVER = 3600.0  # seconds between looks: what is seen then was announced
QUICK = 0.1


async def eventually(truth: Callable[[], Any], seconds: float = DEADLINE) -> None:
    """Poll until it is true; it may be a coroutine function."""
    deadline = time.monotonic() + seconds
    while True:
        answer = truth()
        if await answer if isinstance(answer, Awaitable) else answer:
            return
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


@dataclass(slots=True)
class Process:
    """What one process of the gateway has of the rollout."""

    flags: OverridableSource
    watch: Follower
    flips: FlipClock
    metrics: Metrics

    @property
    def dial(self) -> float:
        """In force here."""
        return self.flags.state().dial


@dataclass(slots=True)
class Fleet:
    """Processes over one database and one flag file."""

    database: Database
    data_dir: Path
    control: FlagControl
    stack: AsyncExitStack
    processes: list[Process] = field(default_factory=list)

    @property
    def changes(self) -> RolloutChanges:
        return RolloutChanges(self.database.pool, self.control, kept_in="file")

    async def start(
        self,
        count: int = 1,
        *,
        look: float = 0.02,
        seconds: float = QUICK,
        listens: bool = True,
        source: FlagSource | None = None,
        versions: tuple[str, ...] = (),
    ) -> list[Process]:
        """More processes. `versions`: those that they can run."""
        started = [
            await self._start_one(look, Line(self.database.url, listens=listens, seconds=seconds), source, versions)
            for _ in range(count)
        ]
        self.processes += started
        return started

    async def _start_one(
        self, look: float, line: Line, source: FlagSource | None, versions: tuple[str, ...]
    ) -> Process:
        inner = source or FileSource(
            self.data_dir / "flags.json", self.data_dir / "last-known-flags", Traits(), look_seconds=look
        )
        flags, flips, metrics = OverridableSource(inner), FlipClock(), Metrics(CollectorRegistry())
        await flags.start()
        self.stack.push_async_callback(flags.stop)
        report = ProcessReport(flags, flips, versions=versions)
        watch = Follower(
            self.database,
            flags,
            self.control,
            flips=flips,
            arrival=metrics.flip_arrival,
            line=line,
            report=report,
        )
        await watch.start()
        line.start()
        self.stack.push_async_callback(watch.stop)
        self.stack.push_async_callback(line.stop)
        return Process(flags, watch, flips, metrics)

    async def settled(self) -> None:
        """Every process listens, and has written down what it saw at its start."""
        await eventually(lambda: all(one.watch.listening and one.watch.caught_up for one in self.processes))

    async def history(self) -> list[Entry]:
        """Oldest first."""
        return (await history(self.database.pool, limit=500))[::-1]

    def edit_file(self, percent: int, *, enabled: bool = True) -> None:
        """Somebody saves the file with an editor."""
        path = self.data_dir / "flags.json"
        document = json.loads(path.read_text())
        document["features"][0]["strategies"][0]["parameters"]["rollout"] = str(percent)
        document["features"][0]["enabled"] = enabled
        draft = path.with_name("draft.json")
        draft.write_text(json.dumps(document))
        draft.replace(path)


@pytest.fixture
async def fleet(database: Database, tmp_path: Path) -> AsyncIterator[Fleet]:
    """Both flags are at 0 %; nothing runs yet."""
    async with AsyncExitStack() as stack:
        control = open_control(data_dir=tmp_path)
        stack.push_async_callback(control.close)
        await control.init()
        yield Fleet(database, tmp_path, control, stack)


@pytest.fixture
async def closed_pool(settings: Settings) -> AsyncIterator[Pool]:
    """A pool whose database is not there."""
    gone = settings.model_copy(update={"database_timeout_seconds": 0.3})
    pool = build_pool("postgresql://nobody@127.0.0.1:9/none", gone)
    await pool.open(wait=False)
    yield pool
    await pool.close()
