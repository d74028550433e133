"""How a moment in the past is asked for in a query: an age, or a date."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from fastapi.exceptions import RequestValidationError

from gateway.config.moments import EVER, end_of, parse_since

Until = Annotated[str | None, Query(description="before then; of `yesterday`, else the day's end", max_length=40)]
Since = Annotated[str | None, Query(description="7d, 24h, 90m, 20:40, today, yesterday, or a date", max_length=40)]


def end_moment(until: str | None, since: str | None) -> datetime | None:
    """Where it ends; None: now. Raises RequestValidationError."""
    if until is None:
        return None if since is None else end_of(since, datetime.now(UTC))
    if (end := moment_of(until, "until")) <= moment_of(since):
        raise refusal("until", until, f"is not after `since`, {since}")
    return end


def moment_of(since: str | None, field: str = "since") -> datetime:
    """The moment; without one, long before everything. Raises RequestValidationError."""
    try:
        return EVER if since is None else parse_since(since, datetime.now(UTC))
    except (ValueError, OverflowError):
        problem = "neither an age (7d, 24h, 90m), a day (today, yesterday), a time (20:40) nor a date"
        raise refusal(field, since, problem) from None


def refusal(field: str, said: str | None, problem: str) -> RequestValidationError:
    """Of one field of the query."""
    error = {"type": "value_error", "loc": ("query", field), "msg": f"Value error, {problem}", "input": said}
    return RequestValidationError([error])
