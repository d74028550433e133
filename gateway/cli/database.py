"""The database that the settings name, opened for one command; it is never created by a command that only reads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import psycopg

from gateway.cli.errors import MISSING, START_HERE, UNREACHABLE, USAGE, CommandError
from gateway.config.settings import Settings
from gateway.database.embedded_postgres import EmbeddedPostgresError
from gateway.database.migrations import MigrationError
from gateway.database.pool import Database, open_database
from gateway.database.reads import Reads, ReadTooLong
from gateway.database.retry import AWAY, first_line
from gateway.language.choice import LanguageConfigError
from gateway.telemetry.tracing.opening import TracingConfigError
from pipelines.registry import BrokenPipeline

T = TypeVar("T")
READ_SECONDS = 20.0  # whoever waits at a terminal holds no place of a process that serves


def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Run `work` on the open database. Raises CommandError when there is none or it does not answer."""

    async def run() -> T:
        async with existing_database(settings) as database:
            return await work(database)

    return asyncio.run(run())


def with_reads(settings: Settings, work: Callable[[Reads], Awaitable[T]]) -> T:
    """Run what only reads, each statement limited in time. Raises CommandError as `with_database`."""
    return with_database(settings, lambda database: work(Reads(database.pool, READ_SECONDS)))


@asynccontextmanager
async def existing_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, which must hold a gateway's tables already."""
    if settings.database_url is None and not (settings.data_dir / "postgres").is_dir():
        raise CommandError(
            f"there is no gateway state {START_HERE.format(settings.data_dir.absolute())} or DATABASE_URL", MISSING
        )
    with explain_start_failures():
        database = await open_at_once(settings)
        try:
            yield database
        finally:
            await database.close()


async def open_at_once(settings: Settings) -> Database:
    """Open the database; one that is away is told after one attempt, with its reason, instead of being waited for."""
    if settings.database_url is not None:
        seconds = max(2, round(settings.database_timeout_seconds))
        url = settings.database_url.get_secret_value()
        await (await psycopg.AsyncConnection.connect(url, connect_timeout=seconds)).close()
    return await open_database(settings)


@contextmanager
def explain_start_failures() -> Iterator[None]:
    """Turn what keeps a process from starting, or a database from being used, into one clear line."""
    try:
        yield
    except (BrokenPipeline, LanguageConfigError, MigrationError, TracingConfigError) as error:
        raise CommandError(str(error)) from None
    except ReadTooLong as error:
        raise CommandError(str(error)) from None
    except EmbeddedPostgresError as error:
        raise CommandError(str(error), UNREACHABLE) from None
    except psycopg.errors.UndefinedTable:
        raise CommandError("the database has no gateway tables yet: run `gateway migrate`", MISSING) from None
    except psycopg.ProgrammingError as error:
        if error.sqlstate is not None:  # not of the address, but of a statement: a fault of ours
            raise
        reason = str(error).partition("\n")[0]  # told by the library: no server has been asked
        raise CommandError(f"DATABASE_URL: {reason}", USAGE) from None
    except AWAY as error:
        raise CommandError(f"the database does not answer: {first_line(error)}", UNREACHABLE) from None
