"""Batches of comparisons, and their answers, in the database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.retry import repeated_while_away
from gateway.jobs.queue.entries import shadow_entry
from gateway.jobs.queue.job_queue import JobQueue
from gateway.jobs.queue.names import SHADOW
from gateway.shadow.batches.model import Batch
from gateway.shadow.batches.payment import Payment
from gateway.shadow.model import Claimed, Plan
from gateway.shadow.store import settle
from pipelines.contract import Usage
from pipelines.language.waiting import Answer, Asked, Collected

SQL = load_sql(Path(__file__).with_name("store.sql"))
SENDING_SECONDS = 600.0  # whoever sends has given up by then
FIRST_LOOK_SECONDS = 30.0
LONGEST_LOOK_SECONDS = 600.0


class BatchStore:
    """Raises psycopg's errors as they come. A refused guard changes nothing and says so by its answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @repeated_while_away
    async def answers(self, plan: Plan) -> dict[str, Answer]:
        """What was answered for this comparison until now."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(SQL["answers"], plan.key)).fetchall()
        return {key: Answer(status, body) for key, status, body in rows}

    @repeated_while_away
    async def keep(self, plan: Plan, key: str, answer: Answer) -> None:
        """An answer that was got in the usual way, so that it is not paid again."""
        values = {**plan.key, "key": key, "status": answer.status, "body": answer.body}
        async with self._pool.connection() as connection:
            await connection.execute(SQL["keep_answer"], values)

    @repeated_while_away
    async def begin(
        self, claimed: Claimed, number: UUID, asked: Sequence[Asked], pay: Payment, used: Usage
    ) -> Sequence[Asked] | None:
        """Put the comparison aside and write down its batch, before it is sent: of the questions as many as today's
        budget holds. Where it holds none, nothing is changed. None: the comparison is not ours any more.

        `used` was paid in the usual way meanwhile.
        """
        plan = claimed.plan
        async with self._pool.connection() as connection, connection.transaction():
            if await (await connection.execute(SQL["hold_plan"], plan.key)).fetchone() is None:
                return None
            asked, taken = await pay.reserve(connection, asked)
            if taken is None:
                return ()
            values = {
                **plan.key, "batch": number, "pipeline": claimed.other.pipeline, "mode": plan.mode,
                "grouping": asked[0].group, "questions": len(asked), "day": taken.day, "taken": taken.tokens,
                "usd": taken.cost_usd, "seconds": SENDING_SECONDS, "keys": [one.key for one in asked],
                "tokens": used.input_tokens + used.output_tokens, "cost_usd": used.cost_usd,
            }  # fmt: skip
            for name in ("begin", "ask", "put_aside"):
                await connection.execute(SQL[name], values)
        return asked

    @repeated_while_away
    async def sent(self, number: UUID, handle: str) -> None:
        """The provider has it."""
        await self._row("sent", {"batch": number, "handle": handle, "seconds": FIRST_LOOK_SECONDS})

    @repeated_while_away
    async def not_sent(self, number: UUID, seconds: float, *, sure: bool) -> None:
        """The provider did not take it, or may not have: it is looked at after so long."""
        status = "unsent" if sure else "sending"
        await self._row("not_sent", {"batch": number, "status": status, "seconds": seconds})

    async def take_due(self) -> Batch | None:
        """A batch that is to be looked at now, by nobody else."""
        row = await self._row("take_due", {"first": FIRST_LOOK_SECONDS, "longest": LONGEST_LOOK_SECONDS})
        return None if row is None else Batch(*row)

    async def handles(self) -> list[str]:
        """Of all batches that the provider is known to have."""
        async with self._pool.connection() as connection:
            return [row[0] for row in await (await connection.execute(SQL["handles"])).fetchall()]

    async def cancelled(self, batch: Batch, handle: str) -> None:
        """The provider was asked to stop."""
        await self._row("cancelled", {"batch": batch.id, "handle": handle})

    async def finish(self, batch: Batch, collected: Sequence[Collected], queue: JobQueue[Connection]) -> bool:
        """Keep the answers, settle what was reserved, and let the comparison go on. False: somebody else did."""
        used = sum((one.usage for one in collected), Usage())
        spent = {"tokens": used.input_tokens + used.output_tokens, "cost_usd": used.cost_usd}
        came = {
            "numbers": [one.n for one in collected],
            "statuses": [one.answer.status for one in collected],
            "bodies": [one.answer.body for one in collected],
        }
        async with self._pool.connection() as connection, connection.transaction():
            taken_off = await (await connection.execute(SQL["take_off"], {"batch": batch.id})).fetchone()
            if taken_off is None:
                return False
            values = {"batch": batch.id, "id": taken_off[0]}
            await connection.execute(SQL["answered"], {**values, **came})
            await connection.execute(SQL["unanswered"], values)
            await settle(connection, batch.taken, used)
            await connection.execute(SQL["spend"], {**values, **spent})
            resumed = await self._take_up(connection, taken_off[0], queue)
        if resumed:
            await queue.tell([SHADOW])
        return True

    async def drop(self, batch: Batch, queue: JobQueue[Connection], *, unspent: bool) -> None:
        """Of a batch that was not sent, or that nobody can ask after: its questions are asked again."""
        async with self._pool.connection() as connection, connection.transaction():
            taken_off = await (await connection.execute(SQL["take_off"], {"batch": batch.id})).fetchone()
            if taken_off is None:
                return
            await connection.execute(SQL["not_asked"], {"batch": batch.id})
            if unspent:
                await settle(connection, batch.taken, Usage())
            resumed = await self._take_up(connection, taken_off[0], queue)
        if resumed:
            await queue.tell([SHADOW])

    async def _take_up(self, connection: Connection, job_id: str | None, queue: JobQueue[Connection]) -> bool:
        if job_id is None or await (await connection.execute(SQL["take_up"], {"id": job_id})).fetchone() is None:
            return False
        await queue.enqueue(connection, [shadow_entry(job_id)])
        return True

    async def _row(self, name: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SQL[name], values)
            return await cursor.fetchone() if cursor.description else None
