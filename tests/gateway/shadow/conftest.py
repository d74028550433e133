"""A bench for shadows: real Postgres, real queue, real processes; small pipelines, and flags with a shadow share."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from flags.model import FlagState, Rollout, VersionRollout, Versions
from gateway.config.settings import Settings
from gateway.database.pool import open_database
from gateway.database.reads import Reads
from gateway.exports import FolderExports
from gateway.jobs.accept.decision import Imports
from gateway.jobs.accept.opening import build_accepter, open_teller
from gateway.jobs.run.process_pool import ProcessCompute
from gateway.language.batches import Batches
from gateway.language.engines import Engines
from gateway.services import Services, build_shadows
from gateway.telemetry.metrics import Metrics
from gateway.telemetry.metrics.database_gauges import DatabaseReading
from pipelines.contract import Language, Pipeline
from pipelines.language.embedded import EmbeddedLanguage
from pipelines.registry import Registry
from tests.gateway.jobs.conftest import Bench, DialFlags, steering_of, until
from tests.gateway.jobs.scripted import Script
from tests.gateway.shadow import guests

QUICKER = {
    "heartbeat_seconds": 0.3,
    "stalled_after_seconds": 2.0,
    "drain_seconds": 5.0,
    "shadow_wait_seconds": 0.0,
    "shadow_timeout_seconds": 20.0,
    "shadow_memory_mb": 256,
}


class ShadowFlags(DialFlags):
    """A dial, and a share of users whose imports are compared."""

    shadow_percent = 100.0

    def __init__(self, versions: Versions) -> None:
        super().__init__(versions=versions)

    def state(self) -> FlagState:
        rollout = Rollout((VersionRollout("v2", self.dial, self.dial > 0),), self.shadow_percent, "1")
        return replace(super().state(), rollout=rollout, versions=self.versions)


class ShadowBench(Bench):
    """With what happens to shadows."""

    def start(self) -> Any:
        """A worker that runs shadows too."""
        return self.start_worker(open_shadows=build_shadows)

    async def shadow(self, job_id: str) -> dict[str, Any]:
        """The shadow's row, once it has ended."""

        async def over() -> dict[str, Any] | None:
            row = await self.row("select * from gateway.shadow_runs where job_id = %s", job_id)
            return row if row.get("status") == "done" else None

        ended: dict[str, Any] = await until(over, 150)
        return ended

    async def comparison(self, job_id: str) -> dict[str, Any]:
        return await self.row("select * from gateway.comparisons where job_id = %s", job_id)

    async def counted(self, name: str, **labels: str) -> float:
        """A metric's value, once there is one: what ended is counted after it is written down."""

        async def value() -> float | None:
            return self.services.metrics.registry.get_sample_value(name, labels)

        found: float = await until(value)
        return found


OpenBench = Callable[..., Any]


@pytest.fixture
def open_bench(settings: Settings) -> OpenBench:
    """Opens a bench: `open_bench(v2=pipeline, shadow_timeout_seconds=1)`."""

    @asynccontextmanager
    async def open_(  # noqa: PLR0917 - what is asked is named
        v1: Pipeline = guests.good,
        v2: Pipeline = guests.good,
        v3: Pipeline | None = None,
        language: Language | None = None,
        url: str | None = None,
        batches: Batches | None = None,
        **changes: Any,
    ) -> AsyncIterator[ShadowBench]:
        database_url = {} if url is None else {"database_url": SecretStr(url)}
        quicker = settings.model_copy(update=QUICKER | database_url | changes)
        known = {"v1": v1, "v2": v2} | ({} if v3 is None else {"v3": v3})
        async with AsyncExitStack() as stack:
            database = await open_database(quicker)
            stack.push_async_callback(database.close)
            metrics = Metrics(CollectorRegistry())
            flags, compute = ShadowFlags(Versions.known(known, "v1", None)), ProcessCompute()
            teller = await stack.enter_async_context(open_teller(database))
            accepter = await stack.enter_async_context(build_accepter(quicker, database, metrics, teller=teller))
            registry = Registry(known, {})
            services = Services(
                settings=quicker,
                database=database,
                flags=flags,
                registry=registry,
                accepter=accepter,
                imports=Imports(flags, registry, accepter, metrics),
                metrics=metrics,
                exports=FolderExports(quicker.data_dir / "exports"),
                engines=Engines(language or EmbeddedLanguage(compute)),
                compute=compute,
                steering=steering_of(database, flags, metrics),
                reading=DatabaseReading(metrics, database.pool, quicker),
                reads=Reads(database.pool),
                teller=teller,
                shadow_language=language,
                shadow_batches=batches,
            )
            bench = ShadowBench(quicker, services, Script(), flags)
            try:
                yield bench
            finally:
                for worker in list(bench.workers):
                    await bench.stop_worker(worker)

    return open_
