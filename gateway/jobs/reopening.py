"""Failed, cancelled and parked jobs begin anew: reopened and enqueued in one transaction, one or many at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway.database.pool import Connection, load_sql
from gateway.jobs.queue.entries import job_entry
from gateway.jobs.queue.job_queue import Entry, JobQueue

SQL: Final = load_sql(Path(__file__).with_name("reopening.sql"))


async def reopen(connection: Connection, job_ids: Sequence[str], base: str, queue: JobQueue[Connection]) -> list[Entry]:
    """Let those of the jobs begin anew that may, inside the caller's transaction; their entries, in the order given.

    The others have not failed, or the same request runs again. Raises UniqueViolation, with nothing done, where the
    same request was accepted in this very moment.
    """
    found = await (await connection.execute(SQL["reopen"], {"ids": list(job_ids)})).fetchall()
    if not found:
        return []
    place = {job_id: number for number, job_id in enumerate(job_ids)}
    rows = sorted(found, key=lambda row: place[row[0]])
    entries = [job_entry(job_id, user_id, pipeline, base) for job_id, user_id, pipeline in rows]
    await queue.enqueue(connection, entries)
    return entries
