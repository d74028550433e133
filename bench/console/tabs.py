"""Tabs that are open: each holds a stream and asks for its part of the page every ten seconds, and at each change.

A process of its own: `python -m bench.console.tabs URL TABS`, until it is terminated; it says what it got then.
"""

import asyncio
import random
import signal
import sys
from dataclasses import dataclass, field

import httpx

from bench.console.pages import PAGES
from bench.console.plant import cookie

EVERY_SECONDS = 10.0


@dataclass(slots=True)
class Got:
    """What all tabs got."""

    parts: int = 0
    events: int = 0
    failed: list[str] = field(default_factory=list)


async def keep_open(client: httpx.AsyncClient, path: str, got: Got) -> None:
    """One tab, from some moment of the ten seconds on."""
    changed = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listen(client, changed, got))
        await asyncio.sleep(random.uniform(0, EVERY_SECONDS))
        while True:
            try:
                (await client.get(path, headers={"HX-Request": "true"})).raise_for_status()
                got.parts += 1
            except httpx.HTTPError as error:
                got.failed.append(f"{path}: {error!r}")
            changed.clear()
            try:
                await asyncio.wait_for(changed.wait(), EVERY_SECONDS)
            except TimeoutError:
                continue


async def listen(client: httpx.AsyncClient, changed: asyncio.Event, got: Got) -> None:
    """Its stream."""
    async with client.stream("GET", "/console/stream", timeout=None) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            got.events += line.startswith("event:")
            if line == "event: changed":
                changed.set()


async def run(url: str, tabs: int) -> None:
    got, ended = Got(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=url, headers=cookie(), timeout=60, limits=limits) as client:
        open_tabs = [asyncio.create_task(keep_open(client, PAGES[n % len(PAGES)], got)) for n in range(tabs)]
        await asyncio.wait([asyncio.create_task(ended.wait()), *open_tabs], return_when=asyncio.FIRST_COMPLETED)
        for one in open_tabs:
            one.cancel()
        ends = await asyncio.gather(*open_tabs, return_exceptions=True)
    got.failed += [repr(end) for end in ends if not isinstance(end, asyncio.CancelledError)]
    print(f"{got.parts} parts of pages, {got.events} events, {len(got.failed)} failed {got.failed[:3]}", flush=True)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
