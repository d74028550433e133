"""What is told of a statement that the database refused: kinds and names of the schema, and no word of a row."""

import io
import logging
from typing import Any

import psycopg
import pytest
from psycopg import errors

from gateway.database.pool import Connection, Database
from gateway.database.refusal import format_error, is_of_server, name_refusal
from gateway.database.retry import first_line
from gateway.telemetry.log import LibraryFormatter, format_exc_info

SECRET = "words of a user"
SETUP = """
create table public.one (id int primary key, word text not null check (word <> 'words of a user'), small smallint);
create function public.shout() returns trigger language plpgsql as $$
    begin raise exception '% is here', new.word; end $$;
create table public.two (word text); create trigger shout before insert on two for each row execute function shout();
create table public.three (word text unique); insert into three values ('words of a user');
create table public.four (word text references three (word));
create unique index on public.four (lower(word));
"""
REFUSED: dict[str, tuple[str, str]] = {
    "check": ("insert into one values (1, %(s)s)", "CheckViolation (one.one_word_check)"),
    "not null": ("insert into one (id, word, small) values (7, null, length(%(s)s))", "NotNullViolation (one.word)"),
    "unique": ("insert into three values (%(s)s)", "UniqueViolation (three.three_word_key)"),
    "foreign key": ("insert into four values (%(s)s || '!')", "ForeignKeyViolation (four.four_word_fkey)"),
    "trigger": ("insert into two values (%(s)s)", "RaiseException"),
    "value": ("select %(s)s::text::uuid", "InvalidTextRepresentation"),
    "json": ("select %(s)s::text::jsonb", "InvalidTextRepresentation"),
    "range": ("update one set small = 1 + 40000 * length(%(s)s); select 40000::smallint", "NumericValueOutOfRange"),
    "column": ("insert into one (id, gone) values (1, %(s)s)", "UndefinedColumn (one.gone)"),
    "column of an alias": ("select o.gone from one o where word = %(s)s", "UndefinedColumn (o.gone)"),
    "table": ("select * from gone where word = %(s)s", "UndefinedTable (gone)"),
    "function": ("select gone(%(s)s::text)", "UndefinedFunction"),
    "syntax": ("selekt 'words of a user' where %(s)s = ''", "SyntaxError"),
    "rights": ("set role nobody_here; insert into one values (1, %(s)s)", "InsufficientPrivilege (one)"),
}


async def test_every_kind_of_refusal_is_named_without_the_row(database: Database) -> None:
    async with database.pool.connection() as connection:
        await connection.execute(SETUP)
        await connection.execute("create role nobody_here")
        try:
            for statement, expected in REFUSED.values():
                error = await refusal_of(connection, statement)
                assert is_of_server(error), statement
                told = [name_refusal(error), first_line(error), format_error(error)]
                assert told[:2] == [expected, expected]
                wrapped = wrap(error)
                told += [logged(wrapped), str(format_exc_info(None, "error", {"exc_info": wrapped}))]
                assert not any(SECRET in text or "DETAIL" in text or "does not exist" in text for text in told), told
                assert all(expected in text for text in told)
        finally:
            await connection.execute("reset role; drop role nobody_here")


async def refusal_of(connection: Connection, statement: str) -> psycopg.Error:
    try:
        async with connection.transaction():
            for part in statement.split("; "):
                await connection.execute(part, {"s": SECRET} if "%(s)s" in part else None)
    except psycopg.Error as error:
        return error
    raise AssertionError(statement)


def wrap(error: psycopg.Error) -> Exception:
    """As the job engine wraps errors, and a group of tasks."""
    try:
        try:
            raise error
        except psycopg.Error as cause:
            raise RuntimeError("it broke") from cause
    except RuntimeError as outer:
        return ExceptionGroup("several", [outer])


def logged(error: Exception) -> str:
    """As a library's own logging writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LibraryFormatter(logging.BASIC_FORMAT))
    record: Any = logging.LogRecord("library", logging.ERROR, "", 0, "broke", None, (type(error), error, None))
    handler.emit(record)
    return stream.getvalue()


@pytest.mark.parametrize("kind", [errors.AdminShutdown, errors.QueryCanceled, psycopg.InterfaceError])
def test_a_server_that_goes_away_refuses_nothing(kind: type[psycopg.Error]) -> None:
    assert not is_of_server(kind("terminating connection"))


def test_other_errors_are_told_with_their_causes() -> None:
    try:
        try:
            int("inner")
        except ValueError:
            dict[str, str]()["outer"]
    except KeyError as error:
        told = format_error(error)
    assert told.index("ValueError: invalid literal") < told.index("KeyError: 'outer'")
    assert "test_refusal.py" in told
