"""How commands print: Rich for people, one JSON document for programs, plain lines when nobody is watching."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from rich.console import Console

NOTHING = "-"
WIDE = 1000  # columns: ids are never cut, a narrow terminal wraps the line


def console(width: int | None = None) -> "Console":
    """The terminal as it is now (tests and pipes replace it)."""
    from rich.console import Console

    return Console(soft_wrap=True, highlight=False, width=width)


def say(line: str) -> None:
    """One plain line on standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def warn(line: str) -> None:
    """One plain line on standard error."""
    sys.stderr.write(line + "\n")


def print_json(document: Any) -> None:
    """Write `document` as indented JSON; dates as ISO 8601, ids as text."""
    sys.stdout.write(orjson.dumps(document, default=str, option=orjson.OPT_INDENT_2).decode() + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> None:
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    console(width=WIDE).print(table)


def print_fields(fields: Mapping[str, Any]) -> None:
    """Name and value, a line each."""
    width = max((len(name) for name in fields), default=0)
    for name, value in fields.items():
        console().print(f"{name:<{width}}  {cell(value)}", markup=False)


def cell(value: Any) -> str:
    """A value as a person reads it in a table."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)
