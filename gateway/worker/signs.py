"""A worker's signs of life: for its queue, and for whoever counts workers. They ride on the process's line."""

import time
from dataclasses import dataclass

from gateway.database.pool import Connection
from gateway.database.shared_line.line import Heed
from gateway.jobs.queue.job_queue import JobQueue
from gateway.worker.presence import Presence

EARLY_SECONDS = 1.0  # a trip that comes a little before the next sign is due takes it along


@dataclass(slots=True)
class SignsOfLife:
    """Given every `seconds`: by a trip of the line, or, when it is down, over the pool."""

    queue: JobQueue[Connection]
    presence: Presence
    seconds: float
    given_at: float = float("-inf")
    channels: tuple[str, ...] = ()

    def heard(self, channel: str) -> bool:  # noqa: ARG002 - no channels
        return False

    async def ask(self, connection: Connection) -> Heed:
        """With the line's questions, when it is time."""
        began = time.monotonic()
        due = began - self.given_at >= self.seconds - EARLY_SECONDS
        if due:
            await self.queue.keep_alive(connection)
            await self.presence.beat(connection)

        async def heed(_connection: Connection) -> None:
            if due:
                self.given_at = began

        return heed

    async def give(self) -> None:
        """Unless the line did. Raises psycopg's errors."""
        began = time.monotonic()
        if began - self.given_at >= self.seconds:
            await self.queue.keep_alive()
            await self.presence.beat()
            self.given_at = began
