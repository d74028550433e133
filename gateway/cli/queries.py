"""Reading for the commands: rows as plain dictionaries."""

from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row

from gateway.cli.errors import MISSING, USAGE, CommandError
from gateway.database.pool import Database, load_sql

SQL_FILE = Path(__file__).with_name("queries.sql")

Row = dict[str, Any]


async def read_rows(database: Database, name: str, **parameters: Any) -> list[Row]:
    """The rows of the query `name` in queries.sql."""
    statement = load_sql(SQL_FILE)[name]
    async with database.pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.encode(), parameters)
        return await cursor.fetchall()


async def read_job(database: Database, job_id: UUID) -> Row:
    rows = await read_rows(database, "show_job", id=job_id)
    if not rows:
        raise CommandError(f"there is no job {job_id}: `gateway jobs list` shows the newest", MISSING)
    return rows[0]


async def read_result(database: Database, user_id: str) -> Row:
    rows = await read_rows(database, "show_result", user=user_id)
    if not rows:
        raise CommandError(f"there is no user {user_id}", MISSING)
    return rows[0]


def parse_job_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise CommandError(
            f"{text!r} is not a job id, which is a UUID: `gateway jobs list` shows them", USAGE
        ) from None
