"""Jobs that the service before this one left open: failed once they have shown no sign of life for long enough."""

from pathlib import Path
from typing import Final

import psycopg
import structlog

from gateway.database.pool import Pool, load_sql
from gateway.database.retry import first_line

SQL: Final = load_sql(Path(__file__).with_name("predecessor.sql"))
REASON: Final = "the service before this one did not finish this import: send the export again"
log = structlog.get_logger(__name__)


async def close_stale(pool: Pool, silent_seconds: float) -> int:
    """Close those that nobody has touched for so long; how many there were. The users' pages stop waiting."""
    async with pool.connection() as connection, connection.transaction():
        values = {"reason": REASON, "seconds": silent_seconds}
        closed = [row[0] for row in await (await connection.execute(SQL["close_jobs"], values)).fetchall()]
        if not closed:
            return 0
        try:
            async with connection.transaction():
                await connection.execute(SQL["close_profiles"], {"reason": REASON, "jobs": closed})
        except (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError) as error:
            log.warning("old_profiles_not_closed", jobs=len(closed), error=first_line(error))
    log.warning("old_jobs_closed", jobs=len(closed))
    return len(closed)
