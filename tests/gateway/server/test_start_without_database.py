"""Processes that start while the database is down: they say so, wait, and work as soon as it is there."""

import asyncio
import os
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest

from gateway.cli.rehearsal.invented_users.chatgpt import make_export
from gateway.database.embedded_postgres import EmbeddedPostgres

pytestmark = pytest.mark.scene

SECONDS = 150.0  # a busy machine is slow, not wrong
JOB = {"user_id": "u", "storage_path": "user-imports/u/raw-1.json"}


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A Postgres that exists and is down."""
    with tempfile.TemporaryDirectory(prefix="soulprint-pg-", ignore_cleanup_errors=True) as folder:
        own = EmbeddedPostgres(Path(folder) / "pg", {"fsync": "off"})
        own.start()
        own.stop_server()
        yield own
        own.close()


@asynccontextmanager
async def gateway(server: EmbeddedPostgres, data_dir: Path, *arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """A process of the gateway, with the last word of what it announces: its URL, for `serve`."""
    environment = {**os.environ, "DATABASE_URL": server.url, "DATA_DIR": str(data_dir), "METRICS_PORT": "0"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", *arguments,
        env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), SECONDS)
        yield process, line.decode().split()[-1]
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_ready(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(SECONDS):
        while (await client.get("/ready")).status_code != 200:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)


async def until_complete(url: str) -> None:
    async with asyncio.timeout(SECONDS), await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        query = "select 1 from processing_jobs where status = 'complete'"
        while await (await connection.execute(query)).fetchone() is None:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)


@pytest.mark.timeout(600)
async def test_api_and_worker_wait_for_the_database_and_then_work(server: EmbeddedPostgres, tmp_path: Path) -> None:
    export = tmp_path / "exports" / JOB["storage_path"]
    export.parent.mkdir(parents=True)
    export.write_bytes(make_export(1, 5, datetime(2025, 6, 1, tzinfo=UTC)).body)
    async with (
        gateway(server, tmp_path, "serve", "--port", "0", "--no-worker") as (_, url),
        gateway(server, tmp_path, "worker"),
        httpx.AsyncClient(base_url=url, timeout=180) as client,
    ):
        assert (await client.get("/health")).status_code == 200
        ready = await client.get("/ready")
        assert (ready.status_code, ready.json()["checks"]["database"]["ok"]) == (503, False)
        refused = await client.post("/process-full", json=JOB)
        assert (refused.status_code, refused.json()) == (503, {"detail": "the database is not available"})
        assert int(refused.headers["retry-after"]) > 0
        await asyncio.to_thread(server.start_server)
        await until_ready(client)
        assert (await client.post("/process-full", json=JOB)).status_code == 200
        await until_complete(server.url)


async def test_a_process_that_waits_can_be_stopped(server: EmbeddedPostgres, tmp_path: Path) -> None:
    async with gateway(server, tmp_path, "serve", "--port", "0") as (process, _):
        assert process.returncode is None
