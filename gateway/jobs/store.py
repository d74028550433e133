"""Jobs in the database: claim, progress, and the ways to end. All SQL of a job's life goes through here."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from flags.model import BASELINE
from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.refusal import is_of_server, name_refusal
from gateway.jobs.closing import Refused, fail_profile, log_refused, park, try_to
from gateway.jobs.memories.store import keep_memory, leave_forgotten_out, read_memory
from gateway.jobs.model import Claim, ClaimLost, Job
from gateway.jobs.publish import clean, encode_json, profile_columns, result_json, warnings_of
from gateway.jobs.queue.entries import embedding_entry, job_entry, message_entry, shadow_entry
from gateway.jobs.queue.job_queue import Entry, JobQueue
from gateway.jobs.queue.names import RUN_JOB
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue
from gateway.jobs.reopening import reopen
from pipelines.contract import Cause, Memory, Soulprint

SQL = {**load_sql(Path(__file__).with_name("store.sql")), **load_sql(Path(__file__).with_name("publish.sql"))}
IMPORT_COMPLETE = "import_complete"  # the message to the web back end, one a job
LONGEST_REASON = 1000
PUBLISH = (
    "keep_predecessor", "keep_chunks", "drop_old_chunks", "publish_chunks", "forget_chunks", "publish_profile",
    "keep_result", "drop_kept_profile", "keep_profile", "forget_kept_chunks",
)  # fmt: skip


class JobStore:
    """Reads and writes jobs. Raises psycopg's errors as they come, `ClaimLost` when a guard refuses."""

    def __init__(
        self,
        pool: Pool,
        base: Callable[[], str] = lambda: BASELINE,
        refused: Refused = log_refused,
        queue: JobQueue[Connection] | None = None,
    ) -> None:
        """`base`: the version that all users fall back to now; jobs of newer ones wait in a queue of their own.

        `refused` is told what a table of the app's did not take of a beginning or an end.
        """
        self.pool = pool
        self.queue = queue or ProcrastinateQueue(pool)
        self._base = base
        self._refused = refused

    async def load(self, job_id: str) -> Job | None:
        """The job, unless it is gone or another program's."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(SQL["load"], {"id": job_id})
            row = await cursor.fetchone()
        return None if row is None else Job(*row)

    async def last_error(self, job_id: str) -> tuple[str | None, Cause | None]:
        """Why the last attempt that could say so failed, and whose fault the very last one was, if it could say so."""
        async with self.pool.connection() as connection:
            row = await (await connection.execute(SQL["last_error"], {"id": job_id})).fetchone()
        return (row[0], row[1]) if row else (None, None)

    async def claim(self, job: Job, *, worker: str, limit: int, pipeline: str, reason: str) -> Claim | None:
        """Take the job as it was loaded. None when it changed meanwhile, or has no attempt left.

        Another pipeline than the job's starts over: finished steps and staged chunks are the old one's.
        """
        parameters = {"id": job.id, "fence": job.fence, "worker": worker, "limit": limit}
        async with self.pool.connection() as connection, connection.transaction():
            cursor = await connection.execute(SQL["claim"], {**parameters, "pipeline": pipeline, "reason": reason})
            row = await cursor.fetchone()
            if row is None:
                return None
            fence, attempt, started_at = row
            if pipeline != job.pipeline:
                await connection.execute(SQL["forget_steps"], {"id": job.id})
                await connection.execute(SQL["forget_chunks"], {"id": job.id})
            values = {"user": job.user_id, "first": job.started_at is None}
            if refusal := await try_to(connection, SQL["begin_profile"], values):
                self._refused(job.id, "begin_profile", refusal)
        fields = {name: getattr(job, name) for name in Job.__dataclass_fields__}
        fields |= {"status": "processing", "pipeline": pipeline, "reason": reason, "started_at": started_at}
        fields |= {"attempts": attempt, "fence": fence, "worker": worker}
        return Claim(Job(**fields), fence, attempt)

    async def progress(self, claim: Claim, step: str, percent: int) -> None:
        values = {**claim.key, "step": step, "percent": percent}
        async with self.pool.connection() as connection:
            try:
                await connection.execute(SQL["progress"], values)
            except psycopg.Error as error:
                if not is_of_server(error):
                    raise
                self._refused(claim.job.id, "progress", name_refusal(error))
                await connection.execute(SQL["progress_of_job"], values)

    async def finish(
        self, claim: Claim, soulprint: Soulprint, known: Memory | None = None, *, embedded: bool, callback: bool
    ) -> str | None:
        """Publish and close, in one transaction; repeating it is safe. `embedded`: nothing is left to embed. `known`:
        what the run knew of the user before; without it, it is read. Returns which pipeline made the user's result
        before: None if none did, its own when it was only repeated."""
        async with self.pool.connection() as connection:
            try:
                async with connection.transaction():
                    await connection.execute(SQL["take_time"])
                    seconds = await _guarded(connection, "close_complete", claim, warnings=warnings_of(soulprint))
                    previous, entries = await self._publish(connection, claim, soulprint, known, embedded=embedded)
                    if callback:
                        entries += await self._write_message(connection, claim, seconds)
                    await self.queue.enqueue(connection, entries)
            except ClaimLost:
                if not await self._finished_before(connection, claim):
                    raise
                return claim.job.pipeline
        await self.queue.tell({entry.queue for entry in entries})
        return previous

    async def _publish(
        self, connection: Connection, claim: Claim, soulprint: Soulprint, known: Memory | None, *, embedded: bool
    ) -> tuple[str | None, list[Entry]]:
        """Which pipeline made the result before, and what is to be enqueued."""
        profile = await (await connection.execute(SQL["hold_profile"], claim.key)).fetchone()
        soulprint, known = await leave_forgotten_out(connection, claim.job.user_id, soulprint, known)
        values = {
            **claim.key,
            **profile_columns(soulprint),
            "pipeline": claim.job.pipeline,
            "embedding_status": "complete" if embedded else "processing",
            "result": result_json(soulprint),
        }
        entries = await _plan_shadow(connection, claim, known, values["result"])
        await keep_memory(connection, values, soulprint.memory)
        for name in PUBLISH:
            await connection.execute(SQL[name], values)
        if claim.job.shadow is None:
            await connection.execute(SQL["forget_input"], values)
        if not embedded:
            entries += await request_embedding(connection, claim.job.user_id)
        return (profile[0] if profile else None), entries

    async def _write_message(self, connection: Connection, claim: Claim, seconds: float) -> list[Entry]:
        payload = {
            "user_id": claim.job.user_id,
            "soulprint_ready": True,
            "memory_building": False,
            "processing_time": round(seconds, 3),
        }
        values = {**claim.key, "kind": IMPORT_COMPLETE, "payload": json.dumps(payload)}
        row = await (await connection.execute(SQL["write_message"], values)).fetchone()
        return [] if row is None else [message_entry(row[0])]

    async def _finished_before(self, connection: Connection, claim: Claim) -> bool:
        """Did this very run finish, and only the answer to its commit get lost?"""
        row = await (await connection.execute(SQL["who_runs_it"], {"id": claim.job.id})).fetchone()
        return row is not None and tuple(row) == ("complete", claim.fence)

    async def fail(self, claim: Claim, reason: str, cause: Cause) -> None:
        """Close as failed, and say whose fault it is. The user's last good data stays."""
        await self._close(claim, "close_failed", (clean(reason) or "failed")[:LONGEST_REASON], cause)

    async def cancel(self, claim: Claim) -> None:
        """Close as cancelled, which was asked for."""
        await self._close(claim, "close_cancelled", "cancelled", "operator")

    async def _close(self, claim: Claim, statement: str, reason: str, cause: Cause) -> None:
        """The state first; what else belongs to the end as far as the tables take it. Raises what refuses the state."""
        state = {"reason": reason, "cause": cause}
        async with self.pool.connection() as connection:
            try:
                async with connection.transaction():
                    await connection.execute(SQL["take_time"])
                    await _guarded(connection, statement, claim, **state)
                    if statement == "close_failed":
                        await self.queue.enqueue(connection, await _plan_shadow(connection, claim, None, None, reason))
                    await self._fail_profile(connection, {**claim.key, "reason": reason})
            except psycopg.Error as error:
                if not is_of_server(error):
                    raise
                self._refused(claim.job.id, "close", name_refusal(error))
                await _guarded(connection, statement, claim, **state)

    async def _fail_profile(self, connection: Connection, values: dict[str, Any]) -> None:
        await fail_profile(connection, SQL["fail_profile"], values, self._refused)
        if refusal := await try_to(connection, SQL["forget_chunks"], values):
            self._refused(str(values["id"]), "forget_chunks", refusal)

    async def park(self, job_id: str, reason: str, refused: str) -> None:
        """Leave a job that cannot be closed alone, until an operator runs it again or cancels it."""
        await park(self.pool, job_id, clean(reason) or "failed", refused)

    async def hand_back(self, claim: Claim) -> None:
        """Give the claim back unharmed: this worker stops."""
        await self._write(claim, "hand_back")

    async def wait_for_retry(self, claim: Claim, reason: str, cause: Cause) -> None:
        """Give the claim back after a failure that may pass."""
        await self._write(claim, "wait_for_retry", reason=(clean(reason) or "failed")[:LONGEST_REASON], cause=cause)

    async def _write(self, claim: Claim, statement: str, **values: Any) -> None:
        async with self.pool.connection() as connection:
            await _guarded(connection, statement, claim, **values)

    async def watch(self, claims: Sequence[Claim]) -> list[tuple[str, bool, bool]]:
        """For each claim: job id, lost?, cancelling asked for?"""
        values = {"ids": [claim.job.id for claim in claims], "fences": [claim.fence for claim in claims]}
        async with self.pool.connection() as connection:
            return await (await connection.execute(SQL["watch"], values)).fetchall()

    async def request_cancel(self, job_id: str) -> str | None:
        """Ask for an open job to be cancelled. "cancelled" (nobody ran it), "cancelling", or None: it was not open.

        Comes back at once: "publishing" is a job whose row is held by the transaction that closes it.
        """
        try:
            return await self._request_cancel(job_id)
        except psycopg.errors.LockNotAvailable:
            return "publishing"

    async def _request_cancel(self, job_id: str) -> str | None:
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(SQL["wait_briefly"])
            row = await (await connection.execute(SQL["request_cancel"], {"id": job_id})).fetchone()
            if row is None:
                return None
            user_id, cancelled = row
            if cancelled:
                woken = set(await self.queue.wake(connection, [self._entry(job_id, user_id)]))
                await self._fail_profile(connection, {"user": user_id, "id": job_id, "reason": "cancelled"})
        if not cancelled:
            return "cancelling"
        await self.queue.tell(woken)
        return "cancelled"

    def _entry(self, job_id: str, user_id: str, pipeline: str = BASELINE) -> Entry:
        return job_entry(job_id, user_id, pipeline, self._base())

    async def retry(self, job_id: str) -> bool:
        """Reopen a failed, cancelled or parked job and enqueue it; let one that waits for a service go on now.

        False: it is none of these, or the same request runs again.
        """
        try:
            async with self.pool.connection() as connection, connection.transaction():
                if entries := await reopen(connection, [job_id], self._base(), self.queue):
                    queues = {entry.queue for entry in entries}
                else:
                    queues = await self._wake(connection, job_id)
        except psycopg.errors.UniqueViolation:
            return False
        await self.queue.tell(queues)
        return bool(queues)

    async def _wake(self, connection: Connection, job_id: str) -> set[str]:
        """Let a job that was put off go on now: the queue in which it waits, if it was."""
        user = await (await connection.execute(SQL["user_of"], {"id": job_id})).fetchone()
        return set() if user is None else set(await self.queue.wake(connection, [self._entry(job_id, user[0])]))

    async def waiting_in(self, queue: str, limit: int) -> list[Job]:
        """Jobs whose entries wait in a queue, the oldest first."""
        entries = await self.queue.waiting(queue, limit)
        ids = [entry.args["job_id"] for entry in entries if entry.task == RUN_JOB]
        if not ids:
            return []
        async with self.pool.connection() as connection:
            return [Job(*row) for row in await (await connection.execute(SQL["load_all"], {"ids": ids})).fetchall()]

    async def move(self, jobs: Sequence[Job], to: str) -> None:
        """Let entries of jobs that wait in one queue wait in another; each keeps its place."""
        async with self.pool.connection() as connection:
            await self.queue.move(connection, [self._entry(job.id, job.user_id) for job in jobs], to)
        await self.queue.tell({to})


async def request_embedding(connection: Connection, user_id: str) -> list[Entry]:
    """Ask for the vectors that a user's chunks lack, in the caller's transaction; the entry, if it needs one."""
    row = await (await connection.execute(SQL["request_embedding"], {"user": user_id})).fetchone()
    return [embedding_entry(user_id)] if row is not None and row[0] else []


async def _plan_shadow(
    connection: Connection, claim: Claim, known: Memory | None, result: str | None, reason: str | None = None
) -> list[Entry]:
    """Keep what the primary run gave, or how it failed, for a comparison, if one is planned; the entry for that."""
    if claim.job.shadow is None:
        return []
    known = known or await read_memory(connection, claim.job.user_id, claim.job.pipeline)
    values = {**claim.key, "shadow": claim.job.shadow, "pipeline": claim.job.pipeline, "known": encode_json(known)}
    await connection.execute(SQL["plan_shadow"], {**values, "result": result, "reason": reason})
    return [shadow_entry(claim.job.id)]


async def _guarded(connection: Connection, statement: str, claim: Claim, **values: Any) -> Any:
    """Run a guarded statement and return its first value. Raises `ClaimLost` when the guard refuses."""
    row = await (await connection.execute(SQL[statement], {**claim.key, **values})).fetchone()
    if row is None:
        raise ClaimLost(f"job {claim.job.id}: claim {claim.fence} is lost")
    return row[0]
