"""A gateway with its worker, whose spans are kept in memory."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.config.settings import Settings
from gateway.services import build_shadows
from gateway.telemetry.tracing.otel import Spans
from gateway.worker.worker import Worker
from pipelines.registry import Registry
from tests.gateway.jobs.scripted import Script
from tests.live_gateway import LiveGateway, running_gateway

USER = "ana-whom-nobody-may-read"
WORDS = "My name is Wilhelmina."
DEADLINE = 90.0
UNFINISHED = """
select 1 from processing_jobs where status in ('pending', 'processing')
union all
select 1 from gateway.shadow_runs where status <> 'done'
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """A gateway that is traced."""

    gateway: LiveGateway
    exporter: InMemorySpanExporter

    def put_words(self) -> str:
        """An export as the scripted pipeline reads it; its path."""
        return self._put([WORDS])

    def put_export(self) -> str:
        """An export of one conversation; its path."""
        messages = [{"role": "user", "content": WORDS}]
        return self._put([{"id": "c", "title": "t", "create_time": 1_700_000_000, "messages": messages}])

    def _put(self, content: Any) -> str:
        path = f"user-imports/{USER}/{uuid.uuid4().hex}.json"
        target = self.gateway.services.settings.data_dir / "exports" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(content))
        return path

    async def post(self, storage_path: str, route: str = "/process-full", **headers: str) -> dict[str, Any]:
        """The answer to an import of it."""
        answer = await self.gateway.post({"user_id": USER, "storage_path": storage_path}, route, **headers)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def work(self) -> None:
        """Let a worker run until nothing is left to do."""
        worker = Worker(self.gateway.services, open_shadows=build_shadows)
        task = asyncio.create_task(worker.run())
        deadline = time.monotonic() + DEADLINE
        while await self.gateway.rows(UNFINISHED):
            assert time.monotonic() < deadline, "the job is not over in time"
            await asyncio.sleep(0.05)
        worker.stop()
        await task

    def spans(self) -> dict[str, ReadableSpan]:
        """The finished spans by name; of those of one name, the last."""
        return {span.name: span for span in self.exporter.get_finished_spans()}


@asynccontextmanager
async def traced(settings: Settings, registry: Registry | None = None) -> AsyncIterator[Scene]:
    """A scene with these settings."""
    exporter = InMemorySpanExporter()
    spans = Spans(settings, SimpleSpanProcessor(exporter))
    async with running_gateway(settings, registry=registry, tracing=spans) as gateway:
        yield Scene(gateway, exporter)
    spans.shutdown()


@pytest.fixture
def script() -> Script:
    """What the pipelines of `scene` do."""
    return Script()


@pytest.fixture
async def scene(settings: Settings, script: Script) -> AsyncIterator[Scene]:
    """A traced gateway whose pipelines are scripted."""
    async with traced(settings, Registry({"v1": script, "v2": script}, {})) as opened:
        yield opened
