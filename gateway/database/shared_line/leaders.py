"""Who leads what, as the process knows from its line: who sees that another leads does not ask for the lead."""

import time
from pathlib import Path
from typing import Final

from gateway.database.pool import Connection, load_sql
from gateway.database.shared_line.line import Heed

SQL: Final = load_sql(Path(__file__).with_name("leaders.sql"))


class Leaders:
    """One a process; a rider of its line."""

    channels = ()

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, float]] = {}  # by work: who, and until when by our clock

    def heard(self, channel: str) -> bool:  # noqa: ARG002 - no channels
        return False

    async def ask(self, connection: Connection) -> Heed:
        began = time.monotonic()
        cursor = await connection.execute(SQL["leaders"])

        async def heed(_connection: Connection) -> None:
            self._known = {work: (name, began + seconds) for work, name, seconds in await cursor.fetchall()}

        return heed

    def led_elsewhere(self, work: str, name: str) -> bool:
        """Does another than `name` lead, as far as is known? Its term may be longer by now, never shorter, unless it
        left: then the next trip tells."""
        leader, until = self._known.get(work, (name, 0.0))
        return leader != name and time.monotonic() < until
