"""The judge: watches for half-written data while the test runs, and counts what came out of it."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.chaos.load import Accepted
from bench.chaos.scene import BackEnd
from gateway.database.pool import load_sql

SQL = load_sql(Path(__file__).with_name("judge.sql"))
Results = dict[str, tuple[Any, ...]]


@dataclass(slots=True)
class Watch:
    """Looks again and again, each time in one snapshot, for a user with half a result."""

    url: str
    looks: int = 0
    torn: set[str] = field(default_factory=set)

    async def run(self) -> None:
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                self.torn |= {row[0] for row in await rows(self.url, "half_written")}
                self.looks += 1
            await asyncio.sleep(0.3)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The counts of a run, and what is wrong with them."""

    counts: dict[str, int]
    faults: list[str]


async def all_ended(url: str, seconds: float) -> None:
    """Wait until no job is open and no message waits. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                ((open_jobs,),) = await rows(url, "open_jobs")
                ((_, _, entries, undelivered),) = await rows(url, "left_over")
                if open_jobs == entries == undelivered == 0:
                    return
            await asyncio.sleep(0.3)


async def judge(url: str, accepted: Accepted, undisturbed: Results, watch: Watch, back_end: BackEnd) -> Verdict:
    """Compare what is in the database with what was promised."""
    jobs = {row[0]: row for row in await rows(url, "jobs")}
    messages = dict(await rows(url, "messages"))
    results = await read_results(url)
    ((staged, inputs, entries, undelivered),) = await rows(url, "left_over")
    complete = {job for job, row in jobs.items() if row[2] == "complete"}
    different = [user for user in undisturbed if results.get(user) != undisturbed[user]]
    counts = {
        "accepted": len(accepted.jobs),
        "complete": len(complete),
        "lost": len(accepted.jobs - jobs.keys()),
        "not complete": len(jobs.keys() - complete),
        "run more than once": sum(row[3] > 1 for row in jobs.values()),
        "results that differ": len(different),
        "half-written data seen": len(watch.torn),
        "looks for it": watch.looks,
        "jobs of one user together or out of order": len(await rows(url, "together")),
        "callbacks written": len(messages),
        "callbacks for one job twice": len(messages) - len(set(messages.values())),
        "callbacks never delivered": len(messages.keys() - back_end.keys.keys()) + undelivered,
        "left over: staged, inputs, entries": staged + inputs + entries,
    }
    bad = ("lost", "not complete", "results that differ", "half-written data seen", "callbacks for one job twice",
           "jobs of one user together or out of order", "callbacks never delivered",
           "left over: staged, inputs, entries")  # fmt: skip
    faults = [f"{name}: {counts[name]}" for name in bad if counts[name]]
    if set(messages.values()) != complete:
        faults.append("callbacks and complete jobs are not the same")
    faults += [f"{row[0]}: {row[4]}" for row in jobs.values() if row[2] != "complete"][:5]
    return Verdict(counts, faults)


async def read_results(url: str) -> Results:
    return {row[0]: row for row in await rows(url, "results")}


async def rows(url: str, name: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as connection:
        return await (await connection.execute(SQL[name])).fetchall()
