"""Rows as lines of text that fit a width: as a table, with the texts of its last column wrapped, or with lines below.

Ids are never cut. What does not fit beside them stands below its row, by name.
"""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, Final

GAP = "  "
WHOLE_WORDS: Final[dict[str, Any]] = {"break_long_words": False, "break_on_hyphens": False}
LEAST_TEXT = 24  # characters of a column that is wrapped; with less, nobody reads it


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """The heading and the rows. Every line is at most `width` characters long, but where one cell is longer."""
    widths = [max(len(cell) for cell in column) for column in zip(columns, *rows, strict=True)]
    fitting = how_many_fit(widths, width)
    left = width - sum(widths[:-1]) - len(GAP) * (len(widths) - 1)
    if fitting == len(columns):
        yield from (aligned(row, widths) for row in (columns, *rows))
    elif fitting == len(columns) - 1 and left >= LEAST_TEXT:
        yield from (line for row in (columns, *rows) for line in wrapped(row, widths, left))
    else:
        yield aligned(columns[:fitting], widths)
        for row in rows:
            yield aligned(row[:fitting], widths)
            yield from below(columns[fitting:], row[fitting:], width)


def how_many_fit(widths: Sequence[int], width: int) -> int:
    """How many columns fit side by side; one always stands."""
    used, count = 0, 0
    for column in widths:
        used += column + (len(GAP) if count else 0)
        if used > width:
            break
        count += 1
    return max(count, 1)


def aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One line, each cell in its column."""
    return GAP.join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=False)).rstrip()


def wrapped(cells: Sequence[str], widths: Sequence[int], text_width: int) -> Iterator[str]:
    """A row whose last cell goes over several lines."""
    lines = textwrap.wrap(cells[-1], text_width, **WHOLE_WORDS) or [""]
    empty = [""] * (len(cells) - 1)
    for number, text in enumerate(lines):
        yield aligned([*(empty if number else cells[:-1]), text], widths)


def below(names: Sequence[str], cells: Sequence[str], width: int) -> Iterator[str]:
    """What did not fit, by name; what is empty is left out."""
    told = [f"{name} {cell}" for name, cell in zip(names, cells, strict=True) if cell not in ("", "-")]
    if told:
        indent = " " * 4
        yield from textwrap.wrap(", ".join(told), width, initial_indent=indent, subsequent_indent=indent, **WHOLE_WORDS)
