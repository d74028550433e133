"""The real process: it starts, answers, and stops in order at a signal."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

START_SECONDS = 180
STOP_SECONDS = 25


@asynccontextmanager
async def serving(database_url: str, data_dir: Path, *options: str) -> AsyncIterator[tuple[Process, str]]:
    """`gateway serve` on a free port, with the base URL that it announces."""
    environment = {**os.environ, "DATABASE_URL": database_url, "DATA_DIR": str(data_dir), "TERM": "dumb"}
    with (data_dir / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gateway", "serve", "--port", "0", *options,
            env=environment, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
        yield process, line.decode().split()[-1]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_ready(client: httpx.AsyncClient) -> httpx.Response:
    """The first answer of /ready that is 200."""
    async with asyncio.timeout(START_SECONDS):
        while (answer := await client.get("/ready")).status_code != 200:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)
    return answer


@pytest.mark.parametrize(
    ("options", "checks"),
    [
        ((), {"database", "flags", "candidate", "worker", "confinement"}),
        (("--no-worker",), {"database", "flags", "candidate", "worker"}),
    ],
)
async def test_process_serves_and_stops_in_order_at_sigterm(
    database_url: str, tmp_path: Path, options: tuple[str, ...], checks: set[str]
) -> None:
    body = {"user_id": "u", "storage_path": "user-imports/u/raw.json"}
    async with (
        serving(database_url, tmp_path, *options) as (process, url),
        httpx.AsyncClient(base_url=url, timeout=180) as client,
    ):
        assert set((await until_ready(client)).json()["checks"]) == checks
        assert (await client.post("/process-full", json=body)).status_code == 200
        process.send_signal(signal.SIGTERM)  # with a kept-alive connection open
        assert await asyncio.wait_for(process.wait(), STOP_SECONDS) == 0


@pytest.mark.parametrize(("origins", "told"), [("", 1), ("https://app.example.com", 0)])
async def test_the_start_log_says_when_no_web_page_may_call(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origins: str, told: int
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", origins)
    async with serving(database_url, tmp_path) as (_, url), httpx.AsyncClient(base_url=url, timeout=180) as client:
        await until_ready(client)
        assert (tmp_path / "log").read_text().count("cors_closed") == told
