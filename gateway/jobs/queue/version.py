"""Which Procrastinate the queue's own statements were tested with, and whether a database has its tables."""

from importlib.metadata import version
from pathlib import Path
from typing import Final

import structlog

from gateway.database.pool import Connection, load_sql

TESTED: Final = "3.10.0"  # and the newest of 3.x when this release was made
SQL: Final = load_sql(Path(__file__).with_name("version.sql"))
COLUMNS: Final = {
    "procrastinate_jobs.abort_requested": "boolean",
    "procrastinate_jobs.args": "jsonb",
    "procrastinate_jobs.attempts": "integer",
    "procrastinate_jobs.id": "bigint",
    "procrastinate_jobs.lock": "text",
    "procrastinate_jobs.priority": "integer",
    "procrastinate_jobs.queue_name": "character varying(128)",
    "procrastinate_jobs.queueing_lock": "text",
    "procrastinate_jobs.scheduled_at": "timestamp with time zone",
    "procrastinate_jobs.status": "procrastinate_job_status",
    "procrastinate_jobs.task_name": "character varying(128)",
    "procrastinate_jobs.worker_id": "bigint",
    "procrastinate_workers.id": "bigint",
    "procrastinate_workers.last_heartbeat": "timestamp with time zone",
}
log = structlog.get_logger(__name__)


class UnknownEngineError(Exception):
    """The job engine's tables are not those that the queue's statements were written for; the message says where."""


async def check_engine(connection: Connection) -> None:
    """Before anything is taken or put. Columns that are new are no harm. Raises `UnknownEngineError`, psycopg.Error."""
    installed = version("procrastinate")
    found: dict[str, str] = dict(await (await connection.execute(SQL["columns"])).fetchall())
    others = [
        f"{name} is {found.get(name, 'missing')}, not {kind}"
        for name, kind in COLUMNS.items()
        if found.get(name) != kind
    ]
    if others:
        raise UnknownEngineError(
            f"the tables of Procrastinate are not those of {TESTED}, which this release was tested with "
            f"({installed} is installed): {'; '.join(others)}"
        )
    if installed != TESTED:
        log.warning("job_engine_not_tested", installed=installed, tested=TESTED)
