"""A worker process that is paused in the midst of a job and goes on after somebody else did it: it changes nothing."""

import asyncio
import json
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from bench.chaos.load import UNTIL, Order, send
from bench.chaos.scene import BackEnd, Scene
from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from tests.gateway.jobs.conftest import until

pytestmark = pytest.mark.scene

PATH = "user-imports/ann/raw-1.json"
CONVERSATIONS = 3_000  # a second or two of work
SECONDS = 240.0


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """An API and its database, with one long export, no worker yet."""
    with tempfile.TemporaryDirectory(prefix="soulprint-paused-", ignore_cleanup_errors=True) as folder:
        settings = {"LOG_LEVEL": "info", "LOG_FORMAT": "json", "HEARTBEAT_SECONDS": "0.5", "STALLED_AFTER_SECONDS": "6"}
        back_end = BackEnd()
        stage = Scene(Path(folder), back_end, settings)
        await asyncio.to_thread(stage.postgres.start)
        export = stage.exports / PATH
        export.parent.mkdir(parents=True)
        export.write_bytes(make_export(1, CONVERSATIONS, UNTIL).body)
        try:
            async with back_end.serving():
                stage.start_api()
                await stage.ready()
                yield stage
        finally:
            await asyncio.to_thread(stage.stop)
            await asyncio.to_thread(stage.postgres.close)


async def job_of(scene: Scene) -> dict[str, Any]:
    async with await psycopg.AsyncConnection.connect(scene.postgres.url, row_factory=dict_row) as connection:
        query = "select j.*, p.result_job_id from processing_jobs j left join user_profiles p using (user_id)"
        return await (await connection.execute(query)).fetchone() or {}


def when(scene: Scene, truth: Callable[[dict[str, Any]], Any]) -> Callable[[], Awaitable[dict[str, Any] | None]]:
    async def look() -> dict[str, Any] | None:
        job = await job_of(scene)
        return job if truth(job) else None

    return look


def outcomes(scene: Scene) -> list[str]:
    """How runs ended, as the workers logged it."""
    lines = (scene.folder / "processes.log").read_text().splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    return [event["outcome"] for event in events if event["event"] == "job_ended"]


@pytest.mark.slow
async def test_a_paused_worker_that_goes_on_is_refused(scene: Scene) -> None:
    await send([Order("ann", PATH, v2=False)], scene.url, seconds=0.0)
    scene.start_worker()
    (paused,) = scene.workers
    claimed = await until(when(scene, lambda job: job["worker"]), SECONDS)
    paused.send_signal(signal.SIGSTOP)
    try:
        assert f":{paused.pid}:" in claimed["worker"]
        assert (await job_of(scene))["status"] == "processing"
        scene.start_worker()
        done = await until(when(scene, lambda job: job["status"] == "complete"), SECONDS)
        assert f":{paused.pid}:" not in done["worker"]
        assert (done["attempts"], done["result_job_id"]) == (2, done["id"])
    finally:
        paused.send_signal(signal.SIGCONT)

    async def both_ended() -> bool:
        return len(outcomes(scene)) == 2

    await until(both_ended, SECONDS)
    assert sorted(outcomes(scene)) == ["complete", "lost"]
    assert await job_of(scene) == done

    async def told() -> bool:
        return bool(scene.back_end.keys)

    await until(told, SECONDS)
    assert set(scene.back_end.keys.values()) == {1}
