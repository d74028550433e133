"""While jobs keep every processor busy, the event loop stays free: platforms get their answers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.config.settings import Settings
from gateway.services import build_shadows
from gateway.worker.worker import Worker
from tests.conftest import settings_for
from tests.live_gateway import LiveGateway, running_gateway

JOBS = 4
CONVERSATIONS = 4_000
END = ("complete", "failed")
UNTIL = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def busy(database_url: str, tmp_path: Path) -> AsyncIterator[LiveGateway]:
    """A gateway with a worker beside it, as in production, that runs four jobs at once."""
    settings: Settings = settings_for(database_url, data_dir=tmp_path, worker_concurrency=JOBS, drain_seconds=0.5)
    async with running_gateway(settings) as gateway:
        worker = Worker(gateway.services, open_shadows=build_shadows)
        running = asyncio.create_task(worker.run())
        try:
            yield gateway
        finally:
            worker.stop()
            await running


async def statuses(gateway: LiveGateway) -> list[str]:
    return [job["status"] for job in await gateway.jobs()]


async def test_health_is_answered_all_the_time_while_four_heavy_jobs_run(busy: LiveGateway, tmp_path: Path) -> None:
    for number in range(JOBS):
        path = f"user-imports/u{number}/raw-1.json"
        target = tmp_path / "exports" / path
        target.parent.mkdir(parents=True)
        target.write_bytes(make_export(number, CONVERSATIONS, UNTIL).body)
        await busy.post({"user_id": f"u{number}", "storage_path": path})
    answers = 0
    async with asyncio.timeout(180):
        while not all(status in END for status in await statuses(busy)):
            assert (await busy.client.get("/health")).status_code == 200
            answers += 1
    assert await statuses(busy) == ["complete"] * JOBS
    assert answers > 20  # a loop that waits for a job would give one answer a job
