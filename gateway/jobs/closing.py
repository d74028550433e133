"""Closing a job without a result: never dependent on what other tables accept.

The job's own state is written first. What else belongs to its end is tried in a savepoint each, and what is refused is
named. A job whose own state is refused is parked in a table of ours, so that nobody takes it again and again.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg
import structlog

from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.refusal import is_of_server, name_refusal

SQL: Final[Mapping[str, str]] = load_sql(Path(__file__).with_name("closing.sql"))
PIECES: Final = ("profile_error", "profile_full_pass", "profile_full_pass_error", "profile_memory", "profile_embedding")
Refused = Callable[[str, str, str], None]  # job id, what was refused, how the database names it
log = structlog.get_logger(__name__)


def log_refused(job_id: str, what: str, refusal: str) -> None:
    """Told, and gone on without it."""
    log.error("write_refused", job_id=job_id, what=what, refused=refusal)


async def try_to(connection: Connection, statement: str, values: Mapping[str, Any]) -> str | None:
    """Run a statement of a transaction that goes on without it; what refused it, if something did.

    Raises what is no answer to the statement, such as a lost connection.
    """
    try:
        async with connection.transaction():
            await connection.execute(statement, values)
    except psycopg.Error as error:
        if not is_of_server(error):
            raise
        return name_refusal(error)
    return None


async def fail_profile(connection: Connection, whole: str, values: Mapping[str, Any], refused: Refused) -> None:
    """Say in the profile that the import failed: with the statement `whole`, or as far as the table takes it."""
    job_id = str(values["id"])
    if (refusal := await try_to(connection, whole, values)) is None:
        return
    refused(job_id, "profile", refusal)
    if refusal := await try_to(connection, SQL["has_profile"], values):
        refused(job_id, "has_profile", refusal)
    if refusal := await try_to(connection, SQL["profile_status"], values):
        refused(job_id, "profile_status", refusal)
        await try_to(connection, SQL["profile_status_before"], values)
    for piece in PIECES:
        if refusal := await try_to(connection, SQL[piece], values):
            refused(job_id, piece, refusal)


async def park(pool: Pool, job_id: str, reason: str, refused: str) -> None:
    """Leave the job alone until an operator runs or cancels it."""
    async with pool.connection() as connection:
        await connection.execute(SQL["park"], {"id": job_id, "reason": reason, "refused": refused})
