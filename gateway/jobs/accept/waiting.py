"""A request between its decision and its commit: how long it may wait, and what it is answered."""

import asyncio
from collections.abc import Iterable
from typing import Final

import msgspec

from gateway.errors import Unavailable
from gateway.jobs.accept.rows import NewJob, Row

ACCEPT_SECONDS: Final = 1.8  # an accept is answered within 2 s, whatever the database does
INLINE_BYTES_PER_SECOND: Final = 10_000_000
RETRY_AFTER_SECONDS: Final = 30


class Accepted(msgspec.Struct, frozen=True):
    """The committed job. `joined`: it was already under way for the same request, with the pipeline it got then."""

    job_id: str
    pipeline: str
    joined: bool


class Waiting(msgspec.Struct, frozen=True, eq=False):
    """A request between its decision and its commit."""

    new: NewJob
    row: Row
    deadline: float  # on the loop's clock
    answer: "asyncio.Future[Accepted]"
    same: "list[asyncio.Future[Accepted]]"  # answers to the same request, which came meanwhile


def rows_of(batch: Iterable[Waiting]) -> list[Row]:
    """The rows in one order of users everywhere: two processes waiting for each other's rows would be a deadlock.

    One user's stay in the order in which they came.
    """
    return sorted((waiting.row for waiting in batch), key=user_of)


def user_of(row: Row) -> str:
    """Whose it is."""
    return row.user_id


def no_answer() -> Unavailable:
    """What a caller is told when time is up: whether it was committed is not known, so nothing is promised."""
    return Unavailable("the database does not answer", RETRY_AFTER_SECONDS)


def seconds_for(new: NewJob) -> float:
    """How long an accept may take: under 2 s, and more for an export that travels along."""
    return ACCEPT_SECONDS + len(new.inline or b"") / INLINE_BYTES_PER_SECOND
