"""Comparisons over a fake provider's batch interface."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.language.batches import Batches
from gateway.language.metrics import count_language
from gateway.language.price_list import look_up
from pipelines.language.provider.batches.desk import BatchDesk
from pipelines.language.provider.calls.client import Asker
from pipelines.language.provider.calls.events import Notice
from pipelines.language.provider.calls.retry import CallLimit
from pipelines.language.provider.engine import ProviderLanguage, count_nothing
from pipelines.language.provider.vendors import via_anthropic, via_openai
from pipelines.registry import find_pipelines
from tests.fakes.provider import FakeProvider, running_provider
from tests.gateway.jobs.conftest import until
from tests.gateway.shadow import guests
from tests.gateway.shadow.conftest import OpenBench, ShadowBench
from tests.pipelines.language.provider.conftest import QUICK

MODELS = {"anthropic": "claude-haiku-5-5", "openai": "gpt-6-luna"}
DUE = "update gateway.shadow_batches set look_at = now() where handle is not null"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with running_provider(metered=True) as running:
        yield running


@dataclass
class Batched:
    """A bench whose comparisons ask by batches; users' jobs ask nobody."""

    bench: ShadowBench
    provider: FakeProvider

    async def accept(self, user: str = "ann", shadow: str = "other") -> str:
        path = f"user-imports/{user}/raw-1.json"
        job: str = (await self.bench.accept(user, pipeline="v1", shadow=shadow, path=path)).job_id
        body = make_export(3, 6, datetime(2026, 5, 1, tzinfo=UTC)).body
        await asyncio.to_thread((self.bench.settings.data_dir / "exports" / path).write_bytes, body)
        return job

    async def run(self, job: str) -> dict[str, Any]:
        return await self.bench.row("select * from gateway.shadow_runs where job_id = %s", job)

    async def aside(self, job: str, batches: int = 1) -> dict[str, Any]:
        """Its row, once that many batches were sent for it and it is aside."""

        async def put() -> dict[str, Any] | None:
            row = await self.run(job)
            sent = await self.bench.rows("select 1 from gateway.shadow_batches where status = 'sent'")
            return row if (row.get("status"), row.get("batches")) == ("aside", batches) and sent else None

        found: dict[str, Any] = await until(put, 150)
        return found

    async def to_the_end(self, job: str) -> dict[str, Any]:
        """Its row: each batch that is sent ends at once, as it is asked for."""

        async def over() -> dict[str, Any] | None:
            self.provider.batches.end()
            await self.bench.execute(DUE)
            row = await self.run(job)
            return row if row.get("status") == "done" else None

        found: dict[str, Any] = await until(over, 240)
        return found

    async def look(self) -> None:
        await self.bench.execute("update gateway.shadow_batches set look_at = now()")

    async def kept(self) -> tuple[int, int]:
        """Rows of batches and answers."""
        tables = "gateway.shadow_batches", "gateway.shadow_answers"
        batches, answers = [len(await self.bench.rows(f"select 1 from {table}")) for table in tables]
        return batches, answers


@asynccontextmanager
async def open_batched(
    open_bench: OpenBench,
    provider: FakeProvider,
    vendor: str = "anthropic",
    desk_type: type[BatchDesk] = BatchDesk,
    **changes: Any,
) -> AsyncIterator[Batched]:
    model = MODELS[vendor]
    if vendor == "anthropic":
        connection = via_anthropic.connect(model, "key", provider.url)
    else:
        connection = via_openai.connect_batches(model, "key", provider.openai_url)
    counted: list[Any] = []

    def notify(notice: Notice, amount: float) -> None:
        counted[0](notice, amount)

    line = CallLimit(3, QUICK, notify=notify)
    asker = Asker(connection.model, connection.name, line, marks=connection.marks)
    assert connection.batches is not None
    desk = desk_type(asker, connection.model, connection.batches, count_nothing)
    batches = Batches(desk, look_up(vendor, model, batch=True))
    v2 = find_pipelines().usable["v2"]
    patient = {"shadow_timeout_seconds": 120.0, "shadow_wait_seconds": 120.0}
    engines = {"language": ProviderLanguage(asker), "batches": batches}
    try:
        async with open_bench(**{"v1": guests.good, "v2": v2} | engines | patient | changes) as bench:
            counted.append(count_language(bench.services.metrics))
            yield Batched(bench, provider)
    finally:
        await connection.close()


@pytest.fixture
def batched(open_bench: OpenBench, provider: FakeProvider) -> Any:
    """Opens it: `batched("openai", shadow_judge=True)`."""
    return partial(open_batched, open_bench, provider)
