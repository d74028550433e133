"""What a vendor module opens: a model, what to call it, and how to hang up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

M = TypeVar("M")

Close = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Connection(Generic[M]):
    """An open connection to one model of a vendor. `name` is "vendor:model"."""

    model: M
    name: str
    close: Close
