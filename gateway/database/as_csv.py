"""Rows as CSV, for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(of: "type[DataclassInstance]", rows: "Sequence[DataclassInstance]") -> str:
    """A line of names, then a line a row (RFC 4180). Text that a spreadsheet would run gets a `'` before it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([field.name for field in fields(of)])
    for row in rows:
        writer.writerow([_cell(value) for value in asdict(row).values()])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value.isoformat() if isinstance(value, datetime) else value
