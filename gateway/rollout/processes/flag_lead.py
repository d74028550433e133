"""Of all processes one asks Unleash every second. What it sees it leaves for the others, who ask when that is new.

Whoever cannot reach Unleash does not lead, and a process that does not hear of a leader asks Unleash itself: nobody's
flags grow old because another process, or the database, is away.
"""

import asyncio
import contextlib
import os
import socket
import time
import uuid
from typing import Final

from flags.model import FlagState
from flags.overridable import OverridableSource
from gateway.database.end_tasks import end_tasks
from gateway.database.lead import Lead
from gateway.database.pool import Pool
from gateway.database.retry import DATABASE_ERRORS
from gateway.database.shared_line.leaders import Leaders
from gateway.rollout.history import announce

TERM_SECONDS: Final = 4.4  # lasts from trip to trip of a line that tells who leads, and with a look is less than five
LOOK_SECONDS: Final = 0.4  # asks the database only where this process leads, or does not know who does
WORK: Final = "flags"


class FlagLead:
    """One a process. `led_elsewhere` is what its flag source goes by."""

    def __init__(self, pool: Pool, leaders: Leaders, name: str | None = None) -> None:
        """`leaders`: what the process's line tells."""
        self._pool = pool
        self._leaders = leaders
        name = name or f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
        self._lead = Lead(pool, WORK, name, TERM_SECONDS)
        self._elsewhere_until = 0.0
        self._changed = asyncio.Event()
        self._told: str | None = None  # the revision that the others know of
        self._task: asyncio.Task[None] | None = None

    def led_elsewhere(self) -> bool:
        """Did another process lead lately?"""
        return time.monotonic() < self._elsewhere_until

    def start(self, flags: OverridableSource) -> None:
        """Take part until `stop`."""
        flags.subscribe(self._heed)
        self._task = asyncio.create_task(self._run(flags), name="flags-lead")

    async def stop(self) -> None:
        """Let somebody else lead."""
        if self._task is not None:
            await end_tasks([self._task])
            await self._lead.leave()

    def _heed(self, before: FlagState, after: FlagState) -> None:
        if before.revision != after.revision:
            self._changed.set()

    async def _run(self, flags: OverridableSource) -> None:
        while True:
            self._changed.clear()
            with contextlib.suppress(*DATABASE_ERRORS):
                await self.look(flags)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._changed.wait()

    async def look(self, flags: OverridableSource) -> None:
        """Lead, or follow who does. Raises psycopg's errors."""
        state = flags.state()
        if not state.healthy:
            self._elsewhere_until = 0.0
            await self._lead.leave()
        elif (leader := self._leaders.elsewhere(WORK, self._lead.name)) is not None:
            self._elsewhere_until = leader.until
            await self._follow(flags, leader.seen)
        elif await self._lead.ask(state.revision):
            self._elsewhere_until = 0.0
            if self._told not in {None, state.revision}:
                async with self._pool.connection() as connection:
                    await announce(connection)
            self._told = state.revision
        elif self._lead.seen is not None:
            self._elsewhere_until = time.monotonic() + TERM_SECONDS
            await self._follow(flags, self._lead.seen)

    async def _follow(self, flags: OverridableSource, seen: str | None) -> None:
        """Ask Unleash when the leader saw something else."""
        self._told = seen
        if seen is not None and seen != flags.state().revision:
            await flags.refresh()
