"""One part of a page that could not be read: it says so, and the other parts stand."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Final, TypeVar

import psycopg

from flags.change.errors import ControlError
from gateway.database.reads import ReadTooLong
from gateway.database.retry import first_line
from gateway.web.console.cached import QUICK, CachedReads, Rhythm, StillReading

Value = TypeVar("Value")
EXPECTED: Final = (psycopg.Error, ReadTooLong, ControlError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Unread:
    """Which part, and why it could not be read."""

    which: str
    what: str
    again: bool = False  # it is being read, and will be there when the page is asked for again

    @property
    def says(self) -> str:
        return f"{self.which}: being read." if self.again else f"{self.which} could not be read: {self.what}."


async def read_part(
    cached: CachedReads,
    which: str,
    key: Hashable,
    load: Callable[[], Awaitable[Value]],
    rhythm: Rhythm = QUICK,
) -> Value | Unread:
    """The part, or why it is not there. An unexpected failure is raised."""
    try:
        return (await cached.get(key, load, rhythm)).value
    except StillReading:
        return Unread(which, "it takes longer than usual", again=True)
    except EXPECTED as error:
        return Unread(which, first_line(error))
