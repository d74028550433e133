"""Times of pages as a tab asks for them that was opened before, each beside `/ready`, in turns.

And the server's processor time meanwhile, which a busy machine makes no longer."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
import psutil

from bench.console.plant import cookie

READY = "/ready"
PAGES = (
    "/console/now",
    "/console/safe",
    "/console/compare",
    "/console/compare?since=30d&order=all",
    "/console/compare/00000000-0000-0000-0000-0000000003e8",
    "/console/who",
    "/console/who?since=7d&version=v2",
    "/console/who?subject=u77",
    "/console/history",
    "/console/jobs",
    "/console/jobs?since=7d&status=failed",
)
ROUND_SECONDS = 2.6  # longer than the quickest reads are kept, so that each page reads anew


@dataclass(slots=True)
class Times:
    """Milliseconds of each answer, the first visit to a page apart, and how many answers lacked a part."""

    first: float = 0.0
    cpu: float = 0.0  # of the server, all answers together
    later: list[float] = field(default_factory=list)
    lacking: int = 0

    def at(self, share: float) -> float:
        """The percentile."""
        ordered = sorted(self.later)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def measure(url: str, server: psutil.Process, rounds: int, paths: Sequence[str] = PAGES) -> dict[str, Times]:
    """Each page once a round, with `/ready` before it."""
    times = {path: Times() for path in (READY, *paths)}
    async with httpx.AsyncClient(base_url=url, headers=cookie(), timeout=60) as client:
        for number in range(rounds + 1):
            began = time.perf_counter()
            for path in paths:
                await ask(client, READY, times[READY], number)
                before = sum(server.cpu_times()[:2])
                await ask(client, path, times[path], number)
                times[path].cpu += (sum(server.cpu_times()[:2]) - before) * 1000 if number else 0.0
            await asyncio.sleep(max(0.0, ROUND_SECONDS - (time.perf_counter() - began)))
    return times


async def ask(client: httpx.AsyncClient, path: str, into: Times, number: int) -> None:
    """One answer. Raises HTTPStatusError for one that is not 200."""
    began = time.perf_counter()
    answer = (await client.get(path)).raise_for_status()
    took = (time.perf_counter() - began) * 1000
    if number == 0:
        into.first = took
        return
    into.later.append(took)
    into.lacking += 'aria-busy="true"' in answer.text or "takes longer than" in answer.text
