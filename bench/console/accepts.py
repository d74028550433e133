"""What accepts take, with no tab open and with many, in turns in one run."""

import asyncio
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

CONNECTIONS = 8
PAUSE_SECONDS = 0.05  # of each connection between an answer and the next request: no load is at its limit
SETTLE_SECONDS = 11.0  # until each tab has asked once


async def accept(url: str, seconds: float) -> list[float]:
    """Milliseconds of each accept. Raises HTTPStatusError for one that is refused."""
    took: list[float] = []
    until = time.perf_counter() + seconds
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:

        async def one_after_the_other() -> None:
            while time.perf_counter() < until:
                user = secrets.token_hex(8)
                body = {"user_id": user, "storage_path": f"user-imports/{user}/raw-1.json", "conversation_count": 412}
                began = time.perf_counter()
                (await client.post("/process-full", json=body)).raise_for_status()
                took.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(PAUSE_SECONDS)

        await asyncio.gather(*(one_after_the_other() for _ in range(CONNECTIONS)))
    return took


@contextmanager
def open_tabs(url: str, tabs: int) -> Iterator[None]:
    """While the block runs."""
    process = subprocess.Popen([sys.executable, "-m", "bench.console.tabs", url, str(tabs)])
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


async def in_turns(url: str, tabs: int, blocks: int, seconds: float) -> dict[int, list[list[float]]]:
    """Blocks of accepts by how many tabs are open; which comes first changes from pair to pair."""
    took: dict[int, list[list[float]]] = {0: [], tabs: []}
    await accept(url, 3)
    for number in range(blocks):
        for count in (0, tabs) if number % 2 == 0 else (tabs, 0):
            if not count:
                took[0].append(await accept(url, seconds))
                continue
            with open_tabs(url, tabs):
                await asyncio.sleep(SETTLE_SECONDS)
                took[tabs].append(await accept(url, seconds))
    return took
