"""Data rollbacks in the database: one transaction a batch, guarded so that nothing newer is ever overwritten."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from psycopg.rows import class_row

from gateway.database.pool import Pool, load_sql
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue
from gateway.jobs.store import request_embedding
from gateway.restore.model import Run, Users
from gateway.rollout.history import By, append_entry

SQL = load_sql(Path(__file__).with_name("restore.sql"))


class Batch(NamedTuple):
    """What one batch did."""

    looked_at: int
    restored: int


class Sent(NamedTuple):
    """A user without a result of the target, and the export that they sent last, if it is known."""

    user_id: str
    storage_path: str | None
    conversation_count: int | None
    message_count: int | None


class RestoreStore:
    """Raises psycopg's errors as they come."""

    def __init__(self, pool: Pool, source: str | None = None) -> None:
        """`source`: only users whose live result this pipeline made; None: all of whom another than the target did."""
        self.pool = pool
        self._source = source
        self._queue = ProcrastinateQueue(pool)

    async def begin(self, target: str, by: By, *, by_worker: bool = False, older: Sequence[str] = ()) -> Run:
        """A new run, or the unfinished one to the same pipeline. A run the other way round is over then.

        `by_worker`: a worker drives it; from a source, it goes on with the targets that are `older`.
        """
        while (run := await self._begin(target, by, by_worker=by_worker, older=older)) is None:
            pass  # somebody began one the other way round at the same moment: ours comes after it
        return run

    async def _begin(self, target: str, by: By, *, by_worker: bool, older: Sequence[str]) -> Run | None:
        of_source = by_worker and self._source is not None
        values: dict[str, Any] = {"target": target, "source": self._source, "actor": by.actor, "why": by.why}
        values |= {"by_worker": by_worker and not of_source, "older": list(older) if of_source else None}
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(SQL["supersede"], values)
            cursor = await connection.cursor(row_factory=class_row(Run)).execute(SQL["begin"], values)
            run = await cursor.fetchone()
            if run is not None and run.position is None and not run.restored:
                await append_entry(connection, by, what="data", before=None, after=_described(run, "begun"))
        return run

    async def ordered(self) -> Run | None:
        """The run that a worker is to drive: the unfinished one, or the next target of an order that has several."""
        run = await self.latest()
        if run is not None and run.for_workers and run.state == "running":
            return run
        if run is None or not run.older:
            return None
        async with self.pool.connection() as connection, connection.transaction():
            run = await (await connection.cursor(row_factory=class_row(Run)).execute(SQL["go_on"])).fetchone()
            if run is not None:
                by = By(run.actor, "http", run.why)
                await append_entry(connection, by, what="data", before=None, after=_described(run, "begun"))
        return run

    async def latest(self) -> Run | None:
        """The newest run."""
        async with self.pool.connection() as connection:
            return await (await connection.cursor(row_factory=class_row(Run)).execute(SQL["latest"])).fetchone()

    async def restore_batch(self, run: Run, size: int) -> Batch | None:
        """Restore the next users, at most `size`. None: the run is over, somebody finished or superseded it."""
        target = {"target": run.target}
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(SQL["take_time"])
            held = await (await connection.execute(SQL["hold"], {"id": run.id})).fetchone()
            if held is None:
                return None
            first, position, since = held
            values = {**target, "source": self._source, "first": first, "position": position}
            values |= {"since": since, "batch": size}
            users = [row[0] for row in await (await connection.execute(SQL["pick"], values)).fetchall()]
            if not users:
                return Batch(0, 0)
            picked = json.dumps([{"user_id": user} for user in users])
            done = await (await connection.execute(SQL["restore"], {**target, "users": picked})).fetchall()
            for user in (user for user, _, to_embed in done if to_embed):
                await self._queue.enqueue(connection, await request_embedding(connection, user))
            chunks_gone = sum(not whole for _, whole, _ in done)
            noted = {"position": users[-1], "restored": len(done), "chunks_gone": chunks_gone}
            await connection.execute(SQL["advance"], {"id": run.id, **noted})
            return Batch(len(users), len(done))

    async def rewind(self, run: Run) -> None:
        """Look at everybody again: some were held by others."""
        async with self.pool.connection() as connection:
            await connection.execute(SQL["rewind"], {"id": run.id})

    async def finish(self, run: Run, by: By, users: Users) -> None:
        """Close the run and write it down."""
        async with self.pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(SQL["finish"], {"id": run.id})).fetchone()
            if row is not None:
                after = {**_described(run, "done"), "restored": row[0], **asdict(users)}
                await append_entry(connection, by, what="data", before=None, after=after)

    async def count(self, target: str, since: datetime | None = None) -> Users:
        """Whom a run would find now; `since`: the start of the run."""
        values = {"target": target, "source": self._source, "since": since}
        async with self.pool.connection() as connection:
            found = await connection.cursor(row_factory=class_row(Users)).execute(SQL["count"], values)
            users = await found.fetchone()
        assert users is not None  # noqa: S101 - an aggregate answers one row
        return users

    async def live(self) -> dict[str, int]:
        """Users by the pipeline that made their live result."""
        async with self.pool.connection() as connection:
            return dict(await (await connection.execute(SQL["live"])).fetchall())

    async def kept(self) -> list[str]:
        """The pipelines of which any last result is kept."""
        async with self.pool.connection() as connection:
            return [row[0] for row in await (await connection.execute(SQL["kept"])).fetchall()]

    async def kept_of_older(self, source: str, older: Sequence[str]) -> dict[str, int]:
        """Users of `source` by what they can have back: the first of `older` (newest first) that is kept of them."""
        values = {"source": source, "older": list(older)}
        async with self.pool.connection() as connection:
            return dict(await (await connection.execute(SQL["kept_of_older"], values)).fetchall())

    async def keeps(self, target: str) -> bool:
        """Is there a last result of this pipeline, of whomever?"""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(SQL["keeps"], {"target": target})).fetchone()
        return bool(row and row[0])

    async def missing(self, target: str, *, after: str | None = None, limit: int = 1000) -> list[Sent]:
        """Users who never had a result of the target, in the order of their ids."""
        values = {"target": target, "source": self._source, "first": after is None, "position": after, "limit": limit}
        async with self.pool.connection() as connection:
            return [Sent(*row) for row in await (await connection.execute(SQL["missing"], values)).fetchall()]

    async def restored_by_target(self) -> dict[str, int]:
        """Users restored since ever."""
        async with self.pool.connection() as connection:
            rows: list[tuple[str, Any]] = await (await connection.execute(SQL["restored_by_target"])).fetchall()
        return {target: int(users) for target, users in rows}


def _described(run: Run, state: str) -> dict[str, Any]:
    of = "" if run.source is None else f"from {run.source} "
    return {"restore": f"{of}to {run.target}, {state}"}
