"""What one worker does for all, as long as it leads: recovery, sweeps, counts, retention. Others soon replace it."""

import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from gateway.config.settings import Settings
from gateway.database.lead import ASKED, Lead
from gateway.database.pool import Pool
from gateway.database.retention import Retention
from gateway.database.shared_line.leaders import Leaders
from gateway.jobs.predecessor import close_stale
from gateway.telemetry.metrics.readings import count_for_all
from gateway.worker.presence import Presence
from gateway.worker.recovery import Recovery

LONGEST_ASK_SECONDS: Final = 2.4  # the others hear of a term on their line, which has to last from trip to trip
RETENTION_SECONDS: Final = 3600.0
LOOK_SECONDS: Final = 60.0  # whether retention is due, and for jobs that the service before this one left open

Periodic = tuple[str, float, Callable[[], Awaitable[object]]]  # name, seconds between turns, one turn


@dataclass(slots=True)
class Upkeep:
    """One a worker; who leads, works."""

    lead: Lead
    leaders: Leaders
    pool: Pool
    settings: Settings
    recovery: Recovery
    presence: Presence
    retained_at: float = field(default=float("-inf"))  # when retention last ran here
    left: bool = False

    def tasks(self) -> Iterator[Periodic]:
        """Each to be repeated."""
        yield "lead", self.lead.every_seconds, self.ask
        yield "recover", self.settings.heartbeat_seconds, self.led(self.recovery.look)
        if every := self.settings.metrics_count_seconds:
            yield "counts", every, self.led(self.count)
        yield "retention", LOOK_SECONDS, self.led(self.tidy)

    async def ask(self) -> None:
        """Keep the lead, or take it where nobody is known to have it. Raises psycopg's errors."""
        if not self.left and self.leaders.elsewhere(self.lead.work, self.lead.name) is None:
            await self.lead.ask()

    async def leave(self) -> None:
        """Let others lead from now on: this worker ends."""
        self.left = True
        await self.lead.leave()

    def led(
        self, work: Callable[[], Awaitable[object]], otherwise: Callable[[], None] = lambda: None
    ) -> Callable[[], Awaitable[object]]:
        """The work, where this process leads."""

        async def work_if_leading() -> None:
            if self.lead.held:
                await work()
            else:
                otherwise()

        return work_if_leading

    async def count(self) -> None:
        """What each process's scrape reads. Raises psycopg's errors."""
        await count_for_all(self.pool, self.settings.stalled_after_seconds, self.settings.metrics_count_seconds)

    async def tidy(self) -> None:
        """Remove what is old, once an hour, and close what the service before this one left open."""
        await close_stale(self.pool, self.settings.legacy_job_seconds)
        await self.presence.forget_silent(3 * self.settings.stalled_after_seconds)
        if time.monotonic() - self.retained_at >= RETENTION_SECONDS:
            await Retention(self.pool, self.settings).apply()
            self.retained_at = time.monotonic()


def open_lead(pool: Pool, name: str, settings: Settings) -> Lead:
    """The lead of upkeep: asked for so often that a leader that died is replaced before its jobs count as stalled."""
    return Lead(pool, "upkeep", name, ASKED * min(LONGEST_ASK_SECONDS, settings.heartbeat_seconds / 2))
