"""Requests at a steady rate to all processes, half a share of them for the candidate; what callers got is kept."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.flips.fleet import Fleet
from gateway.cli.rehearsal.invented_users.chatgpt import make_export

PATH = "user-imports/{}/raw-1.json"


@dataclass(slots=True)
class Seen:
    """What callers saw."""

    statuses: Counter[int] = field(default_factory=Counter)
    fields: Counter[tuple[str, ...]] = field(default_factory=Counter)
    jobs: set[str] = field(default_factory=set)


def write_export(fleet: Fleet, user: str, body: bytes) -> None:
    """Put a user's export in place."""
    path: Path = fleet.folder / "data" / "exports" / PATH.format(user)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


@asynccontextmanager
async def loaded(fleet: Fleet, per_second: float, *, exports: bool = False) -> AsyncIterator[Seen]:
    """Load for as long as this is open. A missing export ends its job right after the start: starts are cheap then."""
    seen, running = Seen(), set[asyncio.Task[None]]()
    export = make_export(1, 5, datetime(2025, 6, 1, tzinfo=UTC)).body

    async def ask(number: int) -> None:
        user = f"user-{number}"
        if exports:
            await asyncio.to_thread(write_export, fleet, user, export)
        body = {"user_id": user, "storage_path": PATH.format(user)}
        answer = await fleet.client.post(f"{fleet.urls[number % len(fleet.urls)]}/process-full", json=body)
        seen.statuses[answer.status_code] += 1
        if answer.status_code == 200:
            seen.fields[tuple(sorted(answer.json()))] += 1
            seen.jobs.add(answer.json()["job_id"])

    async def send() -> None:
        begun = asyncio.get_running_loop().time()
        first = int(datetime.now(UTC).timestamp() * 1000)
        for n in itertools.count():
            await asyncio.sleep(max(0.0, begun + n / per_second - asyncio.get_running_loop().time()))
            task = asyncio.create_task(ask(first + n))
            running.add(task)
            task.add_done_callback(running.discard)

    sender = asyncio.create_task(send())
    try:
        yield seen
    finally:
        sender.cancel()
        await asyncio.gather(sender, *running, return_exceptions=True)
