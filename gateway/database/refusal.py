"""What the database refused, in our words: the kind of error and names of the schema, never what a row holds."""

import re
import traceback
from collections.abc import Iterator

import psycopg

# The only parts of Postgres' own text that are used: names that stand in a statement of ours, in class 42 of errors.
_COLUMN = re.compile(r'column "?([A-Za-z_][\w.]*)"?(?: of relation "([A-Za-z_]\w*)")? does not exist')
_OBJECT = re.compile(r'(?:relation|type|schema|for (?:table|schema|sequence|view|function)) "?([A-Za-z_][\w.]*)"?')


def name_refusal(error: psycopg.Error) -> str:
    """Such as `CheckViolation (user_profiles.user_profiles_import_status_check)`."""
    where = ".".join(_names(error))
    return f"{type(error).__name__} ({where})" if where else type(error).__name__


def _names(error: psycopg.Error) -> Iterator[str]:
    diagnosed = error.diag
    if diagnosed.table_name:
        yield diagnosed.table_name
        if name := diagnosed.constraint_name or diagnosed.column_name:
            yield name
    elif (error.sqlstate or "").startswith("42"):
        text = str(error).partition("\n")[0]
        if column := _COLUMN.search(text):
            yield from filter(None, (column[2], column[1]))
        elif found := _OBJECT.search(text):
            yield found[1]


def is_of_server(error: BaseException) -> bool:
    """Is it an answer of the server to a statement? Its text may quote values; that of a lost connection never does."""
    passing = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return isinstance(error, psycopg.Error) and not passing


def format_error(error: BaseException) -> str:
    """Error and causes with their traces, as Python prints them; of the database's, what `name_refusal` says."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return "\n\n".join(_format_one(one) for one in reversed(chain))


def _format_one(error: BaseException) -> str:
    trace = "".join(traceback.format_tb(error.__traceback__))
    said = name_refusal(error) if isinstance(error, psycopg.Error) else f"{type(error).__name__}: {error}"
    inner = (
        "".join(f"\n{format_error(one)}" for one in error.exceptions) if isinstance(error, BaseExceptionGroup) else ""
    )
    return f"Traceback (most recent call last):\n{trace}{said}{inner}"
