"""What counts as the database being away, and what its errors say."""

import psycopg
import psycopg_pool
import pytest
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.exceptions import ConnectorException
from psycopg import errors

from gateway.database.pool import Database
from gateway.database.retry import AWAY, DATABASE_ERRORS, first_line

PASSES = [
    errors.AdminShutdown,
    errors.CannotConnectNow,
    errors.ReadOnlySqlTransaction,
    errors.TooManyConnections,
    psycopg.InterfaceError,
    psycopg_pool.PoolTimeout,
    ConnectionResetError,
    TimeoutError,
]
STAYS = [errors.CheckViolation, errors.UndefinedTable, errors.UntranslatableCharacter, errors.SyntaxError]


@pytest.mark.parametrize("kind", PASSES)
def test_what_passes_by_itself_is_away(kind: type[Exception]) -> None:
    assert issubclass(kind, AWAY)
    assert issubclass(kind, DATABASE_ERRORS)


@pytest.mark.parametrize("kind", STAYS)
def test_what_would_fail_again_is_not_away(kind: type[Exception]) -> None:
    assert not issubclass(kind, AWAY)
    assert issubclass(kind, DATABASE_ERRORS)


def test_a_full_disk_of_ours_is_not_the_database() -> None:
    assert not issubclass(OSError, AWAY)


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=4))
def test_a_value_that_could_not_be_read_is_never_shown(value: str) -> None:
    shown = first_line(errors.InvalidTextRepresentation(f'invalid input syntax for type uuid: "<<{value}>>"\nLINE 1'))
    assert shown == "InvalidTextRepresentation"


READERS = ["select %s::text::int", "select %s::text::uuid", "select %s::text::timestamptz", "select %s::text::jsonb"]


@pytest.mark.parametrize("statement", READERS)
async def test_postgres_quotes_what_it_cannot_read_and_we_do_not(database: Database, statement: str) -> None:
    async with database.pool.connection() as connection:
        with pytest.raises(psycopg.DataError) as failure:
            await connection.execute(statement, ["secret"])
    assert "secret" in str(failure.value)
    assert "secret" not in first_line(failure.value)


async def test_a_row_that_breaks_a_rule_is_not_shown(database: Database) -> None:
    async with database.pool.connection() as connection:
        await connection.execute("create temp table one (word text primary key)")
        await connection.execute("insert into one values ('my secret memory')")
        with pytest.raises(errors.UniqueViolation) as failure:
            await connection.execute("insert into one values ('my secret memory')")
    assert first_line(failure.value) == "UniqueViolation (one.one_pkey)"


def test_an_error_that_wraps_one_of_the_database_is_told_by_that_one() -> None:
    wrapping = ConnectorException()
    wrapping.__cause__ = errors.AdminShutdown("terminating connection\nserver closed it")
    assert first_line(wrapping) == "terminating connection"
    assert first_line(TimeoutError()) == "TimeoutError"
