"""How commands print: Rich for people, one JSON document for programs, plain lines when nobody is watching."""

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from gateway.cli.table import table_lines

if TYPE_CHECKING:
    from rich.console import Console

NOTHING = "-"
NO_LETTER = "\N{REPLACEMENT CHARACTER}"  # what would move the cursor or colour the screen
WIDE = 100_000  # columns, where lines are read by programs


def console() -> "Console":
    """The terminal as it is now (tests and pipes replace it)."""
    from rich.console import Console

    return Console(soft_wrap=True, highlight=False)


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
    """A table as wide as the terminal; where nobody watches, one line a row."""
    cells = [[cell(value) for value in row] for row in rows]
    for line in (*([] if title is None else [title]), *table_lines(columns, cells, screen_width())):
        say(line)


def screen_width() -> int:
    """How many columns a line may have."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE


def print_fields(fields: Mapping[str, Any]) -> None:
    """Name and value, a line each."""
    width = max((len(name) for name in fields), default=0)
    for name, value in fields.items():
        console().print(f"{name:<{width}}  {cell(value)}", markup=False)


def cell(value: Any) -> str:
    """A value as a person reads it in a table."""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:g}"
    return "".join(letter if letter.isprintable() else NO_LETTER for letter in str(value))
