"""The judge: watches for half-written data while the test runs, and counts what came out of it."""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from bench.chaos.load import Accepted, kind_of
from gateway.cli.rehearsal.drill.fault import REASONS
from gateway.database.pool import load_sql

SQL = load_sql(Path(__file__).with_name("judge.sql"))
BY_THE_FAULT = {reason for reason in REASONS.values() if reason}  # for which a job of v2 may fail
BAD = ("lost", "failed otherwise", "not ended", "results that differ", "half-written data seen",
       "callbacks for one job twice", "jobs of one user together or out of order", "callbacks never delivered",
       "left over: staged, inputs, entries", "processes left over")  # fmt: skip
History = tuple[tuple[str, int], ...]  # the pipelines and exports of a user's complete jobs, in order
Results = dict[str, tuple[str, str]]  # what each user has: a digest of what is published, and what is said of it


@dataclass(slots=True)
class Watch:
    """Looks again and again, each time in one snapshot, for a user with half a result."""

    url: str
    looks: int = 0
    torn: set[str] = field(default_factory=set)

    async def run(self) -> None:
        while True:
            began = time.monotonic()
            with contextlib.suppress(psycopg.OperationalError):
                self.torn |= {row[0] for row in await rows(self.url, "half_written")}
                self.looks += 1
            await asyncio.sleep(max(0.3, 10 * (time.monotonic() - began)))  # it is not to be the load


class Job(NamedTuple):
    """A job as the database has it in the end."""

    id: str
    user: str
    status: str
    attempts: int
    error: str | None
    pipeline: str
    reason: str
    path: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is in the database in the end."""

    jobs: list[Job]  # in the order in which they were accepted
    messages: dict[str, str]  # callbacks, and the jobs that they are about
    results: Results
    together: int
    left: tuple[int, int, int, int]

    def histories(self) -> dict[str, History]:
        """For each user, what completed. The same export twice by the same pipeline is once."""
        found: dict[str, list[tuple[str, int]]] = {}
        for job in self.jobs:
            done = (job.pipeline, kind_of(job.path))
            if job.status == "complete" and found.setdefault(job.user, [])[-1:] != [done]:
                found[job.user].append(done)
        return {user: tuple(history) for user, history in found.items()}


@dataclass(frozen=True, slots=True)
class Storm:
    """The disturbed run: what it left, what callers were promised, what was seen meanwhile."""

    outcome: Outcome
    accepted: Accepted
    watch: Watch
    delivered: Set[str]  # callbacks that came


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


async def read_outcome(url: str) -> Outcome:
    """Once all has ended."""
    return Outcome(
        jobs=[Job(*row) for row in await rows(url, "jobs")],
        messages=dict(await rows(url, "messages")),
        results={user: (published, state) for user, published, state in await rows(url, "results")},
        together=len(await rows(url, "together")),
        left=(await rows(url, "left_over"))[0],
    )


def judge(storm: Storm, undisturbed: Mapping[History, tuple[str, str]], processes: int) -> Verdict:
    """Compare what is in the database with what was promised, and with runs of the same jobs that nothing disturbed.

    `processes`: how many outlived all that had started them.
    """
    outcome, accepted = storm.outcome, storm.accepted
    jobs, messages = outcome.jobs, outcome.messages
    complete = {job.id for job in jobs if job.status == "complete"}
    failed = [job for job in jobs if job.status == "failed"]
    others = [job for job in failed if job.error not in BY_THE_FAULT or job.pipeline != "v2"]
    staged, inputs, entries, undelivered = outcome.left
    counts = {
        "accepted": len(accepted.jobs),
        "complete": len(complete),
        "failed by v2's fault": len(failed) - len(others),
        "failed otherwise": len(others),
        "not ended": len(jobs) - len(complete) - len(failed),
        "lost": len(accepted.jobs - {job.id for job in jobs}),
        "turned from v2 to v1 by a rollback": sum(job.reason == "rolled_back" for job in jobs),
        "run more than once": sum(job.attempts > 1 for job in jobs),
        "results compared": len(outcome.histories()),
        "results that differ": len(differing(outcome, undisturbed)),
        "half-written data seen": len(storm.watch.torn),
        "looks for it": storm.watch.looks,
        "jobs of one user together or out of order": outcome.together,
        "callbacks written": len(messages),
        "callbacks for one job twice": len(messages) - len(set(messages.values())),
        "callbacks never delivered": len(messages.keys() - storm.delivered) + undelivered,
        "left over: staged, inputs, entries": staged + inputs + entries,
        "processes left over": processes,
    }
    faults = [f"{name}: {counts[name]}" for name in BAD if counts[name]]
    if set(messages.values()) != complete:
        faults.append("callbacks and complete jobs are not the same")
    faults += [f"{job.user} {job.pipeline}: {job.error}" for job in others][:5]
    return Verdict(counts, faults)


def differing(outcome: Outcome, undisturbed: Mapping[History, tuple[str, str]]) -> list[str]:
    """Users whose result is not that of the same jobs undisturbed. Of one whose last job failed, only what is said of
    the result may differ."""
    last = {job.user: job.status for job in outcome.jobs}
    wrong = []
    for user, history in outcome.histories().items():
        published, state = outcome.results[user]
        expected, expected_state = undisturbed[history]
        if published != expected or (last[user] == "complete" and state != expected_state):
            wrong.append(user)
    return wrong


async def rows(url: str, name: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, connect_timeout=5) as connection:
        return await (await connection.execute(SQL[name])).fetchall()
