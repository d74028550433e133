"""What is counted in the database for scrapes: by the worker that leads, every few seconds, kept in a row for all."""

from pathlib import Path
from time import monotonic
from typing import Any, Final

import msgspec

from gateway.database.pool import Connection, Pool, load_sql

SQL: Final = load_sql(Path(__file__).with_name("database_gauges.sql"))
SHARE: Final = 200  # counting takes at most one part in so many of the time: the deeper the queue, the rarer
OLDEST_SECONDS: Final = 60.0  # shown while another one counts; what is not due to be counted again is shown however old
LONGEST_SECONDS: Final = 300.0  # between two counts, however long one takes
PATIENCE_SECONDS: Final = 5.0  # a scrape counts itself where a count has been due for so long: without workers


class Readings(msgspec.Struct, frozen=True):
    """What one count found. Ages are in seconds, as they were then."""

    queues: list[tuple[str, int, float]]  # queue, depth, oldest age
    open_jobs: list[tuple[str, str, int]]  # pipeline, status, count
    waiting: dict[str, int]  # by what they wait for
    parked: int
    failed_users: list[tuple[str, str, int]]  # pipeline, cause, count
    workers: int
    shadow_spent: tuple[int, float]  # today: tokens, US dollars
    guard_look: float
    guarded: list[tuple[str, str, float | None]]  # pipeline, state, since the guard acted

    def aged(self, seconds: float) -> "Readings":
        """As it is so many seconds later, if nothing else happened."""
        return msgspec.structs.replace(
            self,
            queues=[(queue, depth, oldest + seconds if depth else 0.0) for queue, depth, oldest in self.queues],
            guard_look=self.guard_look + seconds,
            guarded=[(of, state, None if ago is None else ago + seconds) for of, state, ago in self.guarded],
        )


async def count_for_all(pool: Pool, fresh_seconds: float, least_seconds: float) -> None:
    """Count what scrapes read, unless it was within `least_seconds`. Raises psycopg.Error."""
    async with pool.connection() as connection:
        await read(connection, fresh_seconds, least_seconds, patience_seconds=0.0)


async def read(
    connection: Connection, fresh_seconds: float, least_seconds: float, patience_seconds: float = PATIENCE_SECONDS
) -> Readings:
    """What was counted last, unless another count is overdue: then counted here, where no other process does.

    `fresh_seconds`: how old a worker's heartbeat may be. Raises psycopg.Error.
    """
    if not least_seconds:
        return await count(connection, fresh_seconds)
    ((age, found, overdue),) = await rows(connection, "kept")
    is_due = age is None or overdue >= patience_seconds
    if not is_due or (age is not None and age <= OLDEST_SECONDS and not await rows(connection, "take_turn")):
        return msgspec.json.decode(found, type=Readings).aged(age)
    began = monotonic()
    counted = await count(connection, fresh_seconds)
    seconds = max(least_seconds, min(LONGEST_SECONDS, SHARE * (monotonic() - began)))
    await connection.execute(SQL["keep"], {"found": msgspec.json.encode(counted).decode(), "seconds": seconds})
    return counted


async def count(connection: Connection, fresh_seconds: float) -> Readings:
    """All of it, now."""
    opened, depth, oldest = await count_open(connection)
    ((parked,),) = await rows(connection, "parked")
    ((workers,),) = await rows(connection, "workers", seconds=fresh_seconds)
    (spent,) = await rows(connection, "shadow_spent")
    ((guard_look,),) = await rows(connection, "guard_look")
    return Readings(
        queues=[("primary", depth, oldest), *await rows(connection, "queues")],
        open_jobs=opened,
        waiting=await count_waiting(connection),
        parked=parked,
        failed_users=await rows(connection, "failed_users"),
        workers=workers,
        shadow_spent=spent,
        guard_look=guard_look,
        guarded=await rows(connection, "guard_states"),
    )


async def count_open(connection: Connection) -> tuple[list[tuple[str, str, int]], int, float]:
    """Open jobs by pipeline and status; how many wait to be begun, and since when the oldest does, in seconds."""
    jobs = await rows(connection, "jobs")
    opened = [(pipeline, status, number) for pipeline, status, number, *_ in jobs]
    return opened, sum(job[3] for job in jobs), max((job[4] for job in jobs), default=0.0)


async def count_waiting(connection: Connection) -> dict[str, int]:
    """Jobs that wait for a service, by which."""
    return dict(await rows(connection, "waiting"))


async def rows(connection: Connection, name: str, **values: Any) -> list[Any]:
    """What a statement answers."""
    return await (await connection.execute(SQL[name], values)).fetchall()
