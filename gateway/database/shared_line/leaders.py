"""Who leads what, as the process knows from its line: who sees that another leads does not ask for the lead."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.database.pool import Connection, load_sql
from gateway.database.shared_line.line import Heed

SQL: Final = load_sql(Path(__file__).with_name("leaders.sql"))


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads one kind of work. `until`: by this process's monotonic clock, in seconds."""

    name: str
    until: float
    seen: str | None = None  # what it left for the others


class Leaders:
    """One a process; a rider of its line."""

    channels = ()

    def __init__(self) -> None:
        self._known: dict[str, Leader] = {}  # by work

    def heard(self, channel: str) -> bool:  # noqa: ARG002 - no channels
        return False

    async def ask(self, connection: Connection) -> Heed:
        began = time.monotonic()
        cursor = await connection.execute(SQL["leaders"])

        async def heed(_connection: Connection) -> None:
            self._known = {
                work: Leader(name, began + seconds, seen) for work, name, seconds, seen in await cursor.fetchall()
            }

        return heed

    def elsewhere(self, work: str, name: str) -> Leader | None:
        """Who leads, where another than `name` does, as far as is known. Its term may be longer by now, never shorter,
        unless it left: then the next trip tells."""
        leader = self._known.get(work)
        lasts = leader is not None and leader.name != name and time.monotonic() < leader.until
        return leader if lasts else None
