"""What counts as "the database is away", and waiting for it: a run outlives a restart of Postgres, or a minute without.

Two kinds, for everybody: `AWAY` passes by itself, so the work is repeated, or its caller is asked to come again;
`DATABASE_ERRORS` is that and whatever else a statement may fail with, for those who only report it and go on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

import psycopg
import structlog
from psycopg_pool import PoolClosed

from gateway.database.refusal import is_of_server, name_refusal

T = TypeVar("T")
P = ParamSpec("P")
AWAY: Final = (
    psycopg.OperationalError,  # cut, refused, shutting down, out of room; the pool's own timeout is one of these
    psycopg.InterfaceError,  # the connection is closed already
    psycopg.errors.ReadOnlySqlTransaction,  # a demoted primary: its successor takes writes
    ConnectionError,
    TimeoutError,
)
DATABASE_ERRORS: Final = (psycopg.Error, OSError)  # a TimeoutError is an OSError
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0
log = structlog.get_logger(__name__)


async def retry_while_away(work: Callable[[], Awaitable[T]]) -> T:
    """Run `work`, again while the database is away. `work` must be safe to repeat: its first try may have committed.

    Waits without end: the job's own time-out is what ends it.
    """
    wait = FIRST_WAIT
    while True:
        try:
            return await work()
        except (PoolClosed, psycopg.errors.QueryCanceled):
            raise  # this process stops; or the limit on a statement's time, which the next try meets as well
        except AWAY as error:
            log.warning("database_away", during="run", error=first_line(error), wait_seconds=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)


def repeated_while_away(work: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """A method of a store that is run again while the database is away; the same must hold for it."""

    @wraps(work)
    async def repeated(*arguments: P.args, **named: P.kwargs) -> T:
        return await retry_while_away(lambda: work(*arguments, **named))

    return repeated


def first_line(error: BaseException) -> str:
    """What a database error says, for logs and operators, and never what a row holds.

    Postgres quotes values in its detail, in its context lines, and in the first line too where it could not read a
    value: what a statement met is told in our own words. An error that wraps one of the database is told by that one.
    """
    cause = error.__cause__
    if isinstance(cause, psycopg.Error) and not isinstance(error, psycopg.Error):
        error = cause
    if isinstance(error, psycopg.Error) and is_of_server(error):
        return name_refusal(error)
    return str(error).partition("\n")[0] or type(error).__name__
