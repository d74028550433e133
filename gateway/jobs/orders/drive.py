"""Carries orders for many jobs out to their end; what was killed goes on behind the last batch that it finished."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import psycopg
import structlog

from gateway.config.moments import parse_moment
from gateway.database.pool import Connection, Pool
from gateway.jobs.listing import WantedJobs
from gateway.jobs.orders.model import LARGEST, JobOrder
from gateway.jobs.orders.store import SQL, Place, hold_order, order_under_way, pick_jobs, read_order
from gateway.jobs.queue.names import CANDIDATE, PRIMARY
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue
from gateway.jobs.reopening import reopen
from gateway.jobs.store import JobStore

RETRY_BATCH: Final = 500
CANCEL_BATCH: Final = 50  # each in a transaction of its own, with the user's profile
TRIES: Final = 5  # of one batch, where the same request is accepted while it is reopened
HELD_SECONDS: Final = 0.5  # until somebody else's batch is looked at again
Told = Callable[[JobOrder], None]
log = structlog.get_logger(__name__)


class OrderDriver:
    """Any number of processes may carry out the same order at once: each batch holds it."""

    def __init__(self, pool: Pool, base: Callable[[], str]) -> None:
        self._pool = pool
        self._base = base
        self._queue = ProcrastinateQueue(pool)

    async def look(self) -> None:
        """Take each order to its end that is under way here. Raises psycopg.Error."""
        while (order_id := await order_under_way(self._pool)) is not None:
            if not await self._finish(order_id):
                return  # somebody else carries it out

    async def drive(self, order_id: int, told: Told = lambda _order: None) -> None:
        """Take one order to its end, or wait until others have, telling how far it is."""
        while (order := await read_order(self._pool, order_id)) is not None:
            told(order)
            if order.state != "running":
                return
            if not await self._batch(order_id):
                await asyncio.sleep(HELD_SECONDS)

    async def _finish(self, order_id: int) -> bool:
        any_done = False
        while await self._batch(order_id):
            any_done = True
        order = await read_order(self._pool, order_id)
        if order is not None and order.state != "running":
            log.info("job_order_ended", order=order.id, kind=order.kind, done=order.done, looked_at=order.looked_at)
            return True
        return any_done

    async def _batch(self, order_id: int) -> bool:
        """One batch; False: the order is over, or held by somebody else."""
        for turn in range(TRIES):
            try:
                async with self._pool.connection() as connection, connection.transaction():
                    any_done = await self._held_batch(connection, order_id)
            except psycopg.errors.UniqueViolation:
                if turn == TRIES - 1:
                    raise
            else:
                await self._queue.tell((PRIMARY, CANDIDATE))
                return any_done
        return False

    async def _held_batch(self, connection: Connection, order_id: int) -> bool:
        order = await hold_order(connection, order_id)
        if order is None:
            return False
        size = min(RETRY_BATCH if order.kind == "retry" else CANCEL_BATCH, LARGEST - order.looked_at)
        place = Place(order.place_at, order.place_id)
        wanted = wanted_of(order.wanted)
        rows = await pick_jobs(connection, order.kind, wanted, limit=size, place=place, begun=order.started_at)
        ids = [row.id for row in rows]
        done = await self._do(connection, order, ids)
        values: dict[str, Any] = {"id": order.id, "looked_at": len(ids), "done": done}
        values |= {"place_at": rows[-1].created_at if rows else None, "place_id": ids[-1] if ids else None}
        await connection.execute(SQL["advance"], {**values, "over": len(ids) < size or not size})
        return True

    async def _do(self, connection: Connection, order: JobOrder, ids: list[str]) -> int:
        if order.kind == "retry":
            return len(await reopen(connection, ids, self._base(), self._queue))
        jobs = JobStore(self._pool, self._base)
        return sum([await jobs.request_cancel(job_id) in {"cancelled", "cancelling"} for job_id in ids])


def wanted_of(stored: dict[str, Any]) -> WantedJobs:
    """As it was when the order was given."""
    times = {name: parse_moment(stored[name]) for name in ("since", "until") if stored.get(name) is not None}
    return WantedJobs(**{**stored, **times})
