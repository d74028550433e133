"""How a moment in the past is asked for in a query: an age, or a date."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from fastapi.exceptions import RequestValidationError

from gateway.config.moments import EVER, parse_since

Since = Annotated[str | None, Query(description="7d, 24h, 90m, 20:40, today, yesterday, or a date", max_length=40)]


def moment_of(since: str | None) -> datetime:
    """The moment; without one, long before everything. Raises RequestValidationError."""
    try:
        return EVER if since is None else parse_since(since, datetime.now(UTC))
    except (ValueError, OverflowError):
        problem = "neither an age (7d, 24h, 90m), a day (today, yesterday), a time (20:40) nor a date"
        error = {"type": "value_error", "loc": ("query", "since"), "msg": f"Value error, {problem}", "input": since}
        raise RequestValidationError([error]) from None
