"""Jobs that the service before this one left open: failed once they have shown no sign of life for long enough."""

from pathlib import Path
from typing import Final

import psycopg
import structlog

from gateway.database.pool import Pool, load_sql
from gateway.database.refusal import is_of_server, name_refusal
from gateway.jobs.closing import fail_profile, log_refused

SQL: Final = load_sql(Path(__file__).with_name("predecessor.sql"))
REASON: Final = "the service before this one did not finish this import: send the export again"
log = structlog.get_logger(__name__)


async def close_stale(pool: Pool, silent_seconds: float) -> int:
    """Close those that nobody has touched for so long; how many there were. The users' pages stop waiting."""
    async with pool.connection() as connection, connection.transaction():
        try:
            async with connection.transaction():
                cursor = await connection.execute(SQL["close_jobs"], {"reason": REASON, "seconds": silent_seconds})
                closed = [row[0] for row in await cursor.fetchall()]
        except psycopg.Error as error:
            if not is_of_server(error):
                raise
            log.warning("old_jobs_not_closed", refused=name_refusal(error))
            return 0
        if not closed:
            return 0
        waiting = await (await connection.execute(SQL["waiting_users"], {"jobs": closed})).fetchall()
        for job_id, user_id in waiting:
            values = {"id": job_id, "user": user_id, "reason": REASON}
            await fail_profile(connection, SQL["close_profile"], values, log_refused)
    log.warning("old_jobs_closed", jobs=len(closed))
    return len(closed)
