"""A stop while the database hangs or is gone takes a bounded time; what ran is run again by another process."""

import asyncio
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gateway.database.embedded_postgres import EmbeddedPostgres
from tests.gateway.server.test_process import serving, until_ready

pytestmark = [pytest.mark.scene, pytest.mark.slow]
STOP_SECONDS = 60.0  # DRAIN_SECONDS and some waits of a few seconds each; for ever is what is not meant
SAID = "I live in Oslo, and I have said so many times. " * 40
LONG = [{"id": str(n), "messages": [{"role": "user", "content": f"{n}: {SAID}"}]} for n in range(800)]


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A server of its own."""
    with tempfile.TemporaryDirectory(prefix="soulprint-pg-", ignore_cleanup_errors=True) as folder:
        own = EmbeddedPostgres(Path(folder) / "pg", {"fsync": "off"})
        own.start()
        yield own
        own.close()


def processes_of(server: EmbeddedPostgres) -> list[int]:
    main = int((server.pgdata / "postmaster.pid").read_text().splitlines()[0])
    found = subprocess.run(["pgrep", "-P", str(main)], capture_output=True, text=True, check=False)
    return [main, *map(int, found.stdout.split())]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
async def test_a_process_stops_in_bounded_time_and_its_job_goes_on_elsewhere(
    server: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: signal.Signals
) -> None:
    monkeypatch.setenv("DRAIN_SECONDS", "1")
    monkeypatch.setenv("HEARTBEAT_SECONDS", "0.5")
    monkeypatch.setenv("STALLED_AFTER_SECONDS", "3")
    async with serving(server.url, tmp_path) as (process, url):
        async with httpx.AsyncClient(base_url=url, timeout=180) as client:
            await until_ready(client)
            job_id = (await client.post("/process-full", json={"user_id": "u", "conversations": LONG})).json()["job_id"]
            await until_status(client, job_id, "processing")
        stopped = processes_of(server)
        for pid in stopped:
            os.kill(pid, fault)
        process.send_signal(signal.SIGTERM)
        try:
            assert await asyncio.wait_for(process.wait(), STOP_SECONDS) == 0
        finally:
            if fault == signal.SIGSTOP:
                for pid in stopped:
                    os.kill(pid, signal.SIGCONT)
            else:
                await asyncio.to_thread(server.start_server)
    async with serving(server.url, tmp_path) as (_, url), httpx.AsyncClient(base_url=url, timeout=180) as client:
        await until_status(client, job_id, "complete")


async def until_status(client: httpx.AsyncClient, job_id: str, status: str) -> None:
    async with asyncio.timeout(120):
        while (await client.get(f"/jobs/{job_id}")).json()["status"] != status:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
