"""Migrations: forward-only SQL files, each applied once, in the order of their names, in its own transaction.

Each must be safe while the previous version of the gateway still runs. The job engine's own schema is applied here
too: whole on a new database, then by the migrations that its package brings. Its `_post_` migrations remove what the
previous version needs, so they wait for `after_deploy=True`.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from procrastinate.schema import SchemaManager

from gateway.database.drift import find_drift
from gateway.database.pool import Connection, Database
from gateway.database.refusal import name_refusal
from gateway.database.rights.close import close

HERE = Path(__file__).parent
LOCK = 7_316_402_115  # the advisory lock of migrations; any number that nobody else uses
PREFIX = "procrastinate/"
AFTER_DEPLOY = re.compile(r"^procrastinate/.*_post_")

_BOOK = """
create schema if not exists gateway;
create table if not exists gateway.schema_migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
);
"""


class MigrationError(Exception):
    """The database and the files do not fit each other; the message names the file."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `name` is what is recorded, `after_deploy` says that it must wait for the old version to be gone."""

    name: str
    sql: str
    after_deploy: bool = False

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Pending:
    """What `migrate --check` tells: names to apply now, and names that wait until the old version is gone."""

    now: tuple[str, ...]
    after_deploy: tuple[str, ...]


async def migrate(database: Database, *, after_deploy: bool = False) -> tuple[str, ...]:
    """Apply what is missing; return the names applied, in order.

    Any number of processes may call it at once. Raises `MigrationError` when an applied file has changed since.
    """
    applied: list[str] = []
    async with database.pool.connection() as connection:
        encoding = await _one(connection, "select current_setting('server_encoding')")
        if encoding != "UTF8":
            raise MigrationError(
                f"DATABASE_URL: the database's encoding is {encoding}, and users write in all scripts: "
                "make one with `createdb --encoding UTF8 --template template0`"
            )
        await _check_app(connection)
        try:
            await _create_book(connection)
            await _install_engine(connection, applied)
        except psycopg.errors.InsufficientPrivilege as error:
            role = await _one(connection, "select current_user")
            raise MigrationError(
                f"DATABASE_URL: the role {role} may not make the gateway's tables ({name_refusal(error)}): "
                "migrate as the database's owner, or as a role that may create in it and in its schema public"
            ) from error
        for migration in await _missing(connection):
            if after_deploy or not migration.after_deploy:
                await _apply(connection, migration, applied)
        await _settle(connection, changed=bool(applied))
    return tuple(applied)


async def _check_app(connection: Connection) -> None:
    """Before the very first migration: the app's tables have the columns that migrations refer to."""
    if await _one(connection, "select to_regclass('gateway.schema_migrations')") is not None:
        return
    if missing := [drift for drift in await find_drift(connection) if " has no column " in drift.what]:
        mend = "".join(f"\n  {drift.statement};" for drift in missing)
        raise MigrationError(f"{'; '.join(drift.what for drift in missing)}. This mends it:{mend}")


async def _settle(connection: Connection, *, changed: bool) -> None:
    """What holds after any migration, and is put right at each start: nothing of ours is open to others."""
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        if changed:
            await connection.execute((HERE / "settle_engine.sql").read_text(encoding="utf-8"))
        await close(connection)


async def check(database: Database) -> Pending:
    """What `migrate` would apply. Changes nothing. Raises `MigrationError` as `migrate` does."""
    async with database.pool.connection() as connection:
        if await _one(connection, "select to_regclass('gateway.schema_migrations')") is None:
            return Pending(tuple(migration.name for migration in own_migrations()), ())
        missing = await _missing(connection)
    return Pending(
        tuple(migration.name for migration in missing if not migration.after_deploy),
        tuple(migration.name for migration in missing if migration.after_deploy),
    )


def own_migrations() -> list[Migration]:
    """The numbered files of this folder, in order."""
    return [Migration(path.name, path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("[0-9]*.sql"))]


def engine_migrations() -> list[Migration]:
    """The job engine's migrations that the installed package brings, in order."""
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    named = ((PREFIX + path.name, path.read_text(encoding="utf-8")) for path in files)
    return [Migration(name, sql, bool(AFTER_DEPLOY.match(name))) for name, sql in named]


async def _create_book(connection: Connection) -> None:
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        if await _one(connection, "select to_regclass('gateway.schema_migrations')") is None:
            await connection.execute(_BOOK)


async def _install_engine(connection: Connection, applied: list[str]) -> None:
    """On a database without the job engine: its present schema at once, which counts as all of its migrations."""
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        if await _one(connection, "select to_regclass('public.procrastinate_jobs')") is None:
            await connection.execute(SchemaManager.get_schema())
            await close(connection)
            await _record(connection, engine_migrations())
            applied.append(f"{PREFIX}schema.sql")
        elif not await _one(
            connection, "select count(*) from gateway.schema_migrations where starts_with(name, %s)", PREFIX
        ):
            raise MigrationError(
                "this database has Procrastinate's tables, but not from this gateway: use a database of its own"
            )


async def _apply(connection: Connection, migration: Migration, applied: list[str]) -> None:
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        known = "select 1 from gateway.schema_migrations where name = %s"
        if await _one(connection, known, migration.name):
            return  # another process was faster
        try:
            await connection.execute(migration.sql)
        except psycopg.Error as error:
            raise MigrationError(f"{migration.name}: {name_refusal(error)}") from error
        await close(connection)  # with it, not after it: nobody finds a new table open
        await _record(connection, [migration])
    applied.append(migration.name)


async def _missing(connection: Connection) -> Sequence[Migration]:
    cursor = await connection.execute("select name, checksum from gateway.schema_migrations")
    recorded: dict[str, str] = dict(await cursor.fetchall())
    known = [*engine_migrations(), *own_migrations()]
    for migration in known:
        if recorded.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationError(f"{migration.name} was applied and has changed since: add a new file instead")
    return [migration for migration in known if migration.name not in recorded]


async def _record(connection: Connection, migrations: Iterable[Migration]) -> None:
    cursor = connection.cursor()
    await cursor.executemany(
        "insert into gateway.schema_migrations (name, checksum) values (%s, %s)",
        [(migration.name, migration.checksum) for migration in migrations],
    )


async def _one(connection: Connection, query: str, *arguments: Any) -> Any:
    cursor = await connection.execute(query, arguments)
    row = await cursor.fetchone()
    return row[0] if row else None
