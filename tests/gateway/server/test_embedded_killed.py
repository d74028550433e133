"""The embedded Postgres killed under load: the process that uses it starts it again, and what it accepted completes."""

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.scene

KILLS = int(os.environ.get("KILLS", "3"))
SECONDS = 180.0  # a busy machine is slow, not wrong
CALLERS = 3
WORDS = "My name is Ana. I live in Lisbon and I love painting lighthouses."


@asynccontextmanager
async def serving(data_dir: Path) -> AsyncIterator[httpx.AsyncClient]:
    """`gateway serve` on its embedded Postgres."""
    environment = {**os.environ, "DATA_DIR": str(data_dir)}
    environment.pop("DATABASE_URL", None)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", "--port", "0", env=environment, stdout=PIPE, stderr=DEVNULL
    )
    try:
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), SECONDS)
        async with httpx.AsyncClient(base_url=line.decode().split()[-1], timeout=30) as client:
            yield client
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Load:
    """Callers that go on whatever they hear, and remember what they were promised."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.accepted: list[str] = []
        self.statuses: set[int] = set()
        self._client = client

    async def call(self, caller: int) -> None:
        for number in range(10**9):
            body = {"user_id": f"{caller}-{number}", "conversations": [{"id": "c", "messages": [said(number)]}]}
            answer = await self._client.post("/process-full", json=body)
            self.statuses.add(answer.status_code)
            if answer.status_code == 200:
                self.accepted.append(answer.json()["job_id"])
            await asyncio.sleep(0.1)


def said(number: int) -> dict[str, str]:
    return {"role": "user", "content": f"{WORDS} This is the {number}th time that I say so."}


async def until_ready(client: httpx.AsyncClient, *, is_ready: bool = True) -> float:
    began = time.monotonic()
    while (await client.get("/ready")).is_success != is_ready:
        assert time.monotonic() - began < SECONDS
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def test_what_was_accepted_completes_however_often_the_server_is_killed() -> None:
    with tempfile.TemporaryDirectory(prefix="killed-", ignore_cleanup_errors=True) as folder:
        async with serving(Path(folder)) as client, asyncio.TaskGroup() as tasks:
            await until_ready(client)
            load = Load(client)
            calling = [tasks.create_task(load.call(caller)) for caller in range(CALLERS)]
            back = []
            for _ in range(KILLS):
                await asyncio.sleep(random.uniform(0.5, 3.0))
                pid_file = Path(folder) / "postgres" / "pgdata" / "postmaster.pid"
                os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
                await until_ready(client, is_ready=False)
                back.append(await until_ready(client))
            for task in calling:
                task.cancel()
            assert load.accepted
            assert load.statuses <= {200, 503}
            for job_id in load.accepted:
                await until_complete(client, job_id)
    seconds = ", ".join(f"{one:.1f}" for one in sorted(back))
    print(f"\n{KILLS} kills, {len(load.accepted)} accepted, all complete; ready again after {seconds} s")


async def until_complete(client: httpx.AsyncClient, job_id: str) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            answer = await client.get(f"/jobs/{job_id}")
            assert answer.status_code == 200, answer.text
            if answer.json()["status"] == "complete":
                return
            assert answer.json()["status"] in ("pending", "processing"), answer.text
            await asyncio.sleep(0.1)
