"""What a vendor module opens: a model, what to call it, and how to hang up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.language.provider.batches.records import Records

M = TypeVar("M")

CLIENT_SECONDS = 3600.0  # a client's own time-out: out of the way of `calls.retry.CallLimit`, which decides

Close = Callable[[], Awaitable[None]]


class ConnectError(Exception):
    """A connection cannot be opened as configured; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Connection(Generic[M]):
    """An open connection to one model of a vendor. `name` is "vendor:model"; `marks`: whether a prompt may say up to
    where the vendor is to keep it for the next call; `batches`: the vendor's own list of them, where it has such."""

    model: M
    name: str
    close: Close
    marks: bool = False
    batches: Records | None = None
