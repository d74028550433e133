"""Runs a data rollback to its end, batch by batch; what was killed goes on where it was."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import Gauge

from gateway.restore.model import Run, Users
from gateway.restore.store import RestoreStore
from gateway.rollout.history import By

BATCH = 500  # users a transaction
PASSES = 3  # users who were being written to are looked at again
PAUSE_SECONDS = 0.5  # before that

Seen = Callable[[int], None]  # told how many users each batch restored


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended."""

    run: Run
    users: Users  # who is left, counted afterwards
    superseded: bool = False


async def restore(
    store: RestoreStore, target: str, by: By, *, batch: int = BATCH, seen: Seen = lambda _users: None
) -> Report:
    """Put back the results of `target`: begin a run, or go on with the unfinished one."""
    return await drive(store, await store.begin(target, by), by, batch=batch, seen=seen)


async def drive(
    store: RestoreStore, run: Run, by: By, *, batch: int = BATCH, seen: Seen = lambda _users: None
) -> Report:
    """Take a run to its end. Any number of processes may do so at once: each batch holds the run."""
    for turn in range(PASSES):
        if turn:
            await asyncio.sleep(PAUSE_SECONDS)
            await store.rewind(run)
        while done := await store.restore_batch(run, batch):
            if not done.looked_at:
                break
            seen(done.restored)
        users = await store.count(run.target, run.started_at)
        if done is None or users.restorable == users.published_since:
            break
    await store.finish(run, by, users)
    latest = await store.latest()
    return Report(latest or run, users, superseded=latest is None or latest.id != run.id)


class Restorer:
    """One a worker: drives the runs that were asked for over HTTP, whoever dies meanwhile."""

    def __init__(self, store: RestoreStore, restored: Gauge) -> None:
        self._store = store
        self._restored = restored  # by pipeline

    async def look(self) -> None:
        """Take each run to its end that is for workers. Raises psycopg.Error."""
        while (run := await self._store.ordered()) is not None:
            await drive(RestoreStore(self._store.pool, run.source), run, By(run.actor, "http", run.why))
        for target, users in (await self._store.restored_by_target()).items():
            self._restored.labels(target).set(users)
