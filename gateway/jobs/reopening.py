"""Failed, cancelled and parked jobs begin anew: reopened and enqueued in one transaction, one or many at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gateway.database.pool import Connection, load_sql
from gateway.jobs.queue.names import RUN_JOB, queue_of

SQL: Final = load_sql(Path(__file__).with_name("reopening.sql"))


async def reopen(connection: Connection, job_ids: Sequence[str], base: str) -> list[str]:
    """Those of the jobs that begin anew, inside the caller's transaction; their queue entries in the order given.

    The others have not failed, or the same request runs again. Raises UniqueViolation, with nothing done, where the
    same request was accepted in this very moment.
    """
    found = await (await connection.execute(SQL["reopen"], {"ids": list(job_ids)})).fetchall()
    if not found:
        return []
    place = {job_id: number for number, job_id in enumerate(job_ids)}
    rows = sorted(found, key=lambda row: place[row[0]])
    ids, users, queues = [row[0] for row in rows], [row[1] for row in rows], [queue_of(row[2], base) for row in rows]
    await connection.execute(SQL["enqueue_all"], {"ids": ids, "users": users, "queues": queues, "task": RUN_JOB})
    return ids
